"""The rows of CSV files of figures, and what can be wrong with them. Nothing here knows the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.errors import RejectedInput
from app.services.csv_rows import header_of, meant, rows_of, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EARLIEST: Final = 1950
_MOST_ROWS = 20_000
_MOST = 100_000_000
_LONGEST_SHOWN = 40
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Wrong(StrEnum):
    """What is wrong with a cell, a row or the whole file."""

    NO_TABLE = "no_table"
    """It isn't CSV, or nothing is in it."""
    HEADER = "header"
    CELLS = "cells"
    TOO_MANY = "too_many"
    NO_MUNICIPALITY = "no_municipality"
    NO_YEAR = "no_year"
    """Not a year, or one that hasn't begun."""
    NO_NUMBER = "no_number"
    TWICE = "twice"
    """What the row is about comes in an earlier row, too."""
    NO_LINE = "no_line"
    NO_UNIT = "no_unit"
    NO_DAY = "no_day"
    NO_PERIOD = "no_period"
    """From the first to the last day there is no year, half-year, quarter or month, nor the end of one."""
    AHEAD = "ahead"
    """The period isn't over."""
    NO_SOURCE = "no_source"
    """None, or one that is too long."""
    OVERLAPS = "overlaps"
    """Another figure of the line and unit has days in common with it."""
    STANDS = "stands"
    """Another number was taken in for it before, and nobody said that it may be replaced."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. ``column`` is one of the English header; empty: the whole row."""

    row: int
    """As a spreadsheet counts; 0: the whole file."""
    column: str
    wrong: Wrong
    found: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file changed: numbers that are new, that replaced others, and that stood there already."""

    added: int
    replaced: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of the file was stored."""

    mistakes: Sequence[Mistake]


@dataclass(slots=True)
class Reading:
    """The cells of one row by the English header, and what was wrong with them."""

    row: int
    cells: Mapping[str, str]
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, column: str, wrong: Wrong, found: str = "") -> None:
        """Say what is wrong with a cell."""
        self.mistakes.append(Mistake(self.row, column, wrong, found[:_LONGEST_SHOWN]))

    def number(self, column: str, least: int) -> int:
        """A whole number, with spaces between its digits or without; one that is wrong is refused."""
        digits = self.cells[column].replace(" ", "")
        number = int(digits) if _DIGITS.fullmatch(digits) else -1
        if not least <= number <= _MOST:
            self.refuse(column, Wrong.NO_NUMBER, self.cells[column])
        return number

    def day(self, column: str) -> date | None:
        """A day as 2014-03-13; ``None`` for anything else, which is refused."""
        text = self.cells[column]
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day.year < EARLIEST:
            self.refuse(column, Wrong.NO_DAY, text)
            return None
        return day


def table_of(text: str, columns: Mapping[str, tuple[str, ...]]) -> tuple[Sequence[Reading], list[Mistake]]:
    """The rows of a file with this header; those that have other cells than it has are mistakes."""
    try:
        lines = list(rows_of(text))
    except RejectedInput:
        lines = []
    if not lines:
        return (), [Mistake(0, "", Wrong.NO_TABLE)]
    header = header_of(lines[0][1], columns)
    if header is None:
        return (), [Mistake(lines[0][0], "", Wrong.HEADER)]
    if len(lines) > _MOST_ROWS:
        return (), [Mistake(0, "", Wrong.TOO_MANY, str(len(lines) - 1))]
    mistakes = [Mistake(row, "", Wrong.CELLS) for row, cells in lines[1:] if len(cells) != len(header)]
    readings = [
        Reading(row, dict(zip(header, (tidy(meant(cell)) for cell in cells), strict=True)))
        for row, cells in lines[1:]
        if len(cells) == len(header)
    ]
    return readings, mistakes
