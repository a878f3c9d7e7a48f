"""Follow-ups: the promise to ring back within two weeks, on a day on which the line is open.

When one is due is computed, not stored: a day that is closed later brings it forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.hours import open_spans
from app.domain.wall_clock import ONE_DAY, local_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from app.domain.hours import DatedChange, OpeningHours

WITHIN_DAYS = 14
"""What the centres promise."""
FURTHEST_DAYS = 366
"""A move goes no further than this from today."""


class FollowUpState(StrEnum):
    """How a follow-up stands."""

    PLANNED = "planned"
    DUE = "due"
    """Today."""
    OVERDUE = "overdue"
    DONE = "done"
    DROPPED = "dropped"
    """Ended without a conversation."""


class FollowUpEnd(StrEnum):
    """Why a follow-up is over."""

    DONE = "done"
    NOT_REACHED = "not_reached"
    """Tried often enough."""
    NO_LONGER_WANTED = "no_longer_wanted"


class FollowUpEventKind(StrEnum):
    """What somebody did about a follow-up."""

    PROMISED = "promised"
    MOVED = "moved"
    NOT_REACHED = "not_reached"
    """Tried, and still to be done."""
    ENDED = "ended"


class Moved(StrEnum):
    """Why a follow-up was moved."""

    CALLER_ASKED = "caller_asked"
    NOT_REACHED = "not_reached"
    ABSENCE = "absence"
    WAITING = "waiting"
    """For something that has to happen first."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Promise:
    """What decides when a follow-up is due."""

    promised_on: date
    """The local date of the consultation that it was promised in."""
    within_days: int = WITHIN_DAYS
    """1 to 14."""
    moved_to: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.within_days <= WITHIN_DAYS:
            message = f"a follow-up is promised within 1 to {WITHIN_DAYS} days, not {self.within_days}"
            raise ValueError(message)

    @property
    def latest(self) -> date:
        """No later than this, whatever is closed."""
        return self.moved_to or self.promised_on + self.within_days * ONE_DAY


def due_on(hours: OpeningHours, changes: Mapping[date, DatedChange], promise: Promise) -> date:
    """The last open day that keeps the promise.

    When every day since the promise is closed it is the day of the promise itself, if that was open, and else the first
    open day that comes: only then is it later than promised. Raises ``ValueError`` for days outside the calendar, and
    ``LookupError`` for a line that doesn't open again.
    """
    day = promise.latest
    while day >= promise.promised_on:
        if is_open_on(hours, changes, day):
            return day
        day -= ONE_DAY
    return _first_open_day(hours, changes, promise.latest + ONE_DAY)


def is_open_on(hours: OpeningHours, changes: Mapping[date, DatedChange], day: date) -> bool:
    """Whether the line is open at some time of that local date. Raises ``ValueError`` outside the calendar."""
    if not hours.calendar.covers(day):
        message = f"{day} is outside the calendar"
        raise ValueError(message)
    return bool(open_spans(hours, changes, day))


def state_on(due: date, today: date, ended_as: FollowUpEnd | None) -> FollowUpState:
    """How a follow-up stands on a local date."""
    if ended_as is not None:
        return FollowUpState.DONE if ended_as is FollowUpEnd.DONE else FollowUpState.DROPPED
    if due == today:
        return FollowUpState.DUE
    return FollowUpState.OVERDUE if due < today else FollowUpState.PLANNED


def is_kept(promised_at: datetime, done_at: datetime, zone: ZoneInfo) -> bool:
    """Whether it was done within two weeks, counted in local dates: whatever it was moved to."""
    promised, done = (local_time(at, zone).date() for at in (promised_at, done_at))
    return done <= promised + WITHIN_DAYS * ONE_DAY


def _first_open_day(hours: OpeningHours, changes: Mapping[date, DatedChange], day: date) -> date:
    for step in range(FURTHEST_DAYS):
        later = day + step * ONE_DAY
        if hours.calendar.covers(later) and is_open_on(hours, changes, later):
            return later
    message = "the line doesn't open again within a year"
    raise LookupError(message)
