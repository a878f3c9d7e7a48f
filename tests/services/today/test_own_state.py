"""A specialist's own state: what they see of themselves, and that no pause is overwritten unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.errors import NoSpecialist, RejectedInput
from app.domain.lines import LineKey, StaffId
from app.domain.today import Doing, PauseReason
from app.services.today import own_state
from app.services.today.own_state import OwnState, PauseChanged, Turn
from app.services.today.today_duty import duty_now
from app.storage.models import AuditEntry, Pause
from tests.services.on_duty import AT_TEN, hire, hire_all, talked, wall
from tests.services.today_cast import ONE_MINUTE, actor, add_call, take

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy

SKANE = LineKey("skane")
NOON = wall("2026-11-23 12:00")


def state_of(session: Session, policy: Policy, name: str = "alfa", now: datetime = AT_TEN) -> OwnState:
    return own_state.own_state(duty_now(session, policy, actor(staff=name), now), StaffId(name), now)


def pauses(session: Session) -> list[tuple[str, datetime, datetime | None, str]]:
    rows = session.scalars(select(Pause).order_by(Pause.id))
    return [(one.staff_id, one.begins, one.ends, one.reason) for one in rows]


def goes_to_lunch(session: Session, policy: Policy, *, seen: int | None = None, now: datetime = AT_TEN) -> None:
    own_state.pause(session, policy, actor(), PauseReason.LUNCH, NOON, seen=seen, now=now)


def test_who_is_on_duty_is_available_and_knows_whether_they_are_alone(session: Session, policy: Policy) -> None:
    hire(session, "alfa", "skane")
    alone = state_of(session, policy)
    hire(session, "beta", "skane")

    together = state_of(session, policy)

    assert (alone.doing, alone.on_duty_for, alone.rests_with) == (Doing.FREE, (SKANE,), (SKANE,))
    assert (together.doing, together.rests_with, together.next_turn) == (Doing.FREE, (), None)


def test_who_is_not_on_duty_is_told_their_next_turn(session: Session, policy: Policy) -> None:
    hire_all(session)

    closed = state_of(session, policy, now=wall("2026-11-23 18:00"))
    never = state_of(session, policy, "gamma")

    assert closed.doing is never.doing is Doing.OFF_DUTY
    assert closed.next_turn == Turn(SKANE, wall("2026-11-24 09:00"))
    assert never.next_turn is None


def test_who_has_hung_up_knows_until_when_they_are_rung_last(session: Session, policy: Policy) -> None:
    hire_all(session)
    talked(session, "alfa", AT_TEN - ONE_MINUTE)

    mine, others = state_of(session, policy), state_of(session, policy, "beta")

    assert (mine.doing, mine.wraps_up_until) == (Doing.WRAPPING_UP, AT_TEN + ONE_MINUTE)
    assert (others.doing, others.wraps_up_until) == (Doing.FREE, None)


def test_who_talks_is_in_a_call_even_with_a_pause(session: Session, policy: Policy) -> None:
    hire_all(session)
    take(session, add_call(session, AT_TEN - ONE_MINUTE), "alfa", AT_TEN - ONE_MINUTE)
    goes_to_lunch(session, policy, now=AT_TEN - ONE_MINUTE)

    mine = state_of(session, policy)

    assert mine.doing is Doing.IN_CALL
    assert mine.pause is not None


def test_a_pause_takes_effect_at_once_and_is_in_the_log(session: Session, policy: Policy) -> None:
    hire_all(session)

    goes_to_lunch(session, policy)

    assert pauses(session) == [("alfa", AT_TEN, NOON, "lunch")]
    mine = state_of(session, policy, now=AT_TEN + ONE_MINUTE)
    assert (mine.doing, mine.on_duty_for) == (Doing.PAUSED, (SKANE,))
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.what, entry.record, entry.fields) == ("changed_rota", "staff:alfa", "pause")


def test_a_pause_can_be_changed_by_who_sees_it_and_ended(session: Session, policy: Policy) -> None:
    hire_all(session)
    goes_to_lunch(session, policy)
    first = session.scalars(select(Pause.id)).one()

    later = AT_TEN + ONE_MINUTE
    own_state.pause(session, policy, actor(), PauseReason.MEETING, None, seen=first, now=later)
    second = session.scalars(select(Pause.id).where(Pause.ends.is_(None))).one()
    had_paused = own_state.resume(session, actor(), seen=second, now=later + ONE_MINUTE)
    again = own_state.resume(session, actor(), seen=second, now=later + ONE_MINUTE)

    assert (had_paused, again) == (True, False)
    assert pauses(session) == [
        ("alfa", AT_TEN, later, "lunch"),
        ("alfa", later, later + ONE_MINUTE, "meeting"),
    ]


def test_a_pause_that_was_made_elsewhere_is_said_and_stays(session: Session, policy: Policy) -> None:
    hire_all(session)
    goes_to_lunch(session, policy)
    before = pauses(session)

    with pytest.raises(PauseChanged) as from_nothing:
        goes_to_lunch(session, policy, now=AT_TEN + ONE_MINUTE)
    with pytest.raises(PauseChanged):
        own_state.resume(session, actor(), seen=None, now=AT_TEN + ONE_MINUTE)

    assert from_nothing.value.now is not None
    assert (from_nothing.value.now.reason, from_nothing.value.now.ends) == ("lunch", NOON)
    assert pauses(session) == before


def test_a_pause_that_was_ended_elsewhere_is_said(session: Session, policy: Policy) -> None:
    hire_all(session)

    with pytest.raises(PauseChanged) as gone:
        goes_to_lunch(session, policy, seen=17)

    assert gone.value.now is None
    assert pauses(session) == []


def test_a_time_that_has_passed_is_refused(session: Session, policy: Policy) -> None:
    hire_all(session)

    with pytest.raises(RejectedInput):
        goes_to_lunch(session, policy, now=NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    "who", [actor(staff=None), actor(lines=()), actor(staff="nobody")], ids=["no specialist", "no line", "gone"]
)
def test_an_account_without_a_phone_has_nothing_to_pause(session: Session, policy: Policy, who: Actor) -> None:
    hire_all(session)

    with pytest.raises(NoSpecialist):
        own_state.pause(session, policy, who, PauseReason.BREAK, None, seen=None, now=AT_TEN)
    with pytest.raises(NoSpecialist):
        own_state.resume(session, who, seen=None, now=AT_TEN)
