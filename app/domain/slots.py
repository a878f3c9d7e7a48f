"""The days, weeks or hours that the turns of a rota are counted in."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from app.domain.wall_clock import ONE_DAY, instant_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from app.domain.hours import OpeningHours

ONE_HOUR = timedelta(hours=1)
_DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of a rota: its ``number``, counted from 0 at the anchor, and the local date on which it begins."""

    number: int
    day: date
    hour: time | None = None
    """When it begins on the wall clock; hourly slots alone say so."""


@dataclass(frozen=True, slots=True)
class _Weekday:
    """The slots that begin on one day of the week: every seventh day from ``first`` on, except ``skipped`` (sorted)."""

    first: date
    skipped: tuple[date, ...]
    skipped_before_first: int

    @classmethod
    def of(cls, weekday: int, skipped: tuple[date, ...], anchor: date) -> _Weekday:
        first = anchor + _days_between(anchor.weekday(), weekday)
        return cls(first, skipped, bisect_left(skipped, first))

    def count_before(self, day: date) -> int:
        if day <= self.first:
            return 0
        weeks = -((self.first - day).days // _DAYS_IN_WEEK)
        return weeks - bisect_left(self.skipped, day) + self.skipped_before_first

    def begins_on(self, day: date) -> bool:
        place = bisect_left(self.skipped, day)
        return self.skipped[place : place + 1] != (day,)


@dataclass(frozen=True, slots=True)
class Slots:
    """All slots of a rota from its anchor on. Counts by arithmetic: as quick after twenty years as after one."""

    weekdays: Mapping[int, _Weekday]

    def count_before(self, day: date) -> int:
        """How many slots begin before ``day``."""
        return sum([weekday.count_before(day) for weekday in self.weekdays.values()])

    def latest(self, day: date) -> Slot | None:
        """The slot that began last, on ``day`` or before; None before the first."""
        count = self.count_before(day + ONE_DAY)
        if count == 0:
            return None
        while not self._begins_on(day):
            day -= ONE_DAY
        return Slot(count - 1, day)

    def _begins_on(self, day: date) -> bool:
        weekday = self.weekdays.get(day.weekday())
        return weekday is not None and weekday.begins_on(day)


@dataclass(frozen=True, slots=True)
class HourlySlots:
    """As many hours of the wall clock, from ``first`` on, of every day that is a slot of ``days``."""

    days: Slots
    first: time
    hours_a_day: int
    """24 at most."""
    zone: ZoneInfo

    def count_before(self, day: date) -> int:
        """How many slots begin before ``day``: of the day before, those that begin before midnight."""
        days = self.days.count_before(day)
        has_yesterday = days - self.days.count_before(day - ONE_DAY)
        after_midnight = sum(begins.date() > day for begins in self._begins(day))
        return days * self.hours_a_day - has_yesterday * after_midnight

    def latest(self, day: date, instant: datetime) -> Slot | None:
        """The slot that began last; ``day`` is the latest on which the time ``first`` had come by ``instant`` (UTC)."""
        counted = self.days.latest(day)
        if counted is None:
            return None
        begun = [one for one in self._begins(counted.day) if instant_at(one.date(), one.time(), self.zone) <= instant]
        return Slot(counted.number * self.hours_a_day + len(begun) - 1, begun[-1].date(), begun[-1].time())

    def _begins(self, day: date) -> list[datetime]:
        """On the wall: when the slots of the ``day`` begin."""
        return [datetime.combine(day, self.first) + hour * ONE_HOUR for hour in range(self.hours_a_day)]


def daily_slots(hours: OpeningHours, weekdays: Iterable[int], anchor: date) -> Slots:
    """A slot on each of the ``weekdays``, except on days off."""
    return Slots({weekday: _Weekday.of(weekday, hours.days_off[weekday], anchor) for weekday in weekdays})


def weekly_slots(hours: OpeningHours, weekdays: frozenset[int], first_weekday: int, anchor: date, until: date) -> Slots:
    """A slot a week, from ``first_weekday`` on, except weeks whose ``weekdays`` are all off. Good up to ``until``."""
    idle_weeks = tuple(_idle_weeks(hours, weekdays, first_weekday, anchor, until))
    return Slots({first_weekday: _Weekday.of(first_weekday, idle_weeks, anchor)})


def _idle_weeks(
    hours: OpeningHours, weekdays: frozenset[int], first_weekday: int, anchor: date, until: date
) -> Iterator[date]:
    # A week can only be idle when its rarest day off is: few weeks to look at, even over decades.
    rarest = min(weekdays, key=lambda weekday: len(hours.days_off[weekday]))
    days_off = hours.days_off[rarest]
    offset = _days_between(first_weekday, rarest)
    for day in days_off[bisect_left(days_off, anchor) : bisect_left(days_off, until + offset + ONE_DAY)]:
        week = day - offset
        if all(hours.is_day_off(week + _days_between(first_weekday, weekday)) for weekday in weekdays):
            yield week


def _days_between(earlier: int, later: int) -> timedelta:
    return timedelta(days=(later - earlier) % _DAYS_IN_WEEK)
