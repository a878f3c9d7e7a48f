from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from app.domain.callflow.nodes import NodeId
from app.domain.callflow.values import Position
from app.domain.calls import AttemptState, Outcome, Source
from app.domain.errors import NotFound
from app.domain.hours import ClosedKind, Interval
from app.domain.lines import LineKey
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.line.situation import facts_of
from app.services.rota.duty import dated_changes, duty_at, interval, memberships, opening
from app.services.rota.hours import change_day
from app.storage.models import Attempt, Call, RotaMembership, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.domain.callflow.values import Candidate, Facts
    from app.domain.policy import Policy

SKANE = LineKey("skane")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=STOCKHOLM)
MONDAY_EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=STOCKHOLM)


@pytest.fixture
def manned(session: Session) -> Session:
    """Alfa, Beta and Gamma in the rota of Skåne, Delta in its backup rota."""
    rotas = {"alfa": "skane", "beta": "skane", "gamma": "skane", "delta": "skane-backup"}
    for place, (name, rota) in enumerate(rotas.items()):
        session.add(
            Staff(
                id=name,
                organisation="skane",
                alias=name,
                name=f"Övning {name}",
                phone=PhoneNumber(f"+4670174064{place}"),
                competences=[],
                languages=["sv"],
                created_at=MONDAY_AT_TEN,
            )
        )
        session.flush()
        session.add(RotaMembership(rota=rota, staff_id=name, begins=date(2026, 1, 5), position=place))
    session.commit()
    return session


def test_two_of_the_rota_and_one_of_the_backup_are_on_duty_in_open_hours(manned: Session, policy: Policy) -> None:
    found = duty_at(manned, policy, SKANE, MONDAY_AT_TEN)

    assert [person.tier for person in found] == [Tier.PRIMARY, Tier.PRIMARY, Tier.BACKUP]
    assert {person.staff for person in found[:2]} < {"alfa", "beta", "gamma"}
    assert found[2].staff == "delta"


def test_nobody_is_on_duty_while_the_line_is_closed(manned: Session, policy: Policy) -> None:
    assert duty_at(manned, policy, SKANE, MONDAY_EVENING) == ()
    assert _people(manned, policy, MONDAY_EVENING) == ()


def test_whoever_is_in_a_call_or_being_rung_is_not_free(manned: Session, policy: Policy) -> None:
    first, second, third = (one.staff for one in _people(manned, policy, MONDAY_AT_TEN))
    _attempt(manned, first, AttemptState.RINGING)
    _attempt(manned, third, AttemptState.ACCEPTED)
    _attempt(manned, second, AttemptState.DECLINED, ended=True)

    found = _people(manned, policy, MONDAY_AT_TEN)

    assert [(one.staff, one.is_free) for one in found] == [(first, False), (second, True), (third, False)]


def test_a_caller_who_was_let_in_is_served_by_those_of_the_last_open_instant(manned: Session, policy: Policy) -> None:
    before = _facts(manned, policy, MONDAY_AT_TEN, let_in_at=MONDAY_AT_TEN)
    after = _facts(manned, policy, MONDAY_EVENING, let_in_at=MONDAY_AT_TEN)
    outside = _facts(manned, policy, MONDAY_EVENING)

    assert before.opening.is_open
    assert not after.opening.is_open
    assert after.candidates == before.candidates != ()
    assert outside.candidates == ()


def test_a_dated_change_moves_the_hours_and_says_why(manned: Session, policy: Policy) -> None:
    change_day(manned, policy, SKANE, date(2026, 11, 23), ["13:00-15:30"], "utbildning", now=MONDAY_AT_TEN)

    morning = opening(manned, policy, SKANE, MONDAY_AT_TEN)
    afternoon = opening(manned, policy, SKANE, MONDAY_AT_TEN.replace(hour=14))

    assert morning.closed is not None
    assert (morning.closed.kind, morning.closed.name) == (ClosedKind.DATED_CHANGE, "utbildning")
    assert morning.next_opening == MONDAY_AT_TEN.replace(hour=13)
    assert afternoon.closes_at == MONDAY_AT_TEN.replace(hour=15, minute=30)
    assert duty_at(manned, policy, SKANE, MONDAY_AT_TEN) == ()


def test_a_change_of_one_line_leaves_the_others_alone(session: Session, policy: Policy) -> None:
    change_day(session, policy, SKANE, date(2026, 11, 23), [], "utbildning", now=MONDAY_AT_TEN)

    assert list(dated_changes(session, SKANE, date(2026, 11, 23))) == [date(2026, 11, 23)]
    assert opening(session, policy, LineKey("skaraborg"), MONDAY_AT_TEN).is_open


def test_changes_of_last_week_are_known_for_those_who_were_let_in_then(session: Session, policy: Policy) -> None:
    change_day(session, policy, SKANE, date(2026, 11, 23), [], "utbildning", now=MONDAY_AT_TEN)

    assert date(2026, 11, 23) in dated_changes(session, SKANE, date(2026, 12, 7))
    assert dated_changes(session, SKANE, date(2026, 12, 9)) == {}


def test_a_membership_that_ended_is_told_with_its_end(manned: Session, policy: Policy) -> None:
    manned.query(RotaMembership).filter_by(staff_id="beta").one().ends = date(2026, 6, 1)

    found = memberships(manned, policy.schedules[SKANE].rotas)

    assert {one.staff: one.ends for one in found} == {
        "alfa": None,
        "beta": date(2026, 6, 1),
        "gamma": None,
        "delta": None,
    }


@pytest.mark.parametrize("known", ["skåne", "", "nationell-backup"])
def test_a_line_that_is_not_there_is_named_with_those_that_are(session: Session, policy: Policy, known: str) -> None:
    with pytest.raises(NotFound, match="skaraborg"):
        opening(session, policy, LineKey(known), MONDAY_AT_TEN)


@pytest.mark.parametrize(("asked", "most"), [("opening", 1), ("duty_at", 3), ("facts_of", 8)])
def test_a_webhook_asks_few_questions(manned: Session, policy: Policy, asked: str, most: int) -> None:
    with _counted(manned) as statements:
        match asked:
            case "opening":
                opening(manned, policy, SKANE, MONDAY_AT_TEN)
            case "duty_at":
                duty_at(manned, policy, SKANE, MONDAY_AT_TEN)
            case _:
                _facts(manned, policy, MONDAY_AT_TEN, let_in_at=MONDAY_AT_TEN)

    assert len(statements) == most


def test_hours_are_read_as_they_are_written() -> None:
    assert interval("09:00-16:30") == Interval(time(9), time(16, 30))


@pytest.mark.parametrize(
    "text", ["", "9-16", "09:00", "16:00-09:00", "09:00-09:00", "09:00-24:00", "09:00:01-10:00", "٠٩:00-10:00"]
)
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        interval(text)


def _facts(session: Session, policy: Policy, now: datetime, let_in_at: datetime | None = None) -> Facts:
    """As a call's next answer needs them when it stands where people are rung."""
    call = Call(line=SKANE)
    return facts_of(session, policy, call, Position(NodeId("ring")), now, let_in_at=let_in_at)


def _people(session: Session, policy: Policy, now: datetime) -> tuple[Candidate, ...]:
    return _facts(session, policy, now).candidates


def _attempt(session: Session, staff: str, state: AttemptState, *, ended: bool = False) -> None:
    at = MONDAY_AT_TEN.astimezone(UTC)
    call = Call(
        sid=f"CA{staff:0>32}",
        line="skane",
        organisation="skane",
        source=Source.PRACTICE,
        started_at=at,
        last_heard_at=at,
        arrived=True,
        outcome=Outcome.IN_PROGRESS,
    )
    session.add(call)
    session.flush()
    session.add(
        Attempt(
            call_id=call.id,
            staff_id=staff,
            token=f"{staff:0>32}",
            turn=1,
            tier=Tier.PRIMARY,
            state=state,
            began_at=at,
            accepted_at=at if state is AttemptState.ACCEPTED else None,
            ended_at=at if ended else None,
        )
    )
    session.flush()


@contextmanager
def _counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(*told: object) -> None:
        statement = str(told[2])
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)
