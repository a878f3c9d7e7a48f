"""What comes next on a line: others on duty, or somebody's own turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.coming_duty import DAYS_AHEAD, LinePlan, gap_at, next_change, next_turn
from app.domain.layers import NO_LAYERS, UNTIL_FURTHER_NOTICE, Absence, Layers, Pause
from app.domain.lines import LineKey, StaffId
from app.domain.rotas import Membership, RotaKey
from tests.services.on_duty import AT_TEN, wall

if TYPE_CHECKING:
    from app.domain.policy import Policy

ALFA, BETA, GAMMA, DELTA = map(StaffId, ("alfa", "beta", "gamma", "delta"))
AT_CLOSING = wall("2026-11-23 16:00")


def plan_of(policy: Policy, *people: StaffId, layers: Layers = NO_LAYERS) -> LinePlan:
    """These people in the rota of Skåne, where two are on duty at a time and turns last a day."""
    rota = RotaKey("skane")
    members = [Membership(rota, one, date(2026, 1, 5), place) for place, one in enumerate(people)]
    return LinePlan(policy.schedules[LineKey("skane")], {}, members, layers)


def paused(staff: StaffId, ends: datetime = UNTIL_FURTHER_NOTICE) -> Layers:
    return Layers(pauses=(Pause(AT_TEN - timedelta(minutes=1), ends, staff),))


def test_the_next_change_is_the_first_open_time_with_others_on_duty(policy: Policy) -> None:
    plan = plan_of(policy, ALFA, BETA, GAMMA)
    now = [one.staff for one in plan.roster(AT_TEN).on_duty]

    change = next_change(plan, AT_TEN)

    assert change is not None
    assert change.begins == wall("2026-11-24 09:00")
    assert [one.staff for one in change.on_duty] != now


def test_while_the_line_is_closed_the_next_change_is_its_next_opening(policy: Policy) -> None:
    change = next_change(plan_of(policy, ALFA, BETA), AT_CLOSING + timedelta(hours=1))

    assert change is not None
    assert change.begins == wall("2026-11-24 09:00")


def test_the_same_people_in_the_same_order_are_no_change(policy: Policy) -> None:
    assert next_change(plan_of(policy, ALFA), AT_TEN) is None


def test_nobody_comes_next_when_the_last_one_leaves(policy: Policy) -> None:
    away = Layers(absences=(Absence(wall("2026-11-23 13:00"), wall("2026-11-24 00:00"), ALFA),))

    change = next_change(plan_of(policy, ALFA, layers=away), AT_TEN)

    assert change is not None
    assert (change.begins, change.on_duty) == (wall("2026-11-23 13:00"), ())


def test_a_pause_changes_nothing_of_what_was_agreed(policy: Policy) -> None:
    free, pausing = plan_of(policy, ALFA, BETA, GAMMA), plan_of(policy, ALFA, BETA, GAMMA, layers=paused(ALFA))

    assert next_change(pausing, AT_TEN) == next_change(free, AT_TEN)
    assert next_turn(pausing, ALFA, AT_TEN) == next_turn(free, ALFA, AT_TEN)


def test_a_turn_of_somebody_who_has_none_is_not_in_sight(policy: Policy) -> None:
    assert next_turn(plan_of(policy, ALFA, BETA), DELTA, AT_TEN) is None


@pytest.mark.parametrize(
    ("ends", "until"),
    [(UNTIL_FURTHER_NOTICE, AT_CLOSING), (AT_TEN + timedelta(hours=1), AT_TEN + timedelta(hours=1))],
    ids=["until the line closes", "until somebody is back"],
)
def test_a_gap_lasts_until_somebody_is_there_or_the_line_closes(
    policy: Policy, ends: datetime, until: datetime
) -> None:
    alone = plan_of(policy, ALFA, layers=paused(ALFA, ends))

    assert gap_at(alone, AT_TEN, AT_CLOSING) == until
    assert gap_at(plan_of(policy, ALFA), AT_TEN, AT_CLOSING) is None


def test_nothing_is_looked_for_where_the_calendar_ends(policy: Policy) -> None:
    plan = plan_of(policy, ALFA, BETA, GAMMA)
    last = datetime(plan.schedule.hours.calendar.last_year, 12, 31, 22, tzinfo=UTC)

    assert next_change(plan, last) is None


@given(minutes=st.integers(0, 60 * 24 * 30))
def test_what_comes_next_comes_later_and_soon(policy: Policy, minutes: int) -> None:
    now = AT_TEN + timedelta(minutes=minutes)
    plan = plan_of(policy, ALFA, BETA, GAMMA)

    change, turn = next_change(plan, now), next_turn(plan, ALFA, now)

    assert change is not None
    assert now < change.begins <= now + timedelta(days=DAYS_AHEAD + 1)
    assert turn is None or ALFA in {one.staff for one in plan.as_agreed().roster(turn.begins).on_duty}
    assert replace(plan, layers=NO_LAYERS) == plan.as_agreed()
