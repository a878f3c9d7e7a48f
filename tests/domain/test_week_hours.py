"""The hours of a week: all open time is in exactly one of them, and the number on duty is what it mostly is."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hours import open_spans
from app.domain.lines import StaffId
from app.domain.rosters import OnDuty
from app.domain.rotas import Tier
from app.domain.timetable import DutySpan, FinalSchedule
from app.domain.trends import Period
from app.domain.wall_clock import ONE_DAY
from app.domain.week_hours import WeekHour, open_time, usually_on_duty
from tests.domain.hours_of_tests import changed, opening_hours, wall
from tests.domain.swedish_days import STOCKHOLM

HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)


def on_duty(begins: str, ends: str, *names: str) -> DutySpan:
    people = tuple(OnDuty(StaffId(name), Tier.PRIMARY, why="") for name in names)
    return DutySpan(wall(begins).astimezone(UTC), wall(ends).astimezone(UTC), people)


@given(st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.integers(0, 80))
def test_the_hours_together_are_all_open_time(first: date, days: int) -> None:
    hours, period = opening_hours("08:15-11:50", "13:00-18:30"), Period(first, first + timedelta(days=days))

    found = open_time(hours, {}, period)

    every = [span for day in range(period.day_count) for span in open_spans(hours, {}, first + day * ONE_DAY)]
    assert sum(found.values(), timedelta()) == sum((span.closes - span.opens for span in every), timedelta())
    assert all(length for length in found.values())


def test_a_part_of_an_hour_is_as_long_as_it_is() -> None:
    week = Period(date(2026, 11, 16), date(2026, 11, 22))

    found = open_time(opening_hours("09:30-12:00"), changed("2026-11-18"), week)

    assert found[WeekHour(0, 9)] == HALF
    assert found[WeekHour(0, 10)] == HOUR
    assert WeekHour(0, 12) not in found
    assert WeekHour(2, 9) not in found


@pytest.mark.parametrize(
    ("day", "hour", "length"),
    [("2026-10-25", 2, 2 * HOUR), ("2026-03-29", 2, timedelta()), ("2026-03-29", 3, HOUR)],
)
def test_an_hour_that_comes_twice_is_twice_as_long_and_one_that_is_left_out_is_none(
    day: str, hour: int, length: timedelta
) -> None:
    on = date.fromisoformat(day)

    found = open_time(opening_hours(), changed(day, "00:00-06:00"), Period(on, on))

    assert found.get(WeekHour(6, hour), timedelta()) == length


def test_the_number_on_duty_is_the_one_of_half_of_the_time() -> None:
    schedule = FinalSchedule(
        (
            on_duty("2026-11-16 09:00", "2026-11-16 11:00", "alfa", "beta"),
            on_duty("2026-11-23 09:00", "2026-11-23 10:00", "alfa"),
            on_duty("2026-11-23 10:00", "2026-11-23 11:00"),
            on_duty("2026-11-30 09:00", "2026-11-30 11:00", "alfa", "beta", "gamma"),
            on_duty("2026-12-01 09:00", "2026-12-01 09:20", "alfa"),
            on_duty("2026-12-01 09:20", "2026-12-01 10:00"),
        )
    )

    assert usually_on_duty(schedule, STOCKHOLM) == {
        WeekHour(0, 9): 2,
        WeekHour(0, 10): 2,
        WeekHour(1, 9): 0,
    }


def test_of_two_numbers_in_the_middle_it_is_the_lower() -> None:
    schedule = FinalSchedule(
        (
            on_duty("2026-11-16 09:00", "2026-11-16 10:00", "alfa"),
            on_duty("2026-11-23 09:00", "2026-11-23 10:00", "alfa", "beta"),
        )
    )

    assert usually_on_duty(schedule, STOCKHOLM) == {WeekHour(0, 9): 1}
