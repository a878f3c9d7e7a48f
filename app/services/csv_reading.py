"""Files of rows that people fill in: each row a reading with its mistakes. Nothing here knows what the rows are of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.errors import RejectedInput
from app.services.csv_rows import header_of, meant, rows_of, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LONGEST_SHOWN: Final = 40
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class FileWrong(StrEnum):
    """What can be wrong with any such file; what its cells can be is said where they are read."""

    NO_TABLE = "no_table"
    """It isn't CSV, or nothing is in it."""
    HEADER = "header"
    CELLS = "cells"
    TOO_MANY = "too_many"
    TWICE = "twice"
    """What the row is about comes in an earlier row, too."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. ``column`` is one of the English header; empty: the whole row."""

    row: int
    """As a spreadsheet counts; 0: the whole file."""
    column: str
    wrong: StrEnum
    found: str = ""


@dataclass(slots=True)
class Reading:
    """The cells of one row by the English header, and what was wrong with them."""

    row: int
    cells: Mapping[str, str]
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, column: str, wrong: StrEnum, found: str = "") -> None:
        """Say what is wrong with a cell."""
        self.mistakes.append(Mistake(self.row, column, wrong, found[:_LONGEST_SHOWN]))


def table_of(
    text: str, columns: Mapping[str, tuple[str, ...]], most_rows: int
) -> tuple[Sequence[Reading], list[Mistake]]:
    """The rows of a file with this header; those that have other cells than it has are mistakes."""
    try:
        lines = list(rows_of(text))
    except RejectedInput:
        lines = []
    if not lines:
        return (), [Mistake(0, "", FileWrong.NO_TABLE)]
    header = header_of(lines[0][1], columns)
    if header is None:
        return (), [Mistake(lines[0][0], "", FileWrong.HEADER)]
    if len(lines) > most_rows:
        return (), [Mistake(0, "", FileWrong.TOO_MANY, str(len(lines) - 1))]
    mistakes = [Mistake(row, "", FileWrong.CELLS) for row, cells in lines[1:] if len(cells) != len(header)]
    readings = [
        Reading(row, dict(zip(header, (tidy(meant(cell)) for cell in cells), strict=True)))
        for row, cells in lines[1:]
        if len(cells) == len(header)
    ]
    return readings, mistakes


def by_row(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """In the order in which somebody mends them."""
    return tuple(sorted(mistakes, key=lambda one: one.row))


def day_of(text: str) -> date | None:
    """A day as 2014-03-13; ``None`` for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
