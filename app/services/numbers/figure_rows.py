"""What came of a file of figures: taken in, or refused with every mistake."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.csv_reading import Mistake

EARLIEST: Final = 1950
"""The first year that a figure may be of."""


class Wrong(StrEnum):
    """What is wrong with a cell or a row."""

    NO_MUNICIPALITY = "no_municipality"
    NO_YEAR = "no_year"
    """Not a year, or one that hasn't begun."""
    NO_NUMBER = "no_number"
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
class Imported:
    """What a file changed: numbers that are new, that replaced others, and that stood there already."""

    added: int
    replaced: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of the file was stored."""

    mistakes: Sequence[Mistake]
