"""Who is written to about what, and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calls import Outcome
from app.domain.coverage import Unmanned
from app.domain.lines import LineKey
from app.domain.mail import MailKind, gathered_at
from app.domain.permissions import Role
from app.services.mail.news import tell_of_gaps, tell_of_untaken_calls
from app.storage.models import Account, Call, OutgoingMail, ToldCall
from tests.services.written_to import AT_TEN, account, lost_call

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.domain.policy import Policy

SKANE = LineKey("skane")
MINUTE = timedelta(minutes=1)


def mails(session: Session) -> list[tuple[str, int | None]]:
    """To whom, about how many, in the order in which they were put in."""
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.queued_at, OutgoingMail.id))
    return [(row.account_id, row.number) for row in rows]


@pytest.mark.parametrize("outcome", Outcome)
def test_managers_hear_of_calls_that_nobody_took_and_of_no_others(
    session: Session, policy: Policy, outcome: Outcome
) -> None:
    account(session, "ett", Role.MANAGER)
    lost_call(session, outcome=outcome)

    made = tell_of_untaken_calls(session, policy, AT_TEN + MINUTE)

    assert made == (outcome in {Outcome.UNANSWERED, Outcome.FAILED})
    assert mails(session) == [("ett", 1)] * made


def test_whoever_reaches_the_line_as_its_manager_is_written_to(session: Session, policy: Policy) -> None:
    account(session, "all-lines", Role.MANAGER, Role.SPECIALIST)
    account(session, "this-line", Role.MANAGER, lines=("skane",))
    account(session, "no-line-of-ours", Role.MANAGER, lines=("skane-natt",))
    account(session, "no-manager", Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR)
    account(session, "another-house", Role.MANAGER, organisation="nationell")
    account(session, "ended", Role.MANAGER).active = False
    session.commit()
    lost_call(session)

    tell_of_untaken_calls(session, policy, AT_TEN + MINUTE)

    assert mails(session) == [("all-lines", 1), ("this-line", 1)]


def test_each_line_has_mail_of_its_own(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.MANAGER)
    account(session, "tva", Role.MANAGER, organisation="nationell")
    for line in ("skane", "nationell", "nationell"):
        lost_call(session, line=line)

    tell_of_untaken_calls(session, policy, AT_TEN + MINUTE)

    assert sorted(mails(session)) == [("ett", 1), ("tva", 2)]


def test_calls_are_gathered_for_a_quarter_of_an_hour(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.MANAGER)

    made = []
    for minute in range(40):
        if minute in {0, 1, 3, 14, 20}:
            lost_call(session, AT_TEN + minute * MINUTE)
        if tell_of_untaken_calls(session, policy, AT_TEN + minute * MINUTE):
            made.append(minute)

    assert made == [0, 15, 30]
    assert mails(session) == [("ett", 1), ("ett", 3), ("ett", 1)]


def test_a_mail_says_when_the_first_and_the_last_of_its_calls_ended(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.MANAGER)
    for minutes in (5, 2, 9):
        lost_call(session, AT_TEN - minutes * MINUTE)

    tell_of_untaken_calls(session, policy, AT_TEN)

    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.begins, mail.ends) == (AT_TEN - 9 * MINUTE, AT_TEN - 2 * MINUTE)
    assert (mail.queued_at, mail.next_try_at, mail.give_up_at) == (AT_TEN, AT_TEN, AT_TEN + timedelta(hours=24))


def test_what_goes_on_or_is_a_day_old_is_told_to_nobody(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.MANAGER)
    lost_call(session).ended_at = None
    session.commit()
    lost_call(session, AT_TEN - timedelta(hours=24))
    lost_call(session, AT_TEN + timedelta(minutes=2))

    assert tell_of_untaken_calls(session, policy, AT_TEN) == 0


def test_a_line_without_managers_has_nobody_to_tell(session: Session, policy: Policy) -> None:
    lost_call(session)

    made = tell_of_untaken_calls(session, policy, AT_TEN)

    assert (made, session.scalars(select(ToldCall)).all()) == (0, [])


def test_a_mail_of_a_clock_that_was_ahead_keeps_nobody_from_being_written_to(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.MANAGER)
    lost_call(session)
    tell_of_untaken_calls(session, policy, AT_TEN)
    lost_call(session, AT_TEN - timedelta(hours=20))

    made = tell_of_untaken_calls(session, policy, AT_TEN - timedelta(hours=19))

    assert made == 1


def test_a_process_that_comes_second_writes_nothing_and_the_call_waits_for_the_next_mail(
    session: Session, policy: Policy
) -> None:
    """Its clock is a little ahead, so that it sees no mail of the last quarter, and yet means the same one."""
    account(session, "ett", Role.MANAGER)
    lost_call(session)
    tell_of_untaken_calls(session, policy, AT_TEN + MINUTE)
    lost_call(session)

    second = tell_of_untaken_calls(session, policy, AT_TEN)
    later = tell_of_untaken_calls(session, policy, AT_TEN + 16 * MINUTE)

    assert (second, later) == (0, 1)
    assert mails(session) == [("ett", 1), ("ett", 1)]


HOURS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(0, 3600)),
        st.tuples(st.just("look"), st.integers(0, 3600)),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=HOURS)
def test_one_mail_for_an_account_a_line_and_a_quarter_of_an_hour_whatever_the_order(
    engine: Engine, policy: Policy, steps: list[tuple[str, int]]
) -> None:
    with Session(engine) as session:
        for table in (OutgoingMail, ToldCall):
            session.query(table).delete()
        if not session.get(Account, "ett"):
            account(session, "ett", Role.MANAGER)
            account(session, "tva", Role.MANAGER)
        session.query(Call).delete()
        session.commit()

    for what, seconds in steps:
        # A session of its own, as another process would have, whose clock needn't be the first one's.
        with Session(engine) as session:
            at = AT_TEN + timedelta(seconds=seconds)
            if what == "call":
                lost_call(session, at)
                session.commit()
            else:
                tell_of_untaken_calls(session, policy, at)

    with Session(engine) as session:
        rows = session.scalars(select(OutgoingMail)).all()
        told = session.scalars(select(ToldCall)).all()
    for reader in ("ett", "tva"):
        own = [row for row in rows if row.account_id == reader]
        assert len({gathered_at(row.queued_at) for row in own}) == len(own)
        assert sum(row.number or 0 for row in own) == len(told)


def test_of_many_processes_at_once_one_writes(engine: Engine, policy: Policy, session: Session) -> None:
    account(session, "ett", Role.MANAGER)
    account(session, "tva", Role.MANAGER)
    for _ in range(3):
        lost_call(session)
    together = Barrier(4)

    def look(seconds: int) -> int:
        with Session(engine) as own:
            together.wait()
            return tell_of_untaken_calls(own, policy, AT_TEN + timedelta(seconds=seconds))

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(look, [0, 1, 0, 1]))

    assert sorted(made) == [0, 0, 0, 2]
    assert mails(session) == [("ett", 3), ("tva", 3)]


# --- open hours with nobody on duty ----------------------------------------------------------------------------------


BEGINS = datetime(2026, 11, 24, 8, tzinfo=UTC)
GAP = Unmanned(BEGINS, BEGINS + timedelta(hours=7))


def test_coordinators_are_warned_once_for_each_stage(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.COORDINATOR)
    account(session, "tva", Role.COORDINATOR, Role.MANAGER, lines=("skane",))
    account(session, "tre", Role.MANAGER)
    account(session, "fyra", Role.COORDINATOR, organisation="nationell")

    minutes_before = (1450, 1440, 1430, 120, 110, 0, -10, -420)
    made = [tell_of_gaps(session, policy, [(SKANE, GAP)], BEGINS - minutes * MINUTE) for minutes in minutes_before]

    assert made == [0, 2, 0, 2, 0, 2, 0, 0]
    rows = session.scalars(select(OutgoingMail)).all()
    assert {row.account_id for row in rows} == {"ett", "tva"}
    assert {(row.kind, row.about, row.number, row.begins, row.ends) for row in rows} == {
        (MailKind.UNMANNED, "skane", None, GAP.begins, GAP.ends)
    }


def test_a_warning_is_of_no_use_once_the_hours_are_over(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.COORDINATOR)

    for ahead in (timedelta(hours=24), timedelta()):
        tell_of_gaps(session, policy, [(SKANE, GAP)], BEGINS - ahead)

    gives_up = session.scalars(select(OutgoingMail.give_up_at).order_by(OutgoingMail.id)).all()
    assert gives_up == [BEGINS, GAP.ends]


def test_two_gaps_are_two_mails(session: Session, policy: Policy) -> None:
    account(session, "ett", Role.COORDINATOR)
    next_one = Unmanned(GAP.begins + timedelta(hours=2), GAP.ends)

    made = tell_of_gaps(session, policy, [(SKANE, GAP), (SKANE, next_one)], BEGINS)

    assert made == 2
