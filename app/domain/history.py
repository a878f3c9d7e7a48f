"""Figures that were published before a line counted here: at the grain of their own, with their source.

They are counted by others and otherwise than here. They stand beside our own numbers, are never added to them, and are
never divided into shorter periods than they were published for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import TYPE_CHECKING, Final

from app.domain.calendar_periods import Kind, months_of, period_with
from app.domain.trends import Period
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.lines import LineKey

LONGEST_SOURCE = 200
_GRAINS: Final = (Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR)
_HALF = Fraction(1, 2)


class SeriesUnit(StrEnum):
    """What a published figure counts. No two are ever added up."""

    CASES = "cases"
    PERSONS = "exposed_persons"
    CONSULTATIONS = "consultations"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class EarlierFigure:
    """One published number. Raises ``ValueError`` where the period is none that figures are published for."""

    line: LineKey
    unit: SeriesUnit
    period: Period
    number: int
    source: str

    def __post_init__(self) -> None:
        if grain_of(self.period) is None or self.number < 0:
            message = f"{self.number} from {self.period.first} to {self.period.last}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Run:
    """The sum of published figures that follow upon each other, from the first day to the last without a gap."""

    period: Period
    number: int


@dataclass(frozen=True, slots=True)
class ImportedYear:
    """What was published for a year, of one line and unit: the sum of its figures, which don't overlap."""

    year: int
    number: int
    first: date
    last: date
    is_whole: bool
    """Whether the figures are of each of its days."""
    has_gap: bool
    """Whether there are days between the first and the last that nothing was published of."""
    months: Fraction
    """How many they are of; one that isn't whole counts half."""
    sources: tuple[str, ...]

    @property
    def mean_a_month(self) -> int:
        """The number a month, rounded."""
        return _rounded(self.number / self.months)


def grain_of(period: Period) -> Kind | None:
    """The calendar period that it is, or is the end of, where a series begins within one; ``None``: it is neither."""
    return next((kind for kind in _GRAINS if period_with(kind, period.first).last == period.last), None)


def is_whole(period: Period) -> bool:
    """Whether it is a whole year, half-year, quarter or month."""
    return any(period_with(kind, period.first) == period for kind in _GRAINS)


def months_in(period: Period) -> Fraction:
    """How many calendar months it has; one of which it has a part counts half."""
    return sum(
        (
            Fraction(1) if period.first <= month.first and month.last <= period.last else _HALF
            for month in months_of(period)
        ),
        Fraction(0),
    )


def years_of(figures: Iterable[EarlierFigure]) -> Sequence[ImportedYear]:
    """The figures of one line and unit, year by year. No two may overlap."""
    ordered = sorted(figures, key=lambda one: one.period)
    return [_year(year, tuple(some)) for year, some in groupby(ordered, key=lambda one: one.period.first.year)]


def runs_of(figures: Iterable[EarlierFigure]) -> Sequence[Run]:
    """The figures of one line and unit, summed from gap to gap. No two may overlap."""
    runs: list[Run] = []
    for one in sorted(figures, key=lambda one: one.period):
        if runs and runs[-1].period.last + ONE_DAY == one.period.first:
            earlier = runs.pop()
            runs.append(Run(Period(earlier.period.first, one.period.last), earlier.number + one.number))
        else:
            runs.append(Run(one.period, one.number))
    return runs


def change_percent(before: ImportedYear, after: ImportedYear) -> int | None:
    """By how many percent it rose, rounded; ``None`` unless both are whole years, one after the other."""
    if not (before.is_whole and after.is_whole and before.number and after.year == before.year + 1):
        return None
    return _rounded(Fraction(100 * (after.number - before.number), before.number))


def overlap(one: Period, other: Period) -> bool:
    """Whether they have a day in common."""
    return one.first <= other.last and other.first <= one.last


def _year(year: int, figures: Sequence[EarlierFigure]) -> ImportedYear:
    whole = period_with(Kind.YEAR, date(year, 1, 1))
    return ImportedYear(
        year=year,
        number=sum(one.number for one in figures),
        first=figures[0].period.first,
        last=figures[-1].period.last,
        is_whole=sum(one.period.day_count for one in figures) == whole.day_count,
        has_gap=len(runs_of(figures)) > 1,
        months=sum((months_in(one.period) for one in figures), Fraction(0)),
        sources=tuple(dict.fromkeys(one.source for one in figures)),
    )


def _rounded(number: Fraction) -> int:
    return floor(number + _HALF)
