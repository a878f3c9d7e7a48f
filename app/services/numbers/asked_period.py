"""Which period somebody asks to see, and why one can't be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.domain import calendar_periods as calendar
from app.domain.calendar_periods import Kind
from app.domain.errors import NotFound
from app.domain.trends import Period
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from datetime import date

    from app.domain.lines import LineKey

EARLIEST: Final = 1990
"""The first year that is shown."""
LONGEST_DAYS: Final = 3_700
"""Ten years and a bit: the longest period of one's own choice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: the period of this ``kind`` with ``day``, by itself the last one that is over.

    ``last`` is the last day of a period of one's own choice, and of no other; ``lines``: none means all in reach.
    """

    kind: Kind = Kind.QUARTER
    day: date | None = None
    last: date | None = None
    lines: frozenset[LineKey] = frozenset()


class Why(StrEnum):
    """Why there is no such period."""

    NO_FIRST = "no first day"
    NO_LAST = "no last day"
    TURNED = "the last day is before the first"
    AHEAD = "it lies ahead"
    TOO_EARLY = "it is too long ago"
    TOO_LONG = "it is too long"


class NoSuchPeriod(NotFound):
    """The period that is asked for can't be shown."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(f"there is no such period: {why}")


def period_asked(asked: Asked, today: date) -> Period:
    """The one that is asked for. Raises ``NoSuchPeriod``."""
    period = _period(asked, today)
    if period.first > today:
        raise NoSuchPeriod(Why.AHEAD)
    if period.first.year < EARLIEST:
        raise NoSuchPeriod(Why.TOO_EARLY)
    if period.day_count > LONGEST_DAYS:
        raise NoSuchPeriod(Why.TOO_LONG)
    return period


def _period(asked: Asked, today: date) -> Period:
    if asked.kind is not Kind.OWN:
        day = asked.day or calendar.period_with(asked.kind, today).first - ONE_DAY
        return calendar.period_with(asked.kind, day)
    if asked.day is None:
        raise NoSuchPeriod(Why.NO_FIRST)
    if asked.last is None:
        raise NoSuchPeriod(Why.NO_LAST)
    if asked.last < asked.day:
        raise NoSuchPeriod(Why.TURNED)
    return Period(asked.day, asked.last)
