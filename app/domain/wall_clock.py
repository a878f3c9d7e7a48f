"""From a wall clock to instants, defined also where the clock is set forward or back.

A wall time that comes twice (the hour when the clock is set back) means the first time that it comes. A wall time that
never comes (the hour when the clock is set forward) means the instant at which the clock jumps over it. So later wall
times never mean earlier instants, and intervals that meet on the wall meet in time: no hole, and nothing twice.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time
    from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
NOTHING = timedelta()


def instant_at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a clock on a wall in ``zone`` shows ``wall`` (whole seconds) on ``day``."""
    first = datetime.combine(day, wall, tzinfo=zone).replace(fold=0)
    second = first.replace(fold=1)
    if _offset(second) > _offset(first):
        return _jump_between(second.astimezone(UTC), first.astimezone(UTC), zone)
    return first.astimezone(UTC)


def times_shown(day: date, wall: time, zone: ZoneInfo) -> int:
    """How often a clock in ``zone`` shows ``wall`` on ``day``: never when it jumps over it, twice when set back.

    Who wrote such a time has to be told which instant was understood.
    """
    first = datetime.combine(day, wall, tzinfo=zone).replace(fold=0)
    change = _offset(first.replace(fold=1)) - _offset(first)
    return 1 + (change < NOTHING) - (change > NOTHING)


def local_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant on the wall clock of ``zone``; a naive value is refused with a ValueError."""
    if instant.tzinfo is None:
        message = f"an instant needs an offset from UTC: {instant.isoformat()} has none"
        raise ValueError(message)
    return instant.astimezone(zone)


def _jump_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset changes in ``(before, after]``."""
    seconds = range((after - before) // ONE_SECOND)
    new_offset = _offset(after.astimezone(zone))
    jump = bisect_left(seconds, new_offset, key=lambda passed: _offset((before + passed * ONE_SECOND).astimezone(zone)))
    return before + jump * ONE_SECOND


def _offset(local: datetime) -> timedelta:
    # Never None: every caller gives a value with a zone.
    return local.utcoffset() or timedelta()
