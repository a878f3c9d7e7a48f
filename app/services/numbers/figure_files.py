"""CSV files of figures: how many people live where, and what was published elsewhere. Nothing here knows the database.

A file is read whole: every mistake is told by its row and column, and with one mistake nothing of it is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from app.domain.history import LONGEST_SOURCE, EarlierFigure, SeriesUnit, grain_of, overlap
from app.domain.lines import LineKey, MunicipalityCode
from app.domain.trends import Period
from app.services.csv_reading import FileWrong, Mistake, by_row, day_of, table_of
from app.services.numbers.figure_rows import EARLIEST, Wrong

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from app.domain.municipalities import Municipalities
    from app.services.csv_reading import Reading

POPULATION: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("code", "year", "population"),
    "sv": ("kod", "år", "folkmängd"),
}
HISTORY: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("line", "unit", "first", "last", "number", "source"),
    "sv": ("linje", "enhet", "första", "sista", "antal", "källa"),
}
"""The header in each language, in the same order."""
UNITS: Final = {
    **{unit.value: unit for unit in SeriesUnit},
    "ärenden": SeriesUnit.CASES,
    "utsatta": SeriesUnit.PERSONS,
    "konsultationer": SeriesUnit.CONSULTATIONS,
    "samtal": SeriesUnit.CALLS,
}
_CODE_DIGITS = 4
_MOST_ROWS = 20_000
_MOST = 100_000_000
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """How many lived in a municipality in a year."""

    municipality: MunicipalityCode
    year: int
    number: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A published figure, and the row that it stands in."""

    row: int
    figure: EarlierFigure


def read_population(
    text: str, municipalities: Municipalities, today: date
) -> tuple[Sequence[Inhabitants], Sequence[Mistake]]:
    """All rows that read well, and every mistake of the others."""
    readings, mistakes = table_of(text, POPULATION, _MOST_ROWS)
    found: dict[tuple[MunicipalityCode, int], Inhabitants] = {}
    for reading in readings:
        one = _inhabitants(reading, municipalities, today)
        if one and (one.municipality, one.year) in found:
            reading.refuse("code", FileWrong.TWICE, f"{one.municipality} {one.year}")
        elif one:
            found[one.municipality, one.year] = one
        mistakes += reading.mistakes
    return tuple(found.values()), by_row(mistakes)


def read_history(text: str, lines: Collection[LineKey], today: date) -> tuple[Sequence[FigureRow], Sequence[Mistake]]:
    """All rows that read well, and every mistake of the others. ``lines``: those that a row may be of."""
    readings, mistakes = table_of(text, HISTORY, _MOST_ROWS)
    found: list[FigureRow] = []
    for reading in readings:
        figure = _figure(reading, lines, today)
        if figure:
            found.append(FigureRow(reading.row, figure))
        mistakes += reading.mistakes
    mistakes += _overlaps(found)
    return tuple(found), by_row(mistakes)


def interval(period: Period) -> str:
    """A period by ISO 8601, as mistakes name it."""
    return f"{period.first}/{period.last}"


def _inhabitants(reading: Reading, municipalities: Municipalities, today: date) -> Inhabitants | None:
    # Spreadsheets take the zero of 0180 away.
    code = MunicipalityCode(reading.cells["code"].zfill(_CODE_DIGITS))
    if code not in municipalities.by_code:
        reading.refuse("code", Wrong.NO_MUNICIPALITY, reading.cells["code"])
    typed = reading.cells["year"]
    year = int(typed) if _YEAR.fullmatch(typed) else 0
    if not EARLIEST <= year <= today.year:
        reading.refuse("year", Wrong.NO_YEAR, typed)
    number = _number(reading, "population", least=1)
    return None if reading.mistakes else Inhabitants(code, year, number)


def _figure(reading: Reading, lines: Collection[LineKey], today: date) -> EarlierFigure | None:
    line = LineKey(reading.cells["line"].lower())
    if line not in lines:
        reading.refuse("line", Wrong.NO_LINE, reading.cells["line"])
    unit = UNITS.get(reading.cells["unit"].lower().replace(" ", "_"))
    if unit is None:
        reading.refuse("unit", Wrong.NO_UNIT, reading.cells["unit"])
    period = _period(reading, today)
    number = _number(reading, "number", least=0)
    source = reading.cells["source"]
    if not 0 < len(source) <= LONGEST_SOURCE:
        reading.refuse("source", Wrong.NO_SOURCE, source)
    if reading.mistakes or unit is None or period is None:
        return None
    return EarlierFigure(line, unit, period, number, source)


def _period(reading: Reading, today: date) -> Period | None:
    first, last = _day(reading, "first"), _day(reading, "last")
    if first is None or last is None:
        return None
    if last < first or grain_of(Period(first, last)) is None:
        reading.refuse("last", Wrong.NO_PERIOD, f"{first}/{last}")
        return None
    if last >= today:
        reading.refuse("last", Wrong.AHEAD, last.isoformat())
    return Period(first, last)


def _number(reading: Reading, column: str, least: int) -> int:
    """A whole number, with spaces between its digits or without; one that is wrong is refused."""
    digits = reading.cells[column].replace(" ", "")
    number = int(digits) if _DIGITS.fullmatch(digits) else -1
    if not least <= number <= _MOST:
        reading.refuse(column, Wrong.NO_NUMBER, reading.cells[column])
    return number


def _day(reading: Reading, column: str) -> date | None:
    """A day as 2014-03-13; ``None`` for anything else, which is refused."""
    day = day_of(reading.cells[column])
    if day is None or day.year < EARLIEST:
        reading.refuse(column, Wrong.NO_DAY, reading.cells[column])
        return None
    return day


def _overlaps(rows: Sequence[FigureRow]) -> Iterator[Mistake]:
    """Rows whose days are in another one of the same line and unit, too."""
    ordered = sorted(rows, key=lambda one: (*_series(one), one.figure.period, one.row))
    for _, of_series in groupby(ordered, key=_series):
        reaching, *others = of_series
        for one in others:
            mine, other = one.figure.period, reaching.figure.period
            if overlap(mine, other):
                wrong = FileWrong.TWICE if mine == other else Wrong.OVERLAPS
                yield Mistake(max(one.row, reaching.row), "first", wrong, interval(other))
            reaching = max(reaching, one, key=lambda each: each.figure.period.last)


def _series(one: FigureRow) -> tuple[str, str]:
    return one.figure.line, one.figure.unit
