"""Weeks, months, quarters, half-years and years, and the parts that they are shown in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calendar_periods as calendar
from app.domain.calendar_periods import Kind
from app.domain.tallies import Grain, pieces_of
from app.domain.trends import Period

DAYS = st.dates(date(1991, 1, 1), date(2100, 12, 31))
PERIODS = st.builds(lambda first, days: Period(first, first + timedelta(days=days)), DAYS, st.integers(0, 4000))
KIND_OF = {Grain.DAY: Kind.OWN, Grain.MONTH: Kind.MONTH, Grain.QUARTER: Kind.QUARTER, Grain.YEAR: Kind.YEAR}
NAMED = st.sampled_from([kind for kind in Kind if kind is not Kind.OWN])


def days(*periods: Period) -> list[date]:
    return [one.first + timedelta(days=number) for one in periods for number in range(one.day_count)]


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (Kind.WEEK, "2026-01-01", "2025-12-29", "2026-01-04"),
        (Kind.MONTH, "2024-02-29", "2024-02-01", "2024-02-29"),
        (Kind.QUARTER, "2026-11-30", "2026-10-01", "2026-12-31"),
        (Kind.HALF_YEAR, "2026-06-30", "2026-01-01", "2026-06-30"),
        (Kind.HALF_YEAR, "2026-07-01", "2026-07-01", "2026-12-31"),
        (Kind.YEAR, "2026-07-01", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_is_in_one_period_of_each_kind(kind: Kind, day: str, first: str, last: str) -> None:
    assert calendar.period_with(kind, date.fromisoformat(day)) == Period(
        date.fromisoformat(first), date.fromisoformat(last)
    )


@given(NAMED, DAYS)
def test_periods_follow_upon_each_other_without_a_hole(kind: Kind, day: date) -> None:
    one = calendar.period_with(kind, day)

    assert one.first <= day <= one.last
    assert calendar.before(kind, one).last + timedelta(days=1) == one.first
    assert calendar.after(kind, one).first - timedelta(days=1) == one.last
    assert calendar.before(kind, calendar.after(kind, one)) == one


@given(NAMED, DAYS)
def test_a_year_before_is_the_same_period_of_that_year(kind: Kind, day: date) -> None:
    one = calendar.period_with(kind, day)

    earlier = calendar.year_before(kind, one)

    assert calendar.period_with(kind, earlier.first) == earlier
    if kind is not Kind.WEEK:
        assert 365 <= (one.first - earlier.first).days <= 366
        assert (earlier.first.month, earlier.first.day) == (one.first.month, one.first.day)


@given(st.integers(1992, 2400), st.integers(1, 53))
def test_a_week_is_put_beside_the_week_of_its_number_and_week_53_beside_52(year: int, week: int) -> None:
    weeks = date(year, 12, 28).isocalendar().week
    one = calendar.period_with(Kind.WEEK, date.fromisocalendar(year, min(week, weeks), 1))

    earlier = calendar.year_before(Kind.WEEK, one)

    assert calendar.period_with(Kind.WEEK, earlier.first) == earlier
    assert earlier.first.isocalendar()[:2] == (year - 1, min(week, 52))
    assert (one.first - earlier.first).days in (364, 371)


@pytest.mark.parametrize(
    ("monday", "earlier"),
    [("2026-12-28", "2025-12-22"), ("2027-01-04", "2025-12-29"), ("2027-12-27", "2026-12-21")],
)
def test_weeks_about_a_year_of_53_weeks(monday: str, earlier: str) -> None:
    one = calendar.period_with(Kind.WEEK, date.fromisoformat(monday))

    assert calendar.year_before(Kind.WEEK, one).first == date.fromisoformat(earlier)


def test_the_29th_of_february_is_compared_with_the_28th() -> None:
    leap = Period(date(2024, 2, 29), date(2024, 3, 2))

    assert calendar.year_before(Kind.OWN, leap) == Period(date(2023, 2, 28), date(2023, 3, 2))


@given(PERIODS)
def test_steps_are_the_whole_period_and_not_too_many(period: Period) -> None:
    steps = calendar.steps_of(period)

    assert days(*steps) == days(period)
    assert len(steps) <= 41


@given(PERIODS)
def test_pieces_are_the_whole_period_in_few_parts(period: Period) -> None:
    read: list[Period] = []
    for piece in pieces_of(period):
        kind = KIND_OF[piece.grain]
        read.append(calendar.period_with(kind, piece.first))
        while read[-1].first < piece.last:
            read.append(calendar.after(kind, read[-1]))
    assert days(*read) == days(period)
    assert len(read) <= 12 + 2 * (30 + 2 + 3)


@given(PERIODS, st.integers(1, 400))
def test_a_part_begins_where_the_period_does(period: Period, day_count: int) -> None:
    part = calendar.part_of(period, day_count)

    assert part.first == period.first
    assert part.day_count == min(day_count, period.day_count)
