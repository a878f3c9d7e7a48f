"""What the trends compare: by the day where lengths differ, and judged beside the same time of year alone."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calendar_periods as calendar
from app.domain.calendar_periods import Kind
from app.domain.comparing import Unjudged
from app.domain.lines import LineKey
from app.domain.tallies import TallyUnit
from app.domain.trends import Period
from app.services.numbers.changes import change, compares_days
from app.services.numbers.trends import Counted, Trends

if TYPE_CHECKING:
    from app.domain.comparing import Change

ONE_BY_ONE = (TallyUnit.CONSULTATION, TallyUnit.CALL, TallyUnit.FOLLOW_UP)


def trends(kind: Kind, period: Period, since: date = date(2000, 1, 1)) -> Trends:
    """A period that is over."""
    return Trends(
        kind=kind,
        period=period,
        now=Counted(period, Counter()),
        before=Counted(calendar.before(kind, period), Counter()),
        year_before=Counted(calendar.year_before(kind, period), Counter()),
        steps=[],
        lines=[],
        in_reach=[],
        began={LineKey("skane"): since},
        today=date(2040, 1, 1),
    )


def with_day(kind: Kind, day: str) -> Trends:
    return trends(kind, calendar.period_with(kind, date.fromisoformat(day)))


def in_a_year(found: Trends, unit: TallyUnit = TallyUnit.CALL, now: int = 118, then: int = 100) -> Change:
    made = change(found, unit, now, found.year_before, then)
    assert made is not None
    return made


@pytest.mark.parametrize("unit", ONE_BY_ONE)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OWN])
def test_the_same_period_a_year_ago_is_judged(kind: Kind, unit: TallyUnit) -> None:
    assert in_a_year(with_day(kind, "2026-08-20"), unit).unjudged is None


@pytest.mark.parametrize("kind", Kind)
def test_of_persons_chance_is_never_spoken(kind: Kind) -> None:
    made = in_a_year(with_day(kind, "2026-08-20"), TallyUnit.PERSON, 9000, 10)

    assert made.unjudged is Unjudged.SEVERAL_AT_A_TIME
    assert not made.is_more_than_chance


@pytest.mark.parametrize("unit", TallyUnit)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.YEAR])
def test_the_period_before_is_another_time_of_year(kind: Kind, unit: TallyUnit) -> None:
    found = with_day(kind, "2026-08-20")

    made = change(found, unit, 9000, found.before, 10)

    assert made is not None
    assert made.unjudged is Unjudged.SEASON


def test_of_a_year_the_one_before_is_the_same_time_of_year() -> None:
    found = with_day(Kind.YEAR, "2026-08-20")

    made = change(found, TallyUnit.CALL, 118, found.before, 100)

    assert made == in_a_year(found)
    assert made.unjudged is None


def test_periods_with_days_in_common_are_not_judged() -> None:
    two_years = Period(date(2025, 1, 1), date(2026, 12, 31))

    assert in_a_year(trends(Kind.OWN, two_years)).unjudged is Unjudged.OVERLAP


def test_what_was_not_counted_whole_is_compared_with_nothing() -> None:
    period = calendar.period_with(Kind.QUARTER, date(2026, 8, 20))
    found = trends(Kind.QUARTER, period, since=date(2025, 7, 2))

    assert change(found, TallyUnit.CALL, 118, found.year_before, 100) is None
    assert change(found, TallyUnit.CALL, 118, found.before, 100) is not None


@pytest.mark.parametrize(
    ("kind", "day", "year_before", "before"),
    [
        (Kind.WEEK, "2026-08-20", None, None),
        (Kind.MONTH, "2026-08-20", None, None),
        (Kind.MONTH, "2026-03-20", None, (31, 28)),
        (Kind.MONTH, "2028-02-20", (29, 28), (29, 31)),
        (Kind.QUARTER, "2026-02-20", None, (90, 92)),
        (Kind.QUARTER, "2028-02-20", (91, 90), (91, 92)),
        (Kind.HALF_YEAR, "2028-02-20", None, (182, 184)),
        (Kind.YEAR, "2028-02-20", None, None),
    ],
)
def test_periods_that_are_not_equally_long_are_compared_by_the_day(
    kind: Kind, day: str, year_before: tuple[int, int] | None, before: tuple[int, int] | None
) -> None:
    found = with_day(kind, day)

    for earlier, days in ((found.year_before, year_before), (found.before, before)):
        made = change(found, TallyUnit.CALL, 118, earlier, 100)
        assert made is not None
        assert (made.exposure_now, made.exposure_before) == (days or (1, 1))
        assert compares_days(found, earlier) == made.compares_rates == (days is not None)


def test_two_days_of_february_are_compared_by_the_day_with_the_one_that_the_year_before_had() -> None:
    found = trends(Kind.OWN, Period(date(2028, 2, 28), date(2028, 2, 29)))

    made = in_a_year(found, now=60, then=30)

    assert made.ratio == 1
    assert not made.is_more_than_chance


@given(st.sampled_from(Kind), st.dates(date(2001, 1, 1), date(2038, 1, 1)), st.integers(0, 500), st.integers(0, 500))
def test_rounding_hides_what_is_left_of_unequal_lengths(kind: Kind, day: date, now: int, then: int) -> None:
    """The rate by the day is less than one percent from what is said."""
    found = trends(kind, calendar.period_with(kind, day))

    for earlier in (found.before, found.year_before):
        made = change(found, TallyUnit.CALL, now, earlier, then)
        assert made is not None
        if made.before:
            rate = now / then * earlier.period.day_count / found.period.day_count
            assert made.ratio == pytest.approx(rate, rel=0.01)
