"""Periods as people name them: a week, a month, a quarter, a half-year, a year, or days of one's own choice."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import assert_never

from app.domain.trends import Period, days_of, week_with, weeks_of
from app.domain.wall_clock import ONE_DAY

_MONTHS_A_YEAR = 12
_DAYS_A_WEEK = 7
_FEWEST_WEEKS_A_YEAR = 52
_MOST_STEPS, _MOST_LONG_STEPS = 31, 40
"""So many have room in a drawing: of days and weeks, and of what is longer."""


class Kind(StrEnum):
    """How a period is named."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half"
    YEAR = "year"
    OWN = "own"
    """From one day to another."""


class Step(StrEnum):
    """How long the parts of a period are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF_YEAR: 6, Kind.YEAR: _MONTHS_A_YEAR}


def month_with(day: date) -> Period:
    """The calendar month that the day is in."""
    return _months(day.year, day.month - 1, 1)


def months_of(period: Period) -> tuple[Period, ...]:
    """The calendar months that a period has a part of; the first and the last whole."""
    months = [month_with(period.first)]
    while months[-1].last < period.last:
        months.append(month_with(months[-1].last + ONE_DAY))
    return tuple(months)


def months_within(period: Period) -> tuple[Period, ...]:
    """The calendar months that a period has a part of; the first begins and the last ends where it does."""
    return _parts(Kind.MONTH, period)


def years_within(period: Period) -> tuple[Period, ...]:
    """The same of calendar years."""
    return _parts(Kind.YEAR, period)


def period_with(kind: Kind, day: date) -> Period:
    """The period of this kind that the day is in; of one's own choice the day itself."""
    match kind:
        case Kind.WEEK:
            return week_with(day)
        case Kind.OWN:
            return Period(day, day)
        case Kind.MONTH | Kind.QUARTER | Kind.HALF_YEAR | Kind.YEAR:
            length = _MONTHS[kind]
            return _months(day.year, (day.month - 1) // length * length, length)
        case _:  # pragma: no cover - every kind is above
            assert_never(kind)


def before(kind: Kind, period: Period) -> Period:
    """The one just before it; of one's own choice the same number of days."""
    last = period.first - ONE_DAY
    return Period(last - (period.day_count - 1) * ONE_DAY, last) if kind is Kind.OWN else period_with(kind, last)


def after(kind: Kind, period: Period) -> Period:
    """The one just after it; of one's own choice the same number of days."""
    first = period.last + ONE_DAY
    return Period(first, first + (period.day_count - 1) * ONE_DAY) if kind is Kind.OWN else period_with(kind, first)


def year_before(kind: Kind, period: Period) -> Period:
    """The same period of the year before: the same dates, and of a week the one of that number.

    Week 53 is put beside week 52: no year with 53 weeks follows upon another. The 29th of February counts as the 28th
    in a year that has none; whole months stay whole.
    """
    if kind is Kind.WEEK:
        year, week, _ = period.first.isocalendar()
        return week_with(date.fromisocalendar(year - 1, min(week, _FEWEST_WEEKS_A_YEAR), 1))
    if kind is Kind.OWN:
        return Period(_same_day(period.first), _same_day(period.last))
    return period_with(kind, period.first.replace(year=period.first.year - 1))


def part_of(period: Period, day_count: int) -> Period:
    """Its first days, as many as that: for comparing with a period that isn't over."""
    return Period(period.first, min(period.last, period.first + (day_count - 1) * ONE_DAY))


def kind_of(period: Period) -> Kind:
    """The shortest kind of calendar period that it is one of, else one of one's own choice."""
    named = (Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR)
    return next((kind for kind in named if period_with(kind, period.first) == period), Kind.OWN)


def all_between(kind: Kind, first: date, last: date) -> tuple[Period, ...]:
    """The periods of this kind from that with ``first`` to that with ``last``, each whole."""
    found = [period_with(kind, first)]
    while found[-1].last < last:
        found.append(after(kind, found[-1]))
    return tuple(found)


def steps_of(period: Period) -> tuple[Period, ...]:
    """The parts in which a period is shown over time: thirty days or weeks at most, else months or longer.

    The first and the last end where the period does.
    """
    if period.day_count <= _MOST_STEPS:
        return days_of(period)
    if period.day_count <= _MOST_STEPS * _DAYS_A_WEEK:
        return weeks_of(period)
    months = _parts(Kind.MONTH, period)
    if len(months) <= _MOST_LONG_STEPS:
        return months
    quarters = _parts(Kind.QUARTER, period)
    return quarters if len(quarters) <= _MOST_LONG_STEPS else _parts(Kind.YEAR, period)


def parts_of(step: Step, period: Period) -> tuple[Period, ...]:
    """The days, weeks, months … that a period has a part of; the first and the last end where it does."""
    return days_of(period) if step is Step.DAY else _parts(Kind(step.value), period)


def _parts(kind: Kind, period: Period) -> tuple[Period, ...]:
    found = list(all_between(kind, period.first, period.last))
    found[0] = Period(period.first, found[0].last)
    found[-1] = Period(found[-1].first, min(found[-1].last, period.last))
    return tuple(found)


def _months(year: int, month_before: int, length: int) -> Period:
    first = date(year, month_before + 1, 1)
    end = divmod(year * _MONTHS_A_YEAR + month_before + length, _MONTHS_A_YEAR)
    return Period(first, date(end[0], end[1] + 1, 1) - ONE_DAY)


def _same_day(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
