"""When a follow-up is due: never on a closed day, and never later than two weeks unless it was moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.followups import (
    WITHIN_DAYS,
    FollowUpEnd,
    FollowUpState,
    Promise,
    due_on,
    is_kept,
    is_open_on,
    state_on,
)
from app.domain.hours import DatedChange
from app.domain.lines import LineKey
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from app.domain.hours import OpeningHours
    from app.domain.policy import Policy

STOCKHOLM = ZoneInfo("Europe/Stockholm")
days = st.dates(date(2026, 1, 1), date(2030, 12, 1))


@pytest.fixture(scope="module")
def hours(policy: Policy) -> OpeningHours:
    return policy.schedules[LineKey("skane")].hours


def closed(*of: date) -> dict[date, DatedChange]:
    return {day: DatedChange(day, (), "planeringsdag") for day in of}


@pytest.mark.parametrize(
    ("promised", "due"),
    [
        (date(2026, 11, 23), date(2026, 12, 7)),
        (date(2026, 12, 10), date(2026, 12, 23)),  # 24 December is closed
        (date(2026, 12, 18), date(2026, 12, 30)),  # New Year's Eve and Day are closed
        (date(2026, 12, 21), date(2027, 1, 4)),
        (date(2026, 12, 23), date(2027, 1, 5)),  # Epiphany is closed
        (date(2026, 11, 21), date(2026, 12, 4)),  # a Saturday: made by hand
    ],
)
def test_it_is_the_last_open_day_of_the_two_weeks(hours: OpeningHours, promised: date, due: date) -> None:
    assert due_on(hours, {}, Promise(promised)) == due


@given(promised=days, within=st.integers(1, WITHIN_DAYS), shut=st.sets(st.integers(0, 13)))
def test_it_is_open_and_in_time(policy: Policy, promised: date, within: int, shut: set[int]) -> None:
    hours = policy.schedules[LineKey("skane")].hours
    changes = closed(*(promised + day * ONE_DAY for day in shut))

    due = due_on(hours, changes, Promise(promised, within))

    assert is_open_on(hours, changes, due)
    open_ones = [promised + day * ONE_DAY for day in range(within + 1)]
    if any(is_open_on(hours, changes, day) for day in open_ones):
        assert promised <= due <= promised + within * ONE_DAY


@given(promised=days, later=st.integers(0, 60))
def test_what_was_moved_is_due_on_that_day_or_the_last_open_one_before(
    policy: Policy, promised: date, later: int
) -> None:
    hours = policy.schedules[LineKey("skane")].hours
    to = promised + later * ONE_DAY

    due = due_on(hours, {}, Promise(promised, moved_to=to))

    assert is_open_on(hours, {}, due)
    assert due == to or not is_open_on(hours, {}, to)


def test_when_all_of_it_is_closed_it_is_the_first_open_day(hours: OpeningHours) -> None:
    saturday = date(2026, 7, 4)
    fortnight = closed(*(saturday + day * ONE_DAY for day in range(20)))

    assert due_on(hours, fortnight, Promise(saturday)) == date(2026, 7, 24)


def test_a_line_that_does_not_open_again_has_no_due_day(hours: OpeningHours) -> None:
    day = date(2026, 7, 4)

    with pytest.raises(LookupError):
        due_on(hours, closed(*(day + step * ONE_DAY for step in range(500))), Promise(day))


def test_a_day_outside_the_calendar_is_refused(hours: OpeningHours) -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        due_on(hours, {}, Promise(date(1900, 1, 1)))


@pytest.mark.parametrize("within", [0, 15])
def test_nothing_else_than_two_weeks_is_promised(within: int) -> None:
    with pytest.raises(ValueError, match="1 to 14"):
        Promise(date(2026, 11, 23), within)


def test_how_it_stands() -> None:
    today = date(2026, 11, 23)

    assert state_on(today + ONE_DAY, today, None) is FollowUpState.PLANNED
    assert state_on(today, today, None) is FollowUpState.DUE
    assert state_on(today - ONE_DAY, today, None) is FollowUpState.OVERDUE
    assert state_on(today - ONE_DAY, today, FollowUpEnd.DONE) is FollowUpState.DONE
    assert state_on(today - ONE_DAY, today, FollowUpEnd.NO_LONGER_WANTED) is FollowUpState.DROPPED


def test_two_weeks_are_counted_in_dates() -> None:
    promised = datetime(2026, 11, 23, 14, 50, tzinfo=UTC)
    last_minute = datetime(2026, 12, 7, 22, 59, tzinfo=UTC)  # 23:59 in Stockholm

    assert is_kept(promised, last_minute, STOCKHOLM)
    assert not is_kept(promised, last_minute + timedelta(minutes=1), STOCKHOLM)
