"""On the morning of the last open day before, one mail for each reader; not on closed days, and never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.followups import FollowUpEnd, Moved
from app.domain.mail import MailKind
from app.domain.permissions import Role
from app.services.case import followups
from app.services.mail.due_mail import tell_of_follow_ups
from app.storage.models import Account, AccountRole, DatedHours, OutgoingMail
from tests.services.case.test_cases import ALFA, people
from tests.services.promising import away, leaves, promise, wall
from tests.services.written_to import account

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.domain.policy import Policy

__all__ = ["people"]
TEN_MINUTES = timedelta(minutes=10)


def look_all_day(session: Session, policy: Policy, day: str) -> int:
    """As the job does, every ten minutes; how many mails it made."""
    begins = wall(f"{day}T00:00")
    made = sum(tell_of_follow_ups(session, policy, begins + step * TEN_MINUTES) for step in range(144))
    session.commit()
    return made


def mails(session: Session) -> list[tuple[str, MailKind, int | None, int | None]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(row.account_id, row.kind, row.number, row.overdue) for row in rows]


OWN, ABSENT = MailKind.FOLLOW_UPS, MailKind.ABSENT_FOLLOW_UPS


def test_over_christmas_it_comes_once_on_the_last_open_day_before(session: Session, policy: Policy) -> None:
    promise(session, "2026-12-14")  # due on Monday 28 December
    days = [f"2026-12-{day}" for day in range(21, 31)]

    made = {day: look_all_day(session, policy, day) for day in days}

    assert [day for day, number in made.items() if number] == ["2026-12-23", "2026-12-29"]
    assert mails(session) == [("alfa", OWN, 1, None), ("alfa", OWN, None, 1)]
    first = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first()
    assert first is not None
    assert (first.begins, first.ends) == (wall("2026-12-28T09:00"), wall("2026-12-28T16:00"))
    assert first.queued_at == wall("2026-12-23T07:30")


@pytest.mark.parametrize(
    ("clock", "comes"), [("07:29", False), ("07:30", True), ("12:00", True), ("15:59", True), ("16:00", False)]
)
def test_it_comes_between_the_morning_and_closing_time(
    session: Session, policy: Policy, clock: str, *, comes: bool
) -> None:
    promise(session, "2026-11-09")

    assert tell_of_follow_ups(session, policy, wall(f"2026-11-20T{clock}")) == comes


def test_one_mail_counts_all_of_somebodys_and_nobody_elses(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-09")
    promise(session, "2026-11-09")
    promise(session, "2026-11-02")  # was due on the 16th
    promise(session, "2026-11-18")  # is due in December
    promise(session, "2026-11-09", by="beta")

    look_all_day(session, policy, "2026-11-20")

    assert sorted(mails(session)) == [("alfa", OWN, 2, 1), ("beta", OWN, 1, None)]


def test_what_is_overdue_for_long_sends_no_mail_of_its_own(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-02")

    assert [look_all_day(session, policy, f"2026-11-{day}") for day in (13, 16, 17, 18, 19)] == [1, 0, 1, 0, 0]


def test_what_is_done_or_moved_meanwhile_sends_none(session: Session, policy: Policy) -> None:
    done, moved = promise(session, "2026-11-09"), promise(session, "2026-11-09")
    now = wall("2026-11-19T12:00")
    followups.end(session, ALFA, done.id, FollowUpEnd.DONE, now)
    followups.move(session, policy, ALFA, moved.id, date(2026, 12, 1), Moved.WAITING, now)
    session.commit()

    assert [look_all_day(session, policy, day) for day in ("2026-11-20", "2026-11-30")] == [0, 1]


def test_a_day_that_closes_brings_the_mail_forward(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-09")
    closed = DatedHours(line="skane", day=date(2026, 11, 23), intervals=[], because="planeringsdag")
    closed.made_at = wall("2026-11-10T12:00")
    session.add(closed)
    session.commit()

    assert [look_all_day(session, policy, f"2026-11-{day}") for day in (19, 20)] == [1, 0]


def test_coordinators_hear_of_absent_colleagues_each_morning_until_they_are_handed_over(
    session: Session, policy: Policy
) -> None:
    account(session, "koord", Role.COORDINATOR)
    account(session, "langt-bort", Role.COORDINATOR, organisation="nationell")
    promise(session, "2026-11-09", by="beta")
    away(session, "beta", "2026-11-19", "2026-11-30")

    made = [look_all_day(session, policy, f"2026-11-{day}") for day in (18, 19, 20, 21, 23, 24)]

    # Beta is written to as well, who may read mail: on the day before, and once it is overdue.
    assert made == [0, 0, 2, 0, 1, 2]
    assert [row for row in mails(session) if row[0] == "koord"] == [
        ("koord", ABSENT, 1, None), ("koord", ABSENT, 1, None), ("koord", ABSENT, None, 1),
    ]  # fmt: skip


def test_nobody_who_has_left_is_written_to(session: Session, policy: Policy) -> None:
    account(session, "koord", Role.COORDINATOR)
    promise(session, "2026-11-09")
    leaves(session, "alfa")

    look_all_day(session, policy, "2026-11-20")

    assert mails(session) == [("koord", ABSENT, 1, None)]


def test_whoever_is_both_gets_both(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-09")
    promise(session, "2026-11-09", by="beta")
    both = session.get_one(Account, "alfa")
    both.role_rows.append(AccountRole(role=Role.COORDINATOR))
    leaves(session, "beta")

    look_all_day(session, policy, "2026-11-20")

    assert sorted(mails(session)) == [("alfa", ABSENT, 1, None), ("alfa", OWN, 1, None)]


def test_of_many_processes_at_once_one_writes(engine: Engine, policy: Policy, session: Session) -> None:
    promise(session, "2026-11-09")
    together = Barrier(3)

    def look(at: datetime) -> int:
        with Session(engine) as own:
            together.wait()
            made = tell_of_follow_ups(own, policy, at)
            own.commit()
            return made

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(look, [wall("2026-11-20T07:30") + step * TEN_MINUTES for step in range(3)]))

    assert sorted(made) == [0, 0, 1]
    assert mails(session) == [("alfa", OWN, 1, None)]


def test_what_a_crash_took_back_comes_with_the_next_look(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-09")

    lost = tell_of_follow_ups(session, policy, wall("2026-11-20T07:30"))
    session.rollback()
    again = tell_of_follow_ups(session, policy, wall("2026-11-20T11:00"))
    session.commit()
    third = tell_of_follow_ups(session, policy, wall("2026-11-20T11:10"))

    assert (lost, again, third) == (1, 1, 0)
