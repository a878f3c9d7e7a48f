"""Published figures: at their own grain, with changes between whole years alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar_periods import Kind, period_with, years_within
from app.domain.history import (
    EarlierFigure,
    Run,
    SeriesUnit,
    change_percent,
    grain_of,
    is_whole,
    months_in,
    overlap,
    runs_of,
    years_of,
)
from app.domain.lines import LineKey
from app.domain.trends import Period

NATIONAL = LineKey("nationell")
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
KINDS = st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR])


def figure(first: date, last: date, number: int) -> EarlierFigure:
    return EarlierFigure(NATIONAL, SeriesUnit.CASES, Period(first, last), number, "rapport")


def year(number: int, count: int) -> EarlierFigure:
    return figure(date(number, 1, 1), date(number, 12, 31), count)


@pytest.mark.parametrize(
    ("first", "last", "grain"),
    [
        (date(2014, 3, 13), date(2014, 12, 31), Kind.YEAR),
        (date(2014, 1, 1), date(2014, 12, 31), Kind.YEAR),
        (date(2014, 1, 1), date(2014, 6, 30), Kind.HALF_YEAR),
        (date(2014, 10, 1), date(2014, 12, 31), Kind.QUARTER),
        (date(2014, 2, 1), date(2014, 2, 28), Kind.MONTH),
        (date(2014, 1, 1), date(2014, 12, 30), None),
        (date(2014, 1, 1), date(2015, 12, 31), None),
        (date(2013, 10, 1), date(2014, 3, 31), None),
        (date(2014, 1, 1), date(2014, 4, 30), None),
    ],
)
def test_a_figure_is_of_a_calendar_period_or_of_the_end_of_one(first: date, last: date, grain: Kind | None) -> None:
    assert grain_of(Period(first, last)) is grain


def test_no_figure_is_of_any_other_period_or_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="2014-12-30"):
        figure(date(2014, 1, 1), date(2014, 12, 30), 3)
    with pytest.raises(ValueError, match="-1"):
        year(2014, -1)


@given(KINDS, DAYS)
def test_a_whole_period_is_of_its_own_grain(kind: Kind, day: date) -> None:
    period = period_with(kind, day)

    assert grain_of(period) is kind
    assert is_whole(period)
    assert months_in(period) == {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF_YEAR: 6, Kind.YEAR: 12}[kind]
    assert overlap(period, Period(day, day))


def test_a_month_that_isnt_whole_counts_half() -> None:
    assert months_in(Period(date(2014, 3, 13), date(2014, 12, 31))) == Fraction(19, 2)
    assert not is_whole(Period(date(2014, 3, 13), date(2014, 12, 31)))


@given(
    st.lists(st.tuples(st.integers(2000, 2005), st.integers(1, 12), st.integers(0, 500)), unique_by=lambda one: one[:2])
)
def test_years_are_the_sums_of_their_figures_whatever_their_order(months: list[tuple[int, int, int]]) -> None:
    figures = [
        figure(period.first, period.last, number)
        for of, month, number in months
        for period in [period_with(Kind.MONTH, date(of, month, 1))]
    ]

    years = years_of(figures)

    assert sum(one.number for one in years) == sum(one.number for one in figures)
    assert [one.year for one in years] == sorted({of for of, _, _ in months})
    for one in years:
        assert one.is_whole == (one.months == 12)
        assert one.first.year == one.last.year == one.year


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [(298, 455, 53), (959, 1019, 6), (1019, 784, -23), (200, 201, 1), (200, 199, 0), (0, 3, None)],
)
def test_the_change_of_whole_years_is_rounded(before: int, after: int, percent: int | None) -> None:
    first, second = years_of([year(2015, before), year(2016, after)])

    assert change_percent(first, second) == percent


def test_nothing_is_said_of_years_that_arent_whole_or_dont_follow() -> None:
    part, whole, later = years_of(
        [figure(date(2014, 3, 13), date(2014, 12, 31), 187), year(2015, 298), year(2017, 600)]
    )

    assert change_percent(part, whole) is None
    assert change_percent(whole, later) is None
    assert (part.mean_a_month, whole.mean_a_month) == (20, 25)


@given(DAYS, DAYS)
def test_years_within_a_period_make_it_up(one: date, other: date) -> None:
    whole = Period(min(one, other), max(one, other))

    parts = years_within(whole)

    assert sum(part.day_count for part in parts) == whole.day_count
    assert (parts[0].first, parts[-1].last) == (whole.first, whole.last)
    assert len({part.first.year for part in parts}) == len(parts)


@given(st.sets(st.integers(1990, 2040), min_size=1))
def test_a_sum_never_spans_a_year_that_nothing_was_published_of(years: set[int]) -> None:
    figures = [year(one, one) for one in sorted(years, reverse=True)]

    runs = runs_of(figures)

    of = [range(run.period.first.year, run.period.last.year + 1) for run in runs]
    assert [one for run in of for one in run] == sorted(years)
    assert [run.number for run in runs] == [sum(run) for run in of]
    assert all(earlier.stop < later.start for earlier, later in pairwise(of))


def test_months_that_lie_apart_are_a_year_with_a_gap() -> None:
    january, march = figure(date(2014, 1, 1), date(2014, 1, 31), 3), figure(date(2014, 3, 1), date(2014, 3, 31), 4)
    february = figure(date(2014, 2, 1), date(2014, 2, 28), 5)

    assert [one.has_gap for one in years_of([january, march])] == [True]
    assert [one.has_gap for one in years_of([january, march, february])] == [False]
    assert runs_of([january, march, february]) == [Run(Period(date(2014, 1, 1), date(2014, 3, 31)), 12)]
