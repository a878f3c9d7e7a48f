"""The hours of a week on a line's wall clock: how long each was open, and how many are on duty in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from app.domain.hours import open_spans
from app.domain.trends import days_of
from app.domain.wall_clock import local_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.timetable import FinalSchedule
    from app.domain.trends import Period

_ONE_HOUR = timedelta(hours=1)
_HOURS_A_DAY = 24


class WeekHour(NamedTuple):
    """The hour that begins at ``hour`` (0 to 23) o'clock on a weekday (Monday is 0). One that comes twice is one."""

    weekday: int
    hour: int

    @property
    def until(self) -> int:
        """When it ends, on the clock."""
        return (self.hour + 1) % _HOURS_A_DAY


def open_time(hours: OpeningHours, changes: Mapping[date, DatedChange], period: Period) -> Mapping[WeekHour, timedelta]:
    """How long the line was open in each hour of the week, all weeks of the period together."""
    found: dict[WeekHour, timedelta] = defaultdict(timedelta)
    for day in days_of(period):
        for span in open_spans(hours, changes, day.first):
            for hour, length in _hours_within(span.opens, span.closes, hours.zone):
                found[hour] += length
    return found


def usually_on_duty(schedule: FinalSchedule, zone: ZoneInfo) -> Mapping[WeekHour, int]:
    """How many are on duty in each open hour of the week, of either tier: the median over the open time."""
    lengths: dict[WeekHour, Counter[int]] = defaultdict(Counter)
    for span in schedule.spans:
        for hour, length in _hours_within(span.begins, span.ends, zone):
            lengths[hour][len(span.on_duty)] += int(length.total_seconds())
    return {hour: _median(seconds) for hour, seconds in lengths.items()}


def _hours_within(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[WeekHour, timedelta]]:
    """The time from ``begins`` to ``ends``, cut where the clock on the wall strikes."""
    while begins < ends:
        local = local_time(begins, zone)
        struck = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        until = min(ends, begins + _ONE_HOUR - struck)
        yield WeekHour(local.weekday(), local.hour), until - begins
        begins = until


def _median(seconds: Counter[int]) -> int:
    """The number with which half of the time has passed; of two, the lower, so that nobody counts on too many."""
    numbers = sorted(seconds)
    passed = accumulate(seconds[number] for number in numbers)
    return next(number for number, so_far in zip(numbers, passed, strict=True) if 2 * so_far >= seconds.total())
