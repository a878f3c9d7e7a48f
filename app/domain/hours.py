"""When a line is open, why it is closed, and when it opens next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from app.domain.wall_clock import ONE_DAY, ONE_SECOND, instant_at, local_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 400
LOOK_BACK_DAYS = 14
_SATURDAY = 5
_DAYS_IN_WEEK = 7


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
    """Why a line is closed.

    ``name`` is the Swedish name of a holiday or an eve (Julafton), the words of a dated change, or the key of a special
    day (a value of SpecialDay: Words has its name); else empty.
    """

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

    def covers(self, day: date) -> bool:
        """Whether the days off of that year are known."""
        return self.first_year <= day.year <= self.last_year


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A line's weekly hours with their exceptions by rule."""

    zone: ZoneInfo
    weekly: tuple[tuple[Interval, ...], ...]
    """Seven days from Monday; sorted intervals that don't overlap."""
    calendar: Calendar
    close_on_eves: bool = True
    special_days: Mapping[SpecialDay, tuple[Interval, ...]] = field(default_factory=dict)
    """Hours on special days; an empty tuple closes. They never open a weekday that has no weekly hours."""
    days_off: tuple[tuple[date, ...], ...] = field(init=False, repr=False, compare=False)
    """Seven sorted tuples from Monday: the holidays, and the eves where they close, that fall on that weekday."""

    def __post_init__(self) -> None:
        if len(self.weekly) != _DAYS_IN_WEEK:
            message = f"weekly hours have seven days, not {len(self.weekly)}"
            raise ValueError(message)
        days = sorted({*self.calendar.holidays, *(self.calendar.eves if self.close_on_eves else ())})
        by_weekday = (tuple(day for day in days if day.weekday() == weekday) for weekday in range(_DAYS_IN_WEEK))
        object.__setattr__(self, "days_off", tuple(by_weekday))

    def is_day_off(self, day: date) -> bool:
        """Whether ``day`` is a public holiday, or an eve on which this line closes. Weekends aren't, as such."""
        calendar = self.calendar
        return day in calendar.holidays or (self.close_on_eves and day in calendar.eves)


@dataclass(frozen=True, slots=True)
class DatedChange:
    """Other hours on one day: replaces all rules on ``day``. No intervals: closed all day."""

    day: date
    intervals: tuple[Interval, ...]
    because: str
    """In Swedish, as it may be spoken; no names."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The answer for one instant, on the line's wall clock: compare in UTC, or an hour that comes twice is misjudged.

    Open: ``closes_at`` alone is set. Closed: ``closed``, and ``next_opening`` if there is one.
    """

    at: datetime
    closed: Closed | None
    closes_at: datetime | None
    next_opening: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether callers are let in."""
        return self.closed is None


class Span(NamedTuple):
    """Open time between two instants, in UTC: ``[opens, closes)``."""

    opens: datetime
    closes: datetime


def opening_at(hours: OpeningHours, changes: Mapping[date, DatedChange], at: datetime) -> Opening:
    """Answer for the aware instant ``at``; the instants in the answer are on the line's wall clock.

    A day takes its hours, and the reason for all of its closed time, from the first of: its dated change, the weekend
    (without weekly hours), a holiday, an eve, a special day that the schedule names, its weekday. Only on a day of the
    last sort is the line closed because it is before opening, in a break, or after closing. The next opening is looked
    for on the 400 days after ``at``, as far as the calendar goes. What wall times mean when the clock is set is said in
    wall_clock.py.

    Raises ValueError for a naive ``at`` and for one in a year outside the calendar.
    """
    local, instant = local_at(hours, at), at.astimezone(UTC)
    spans = open_spans(hours, changes, local.date())
    for span in spans:
        if span.opens <= instant < span.closes:
            return Opening(local, closed=None, closes_at=span.closes.astimezone(hours.zone), next_opening=None)
    closed = _why_closed(hours, changes, local.date(), spans, instant)
    return Opening(local, closed, closes_at=None, next_opening=_next_opening(hours, changes, local))


def is_open(hours: OpeningHours, changes: Mapping[date, DatedChange], at: datetime) -> bool:
    """What ``opening_at`` says, without the search for the next opening. Raises as it does."""
    local, instant = local_at(hours, at), at.astimezone(UTC)
    return any(opens <= instant < closes for opens, closes in open_spans(hours, changes, local.date()))


def last_open_instant(hours: OpeningHours, changes: Mapping[date, DatedChange], at: datetime) -> datetime | None:
    """``at`` itself while open, else the last whole second before the closing time that came last.

    Looks back on the day itself and the 14 days before it, as far as the calendar goes. Raises as ``opening_at`` does.
    """
    local, instant = local_at(hours, at), at.astimezone(UTC)
    for day in _covered_days(hours, local.date(), range(0, -LOOK_BACK_DAYS - 1, -1)):
        for span in reversed(open_spans(hours, changes, day)):
            if span.opens <= instant < span.closes:
                return local
            if span.closes <= instant:
                return (span.closes - ONE_SECOND).astimezone(hours.zone)
    return None


def local_at(hours: OpeningHours, at: datetime) -> datetime:
    """The instant on the line's wall clock. Raises ValueError if it is naive or in a year outside the calendar."""
    local, calendar = local_time(at, hours.zone), hours.calendar
    if not calendar.covers(local.date()):
        message = f"{local.date()} is outside the calendar, which covers {calendar.first_year} to {calendar.last_year}"
        raise ValueError(message)
    return local


def open_spans(hours: OpeningHours, changes: Mapping[date, DatedChange], day: date) -> tuple[Span, ...]:
    """When the line is open on that local date: in order, apart from each other (intervals that meet are one)."""
    intervals, _ = _plan(hours, changes, day)
    spans: list[Span] = []
    for interval in sorted(intervals):
        opens, closes = (instant_at(day, wall, hours.zone) for wall in (interval.opens, interval.closes))
        if spans and opens <= spans[-1].closes:
            spans[-1] = Span(spans[-1].opens, max(closes, spans[-1].closes))
        elif opens < closes:  # an interval within the hour that the clock jumps over never comes
            spans.append(Span(opens, closes))
    return tuple(spans)


def _covered_days(hours: OpeningHours, day: date, steps: range) -> Iterator[date]:
    days = (day + step * ONE_DAY for step in steps)
    return takewhile(hours.calendar.covers, days)


def _next_opening(hours: OpeningHours, changes: Mapping[date, DatedChange], local: datetime) -> datetime | None:
    instant = local.astimezone(UTC)
    for day in _covered_days(hours, local.date(), range(LOOK_AHEAD_DAYS + 1)):
        for span in open_spans(hours, changes, day):
            if span.opens > instant:
                return span.opens.astimezone(hours.zone)
    return None


def _why_closed(
    hours: OpeningHours,
    changes: Mapping[date, DatedChange],
    day: date,
    spans: tuple[Span, ...],
    instant: datetime,
) -> Closed:
    _, closed = _plan(hours, changes, day)
    if closed is not None:
        return closed
    if not spans or instant >= spans[-1].closes:
        return Closed(ClosedKind.AFTER_CLOSING)
    return Closed(ClosedKind.BEFORE_OPENING if instant < spans[0].opens else ClosedKind.BREAK)


def _plan(
    hours: OpeningHours, changes: Mapping[date, DatedChange], day: date
) -> tuple[tuple[Interval, ...], Closed | None]:
    """The intervals of a day, and why it is closed outside them; None: because of the time of day."""
    usual, calendar = hours.weekly[day.weekday()], hours.calendar
    if (change := changes.get(day)) is not None:
        return change.intervals, Closed(ClosedKind.DATED_CHANGE, change.because)
    if day.weekday() >= _SATURDAY and not usual:
        return (), Closed(ClosedKind.WEEKEND)
    if day in calendar.holidays:
        return (), Closed(ClosedKind.HOLIDAY, calendar.holidays[day])
    if hours.close_on_eves and day in calendar.eves:
        return (), Closed(ClosedKind.EVE, calendar.eves[day])
    if (special := _special_day(hours, day)) is not None:
        return hours.special_days[special] if usual else (), Closed(ClosedKind.SPECIAL_DAY, special.value)
    return usual, None if usual else Closed(ClosedKind.NO_HOURS)


def _special_day(hours: OpeningHours, day: date) -> SpecialDay | None:
    """The special day that ``day`` is, of those that the schedule names. Of two, the one that closes first."""
    named = [special for special in hours.special_days if _IS[special](hours, day)]
    return min(named, key=lambda special: _closing_time(hours.special_days[special]), default=None)


def _is_klamdag(hours: OpeningHours, day: date) -> bool:
    def is_free(one: date) -> bool:
        return one.weekday() >= _SATURDAY or hours.is_day_off(one)

    return not is_free(day) and is_free(day - ONE_DAY) and is_free(day + ONE_DAY)


def _is_before(name: str) -> Callable[[OpeningHours, date], bool]:
    # The name may stand beside another one, when two holidays fall on the same day.
    return lambda hours, day: name in hours.calendar.holidays.get(day + ONE_DAY, "")


def _is_on(month: int, day_of_month: int) -> Callable[[OpeningHours, date], bool]:
    return lambda _, day: (day.month, day.day) == (month, day_of_month)


_IS: Mapping[SpecialDay, Callable[[OpeningHours, date], bool]] = {
    SpecialDay.TRETTONDAGSAFTON: _is_on(1, 5),
    SpecialDay.SKARTORSDAGEN: _is_before("Långfredagen"),
    SpecialDay.VALBORGSMASSOAFTON: _is_on(4, 30),
    SpecialDay.ALLHELGONAAFTON: _is_before("Alla helgons dag"),
    SpecialDay.DAGEN_FORE_JULAFTON: _is_on(12, 23),
    SpecialDay.KLAMDAG: _is_klamdag,
}


def _closing_time(intervals: tuple[Interval, ...]) -> time:
    return max((one.closes for one in intervals), default=time.min)
