"""When a line is open, why it is closed, and when it opens next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo


class SpecialDay(StrEnum):
    """Days on which Swedish offices often shorten their hours; open as usual unless a schedule says otherwise."""

    TRETTONDAGSAFTON = "trettondagsafton"
    SKARTORSDAGEN = "skartorsdagen"
    VALBORGSMASSOAFTON = "valborgsmassoafton"
    ALLHELGONAAFTON = "allhelgonaafton"
    DAGEN_FORE_JULAFTON = "dagen_fore_julafton"
    KLAMDAG = "klamdag"
    """A single weekday between two closed days (2026: 2 January, 5 January, 15 May)."""


class ClosedKind(StrEnum):
    """Why a line is closed. The order of precedence is the order here."""

    DATED_CHANGE = "dated_change"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    EVE = "eve"
    SPECIAL_DAY = "special_day"
    NO_HOURS = "no_hours"
    BEFORE_OPENING = "before_opening"
    BREAK = "break"
    AFTER_CLOSING = "after_closing"


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a line is closed; ``name`` is the day's Swedish name (Julafton), or the words of a dated change, or empty."""

    kind: ClosedKind
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Opening hours ``[opens, closes)`` on the line's wall clock, within one day, at whole seconds."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            message = "an interval closes after it opens"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Swedish days off, by local date. Covers the years ``first_year`` to ``last_year``, both included."""

    holidays: Mapping[date, str]
    """Public holidays (lag 1989:253), with their Swedish names."""
    eves: Mapping[date, str]
    """Midsommarafton, julafton and nyårsafton."""
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A line's weekly hours with their exceptions by rule."""

    zone: ZoneInfo
    weekly: tuple[tuple[Interval, ...], ...]
    """Seven days from Monday; sorted intervals that don't overlap."""
    calendar: Calendar
    close_on_eves: bool = True
    special_days: Mapping[SpecialDay, tuple[Interval, ...]] = field(default_factory=dict)
    """Hours on special days; an empty tuple closes."""


@dataclass(frozen=True, slots=True)
class DatedChange:
    """Another day's hours: replaces all rules on ``day``. No intervals: closed all day."""

    day: date
    intervals: tuple[Interval, ...]
    because: str
    """In Swedish, as it may be spoken; no names."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The answer for one instant. Open: ``closes_at`` alone is set. Closed: ``closed``, and ``next_opening`` if there is one."""

    at: datetime
    closed: Closed | None
    closes_at: datetime | None
    next_opening: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether callers are let in."""
        return self.closed is None


def opening_at(hours: OpeningHours, changes: Mapping[date, DatedChange], at: datetime) -> Opening:
    """Answer for the aware instant ``at``; the instants in the answer are on the line's wall clock."""
    raise NotImplementedError


def last_open_instant(hours: OpeningHours, changes: Mapping[date, DatedChange], at: datetime) -> datetime | None:
    """``at`` itself while open, else the last whole second before the closing time that came last (within 14 days)."""
    raise NotImplementedError
