"""Periods: weeks that are right at clock changes and at the turn of the year, and what each is compared with."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import trends
from app.domain.trends import Period, Span, Tally

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
HOUR = timedelta(hours=1)


def week(name: str) -> Period:
    """The week that is called so, as 2026-W48."""
    return trends.week_with(datetime.strptime(f"{name}-1", "%G-W%V-%u").replace(tzinfo=STOCKHOLM).date())


def weeks(first: str, last: str) -> Period:
    return Period(week(first).first, week(last).last)


def test_a_period_has_a_day_at_least() -> None:
    with pytest.raises(ValueError, match="from 2026-11-30 to 2026-11-29"):
        Period(date(2026, 11, 30), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("period", "hours"),
    [
        (week("2026-W48"), 168),
        (week("2026-W13"), 167),
        (week("2026-W43"), 169),
        (Period(date(2026, 3, 29), date(2026, 3, 29)), 23),
        (Period(date(2026, 10, 25), date(2026, 10, 25)), 25),
    ],
    ids=["a week", "clock set forward", "clock set back", "the day of it", "the other day of it"],
)
def test_a_period_is_as_long_as_the_wall_clock_says(period: Period, hours: int) -> None:
    begins, ends = trends.bounds(period, STOCKHOLM)

    assert ends - begins == hours * HOUR
    assert begins.astimezone(STOCKHOLM).replace(tzinfo=None) == datetime.combine(period.first, datetime.min.time())


@given(DAYS)
def test_the_days_of_a_week_fill_it_without_a_gap(day: date) -> None:
    one = trends.week_with(day)

    edges = [trends.bounds(each, STOCKHOLM) for each in trends.days_of(one)]

    assert len(edges) == 7
    assert (edges[0][0], edges[-1][1]) == trends.bounds(one, STOCKHOLM)
    assert all(before[1] == after[0] for before, after in pairwise(edges))


@given(DAYS, st.integers(0, 800))
def test_the_weeks_of_a_period_are_its_days_cut_at_mondays(first: date, more: int) -> None:
    period = Period(first, first + timedelta(days=more))

    cut = trends.weeks_of(period)

    assert [day for one in cut for day in trends.days_of(one)] == list(trends.days_of(period))
    assert all(one.first.weekday() == 0 for one in cut[1:])
    assert all(one.last.weekday() == 6 for one in cut[:-1])
    assert len({one.first.isocalendar()[:2] for one in cut}) == len(cut)


@pytest.mark.parametrize(
    ("today", "last"),
    [("2026-11-29", "2026-W47"), ("2026-11-30", "2026-W48"), ("2027-01-03", "2026-W52"), ("2027-01-04", "2026-W53")],
    ids=["a Sunday", "a Monday", "the last day of a year of 53 weeks", "the day after"],
)
def test_a_week_is_over_when_its_sunday_is(today: str, last: str) -> None:
    assert trends.last_whole_week(date.fromisoformat(today)) == week(last)


@pytest.mark.parametrize(
    ("span", "until", "period", "before", "compared"),
    [
        (Span.WEEKS_13, "2026-W48", ("2026-W36", "2026-W48"), ("2026-W23", "2026-W35"), ("2026-W23", "2026-W35")),
        (Span.WEEKS_13, "2026-W10", ("2025-W50", "2026-W10"), ("2025-W37", "2025-W49"), ("2025-W37", "2025-W49")),
        (Span.WEEKS_26, "2026-W48", ("2026-W23", "2026-W48"), ("2025-W49", "2026-W22"), ("2025-W49", "2026-W22")),
        (Span.WEEKS_52, "2026-W48", ("2025-W49", "2026-W48"), ("2024-W49", "2025-W48"), ("2024-W49", "2025-W48")),
        (Span.WEEKS_13, "2030-W01", ("2026-W36", "2026-W48"), ("2026-W23", "2026-W35"), ("2026-W23", "2026-W35")),
        (Span.YEAR, "2026-W48", ("2026-W01", "2026-W48"), ("2025-W01", "2025-W52"), ("2025-W01", "2025-W48")),
        (Span.YEAR, "2026-W02", ("2026-W01", "2026-W48"), ("2025-W01", "2025-W52"), ("2025-W01", "2025-W48")),
        (Span.YEAR, "2020-W30", ("2020-W01", "2020-W53"), ("2019-W01", "2019-W52"), ("2019-W01", "2019-W52")),
        (Span.YEAR, "2021-W01", ("2021-W01", "2021-W52"), ("2020-W01", "2020-W53"), ("2020-W01", "2020-W53")),
    ],
)
def test_a_period_knows_the_one_before_and_what_it_is_compared_with(
    span: Span, until: str, period: tuple[str, str], before: tuple[str, str], compared: tuple[str, str]
) -> None:
    found = trends.period_of(span, week(until), week("2026-W48"))

    assert found == weeks(*period)
    assert trends.before(span, found) == weeks(*before)
    assert trends.compared_with(span, found) == weeks(*compared)


@given(st.sampled_from(Span), DAYS, DAYS)
def test_whoever_goes_back_and_forth_is_where_they_were(span: Span, until: date, today: date) -> None:
    latest = trends.last_whole_week(today)
    here = trends.period_of(span, trends.week_with(until), latest)

    back = trends.before(span, here)

    assert trends.after(span, back, latest) == here


@given(st.sampled_from(Span), DAYS)
def test_after_the_latest_there_is_nothing(span: Span, today: date) -> None:
    latest = trends.last_whole_week(today)

    assert trends.after(span, trends.period_of(span, latest, latest), latest) is None


def test_units_are_added_each_by_itself() -> None:
    assert trends.total([Tally(5, 3, 1), Tally(), Tally(10, 20, 30)]) == Tally(15, 23, 31)
