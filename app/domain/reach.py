"""How often municipalities turn to a line, and which of them are silent."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain.calendar_periods import month_with
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from datetime import date

SILENT_MONTHS: Final = (3, 6, 12, 24)
"""For how many months somebody is offered to ask who has been silent."""
MOST_SILENT_MONTHS = 36
"""For how many they may, from one on."""
LEAST_REGULAR = 3
"""Months with a consultation: fewer are no habit, however short the period is."""
_MONTHS_A_YEAR = 12
_PER = 10_000


class Often(StrEnum):
    """How often a municipality turned to the line in a period."""

    NEVER = "never"
    ONCE = "once"
    SEVERAL = "several"
    """More than once, and not regularly."""
    REGULARLY = "regularly"
    """In at least half of the months of the period, and in three at least."""


def how_often(consultations: int, months_with_any: int, months: int) -> Often:
    """``months``: how many calendar months the period has a part of; ``months_with_any``: in how many there was one."""
    if not consultations:
        return Often.NEVER
    if months_with_any >= LEAST_REGULAR and 2 * months_with_any >= months:
        return Often.REGULARLY
    return Often.ONCE if consultations == 1 else Often.SEVERAL


def per_10_000(consultations: int, population: int | None) -> float | None:
    """Consultations for each 10,000 inhabitants; ``None`` where nobody knows how many live there."""
    return consultations * _PER / population if population else None


def quiet_months(last: date | None, since: date, until: date) -> int:
    """How many whole calendar months up to ``until`` there was nothing.

    ``last``: a day of the last month with a consultation; ``None``: there was none since the first day that is counted.
    """
    heard = last if last is not None else since - ONE_DAY
    whole = until if month_with(until).last == until else until.replace(day=1) - ONE_DAY
    return max(0, _number(whole) - _number(heard))


def _number(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month
