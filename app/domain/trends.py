"""Periods of whole days on a wall clock, and what is counted in them: calls and consultations, never a sum of both."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from app.domain.taxonomy import Code, GroupKey
from app.domain.wall_clock import ONE_DAY, ONE_SECOND, instant_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo
    from zoneinfo import ZoneInfo

WRONG_TARGET: Final = (GroupKey("type"), Code("FEL"))
"""The group and the code of a consultation with somebody whom the line isn't for: counted apart."""
_ONE_WEEK = timedelta(weeks=1)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``first`` to ``last``, both included. Raises ``ValueError`` when there are none."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = f"a period from {self.first} to {self.last}"
            raise ValueError(message)

    @property
    def day_count(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def meets(self, other: Period) -> bool:
        """Whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


class Span(StrEnum):
    """How long a period is that somebody looks at."""

    WEEKS_13 = "13"
    WEEKS_26 = "26"
    WEEKS_52 = "52"
    YEAR = "year"
    """A year of weeks, by ISO 8601: 52 or 53 of them, from the one that has the year's first Thursday."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one period. Each number has a unit of its own."""

    calls: int = 0
    """Calls that reached a line."""
    held: int = 0
    """Consultations that were held, less those ``wrong_target``."""
    wrong_target: int = 0
    """Consultations that were held with somebody whom the line isn't for."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.calls + other.calls, self.held + other.held, self.wrong_target + other.wrong_target)

    def __rmul__(self, times: int) -> Tally:
        return Tally(times * self.calls, times * self.held, times * self.wrong_target)


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together, unit by unit."""
    return sum(tallies, Tally())


def bounds(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants ``[begins, ends)`` of a period on the wall clock of ``zone``, in UTC.

    A day on which the clock is set forward or back has the hours that it has.
    """
    return instant_at(period.first, _MIDNIGHT, zone), instant_at(period.last + ONE_DAY, _MIDNIGHT, zone)


def period_between(begins: datetime, ends: datetime, zone: tzinfo) -> Period:
    """The days that ``[begins, ends)`` has a part of, on the wall clock of ``zone``: of ``bounds`` their period."""
    return Period(begins.astimezone(zone).date(), (ends - ONE_SECOND).astimezone(zone).date())


def days_of(period: Period) -> tuple[Period, ...]:
    """Each day by itself."""
    days = (period.first + number * ONE_DAY for number in range(period.day_count))
    return tuple(Period(day, day) for day in days)


def weeks_of(period: Period) -> tuple[Period, ...]:
    """The weeks from Monday to Sunday; the first and the last end where the period does."""
    weeks = groupby(days_of(period), key=lambda day: day.first.isocalendar()[:2])
    return tuple(Period(days[0].first, days[-1].last) for days in (list(group) for _, group in weeks))


def week_with(day: date) -> Period:
    """The week, from Monday to Sunday, that the day is in."""
    monday = day - day.weekday() * ONE_DAY
    return Period(monday, monday + _ONE_WEEK - ONE_DAY)


def month_with(day: date) -> Period:
    """The month that the day is in."""
    first = day.replace(day=1)
    return Period(first, first.replace(day=monthrange(first.year, first.month)[1]))


def last_whole_week(today: date) -> Period:
    """The last week that is over."""
    return week_with(today - _ONE_WEEK)


def period_of(span: Span, until: Period, latest: Period) -> Period:
    """The period that ends with the week ``until``, or is its year; never beyond ``latest``, the last whole week."""
    until = min(until, latest)
    if span is Span.YEAR:
        whole = _year(_year_of(until))
        return Period(whole.first, min(whole.last, latest.last))
    return Period(until.last - int(span) * _ONE_WEEK + ONE_DAY, until.last)


def before(span: Span, period: Period) -> Period:
    """The period just before: as many weeks, or the whole year."""
    if span is Span.YEAR:
        return _year(_year_of(period) - 1)
    return Period(period.first - int(span) * _ONE_WEEK, period.first - ONE_DAY)


def after(span: Span, period: Period, latest: Period) -> Period | None:
    """The period just after; ``None`` when it isn't over as far as it is shown."""
    if period.last >= latest.last:
        return None
    year_after = _year(_year_of(period) + 1)
    until = year_after.last if span is Span.YEAR else period.last + int(span) * _ONE_WEEK
    return period_of(span, week_with(until), latest)


def compared_with(span: Span, period: Period) -> Period:
    """What a period is compared with: the one before; of a year that isn't over, the same weeks of the year before."""
    earlier = before(span, period)
    if span is Span.YEAR and period != _year(_year_of(period)):
        return Period(earlier.first, earlier.first + (period.day_count - 1) * ONE_DAY)
    return earlier


def _year_of(period: Period) -> int:
    return period.last.isocalendar().year


def _year(year: int) -> Period:
    return Period(date.fromisocalendar(year, 1, 1), date.fromisocalendar(year + 1, 1, 1) - ONE_DAY)
