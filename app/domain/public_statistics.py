"""What everybody may read of a line: a whole year in one piece, three units, and one question at a time.

The family of what is published is small, so that it can be proved that nothing small comes out of it
(docs/decisions/0038): whole years and their quarters alone, never the year that runs; no sum over lines or years; no
two questions crossed; no share, mean or rate. ``withholding`` decides on each table; this says which tables there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.trends import Period
from app.domain.withholding import FEWEST_SHOWN, Count, Shown, all_parts, alone, each, overlapping_parts, some_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LAG: Final = timedelta(days=31)
"""So long after a year's end its records may still be written. What is published then is never changed."""
BEGINS_WITHIN: Final = timedelta(days=31)
"""Of a year's first day, for the year to count as a whole one of a line that was new."""
REST: Final = "REST"
"""The code of all that isn't a row of its own: withheld, other, unknown, not noted."""
NEVER_SHOWN: Final = frozenset({"OKAND", "ANNAN", "ANNAT"})
"""Codes that are no rows of their own: how many there are keeps everybody from working out what is withheld."""
_LAST_MONTHS = (3, 6, 9, 12)


class Unit(StrEnum):
    """What a number counts. No number adds two of them."""

    HELD = "held_consultations"
    EXPOSED = "exposed_persons"
    CALLS = "calls"


class Dimension(StrEnum):
    """By what a year is divided; each by itself."""

    YEAR = "year"
    """Not at all."""
    QUARTER = "quarter"
    SERVICE = "service"
    TYPE = "type"
    THEME = "theme"
    """Of which a consultation may have several."""
    MUNICIPALITY = "municipality"
    AGE = "age"
    """Of the youngest exposed person of a consultation."""
    OUTCOME = "outcome"
    """Of a call."""


class AgeGroup(StrEnum):
    """What is said of ages."""

    UNDER_18 = "under_18"
    FROM_18 = "18_and_over"


AGE_GROUPS: Final[Mapping[str, AgeGroup]] = {
    **dict.fromkeys(("0_11", "12_14", "15_17"), AgeGroup.UNDER_18),
    **dict.fromkeys(("18_24", "25_"), AgeGroup.FROM_18),
}
"""By the codes of the taxonomy."""


@dataclass(frozen=True, slots=True)
class Row:
    """One published number, of one line and year; ``None`` is withheld."""

    unit: Unit
    dimension: Dimension
    code: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """The true counts of one line and year. What isn't in a mapping is nothing."""

    held: Sequence[int]
    """Held consultations by quarter."""
    calls: Sequence[int]
    """Calls by quarter."""
    held_by: Mapping[Dimension, Mapping[str, int]] = field(default_factory=dict)
    exposed: Count = field(default_factory=Count)
    exposed_by_age: Mapping[str, Count] = field(default_factory=dict)
    """By age group."""
    outcomes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows there are, whatever was counted; the last of a list is the first to be withheld with a small one."""

    of: Mapping[Dimension, Sequence[str]]
    most_themes: int
    """That one consultation has."""
    most_exposed: int
    """Persons that one consultation concerns."""
    types_with_exposed: frozenset[str]
    """The types of consultation that are asked for exposed persons."""


def last_year(today: date) -> int:
    """The latest year that may be published."""
    return (today - LAG).year - 1


def first_year(began: date) -> int:
    """The first whole year of a line that began to count on that day."""
    return began.year if began < date(began.year, 1, 1) + BEGINS_WITHIN else began.year + 1


def quarters_of(year: int) -> tuple[Period, ...]:
    """Its four quarters."""
    firsts = [date(year, month - 2, 1) for month in _LAST_MONTHS]
    lasts = [*(first - timedelta(days=1) for first in firsts[1:]), date(year, 12, 31)]
    return tuple(map(Period, firsts, lasts))


def published(counted: Counted, rows: Rows) -> tuple[Row, ...]:
    """What is shown of a year."""
    return (*_of_held(counted, rows), *_of_exposed(counted, rows), *_of_calls(counted, rows))


def _of_held(counted: Counted, rows: Rows) -> Iterator[Row]:
    total = each(sum(counted.held))
    yield Row(Unit.HELD, Dimension.YEAR, "", alone(total))
    yield from _quarters(Unit.HELD, total, counted.held)
    for dimension in (Dimension.SERVICE, Dimension.TYPE, Dimension.MUNICIPALITY):
        yield from _with_rest(Unit.HELD, dimension, some_parts(total, _parts(counted, rows, dimension)))
    themes = overlapping_parts(total, _parts(counted, rows, Dimension.THEME), rows.most_themes)
    yield from (Row(Unit.HELD, Dimension.THEME, code, number) for code, number in themes.items())


def _of_exposed(counted: Counted, rows: Rows) -> Iterator[Row]:
    total = counted.exposed
    types = some_parts(each(sum(counted.held)), _parts(counted, rows, Dimension.TYPE)).parts
    # What is shown of types has room for all of these persons, whatever their ages: else they would tell of a type that
    # isn't shown, or of how many there were of an age.
    groups = len(rows.of.get(Dimension.AGE, ())) + 1
    asked = sum(types.get(code) or 0 for code in rows.types_with_exposed)
    room = rows.most_exposed * (asked - FEWEST_SHOWN * groups)
    total = total if total.number <= room else Count()
    ages = {code: counted.exposed_by_age.get(code, Count()) for code in rows.of.get(Dimension.AGE, ())}
    yield Row(Unit.EXPOSED, Dimension.YEAR, "", alone(total))
    yield from _with_rest(Unit.EXPOSED, Dimension.AGE, some_parts(total, ages))


def _of_calls(counted: Counted, rows: Rows) -> Iterator[Row]:
    total = each(sum(counted.calls))
    outcomes = {code: each(counted.outcomes.get(code, 0)) for code in rows.of.get(Dimension.OUTCOME, ())}
    yield Row(Unit.CALLS, Dimension.YEAR, "", alone(total))
    yield from _quarters(Unit.CALLS, total, counted.calls)
    yield from _with_rest(Unit.CALLS, Dimension.OUTCOME, some_parts(total, outcomes))


def _quarters(unit: Unit, total: Count, numbers: Sequence[int]) -> Iterator[Row]:
    shown = all_parts(total, [each(number) for number in numbers])
    yield from (Row(unit, Dimension.QUARTER, str(quarter), number) for quarter, number in enumerate(shown, start=1))


def _with_rest(unit: Unit, dimension: Dimension, shown: Shown) -> Iterator[Row]:
    yield from (Row(unit, dimension, code, number) for code, number in shown.parts.items())
    yield Row(unit, dimension, REST, shown.rest)


def _parts(counted: Counted, rows: Rows, dimension: Dimension) -> dict[str, Count]:
    numbers = counted.held_by.get(dimension, {})
    return {code: each(numbers.get(code, 0)) for code in rows.of.get(dimension, ())}
