"""How well a line's rota meets its callers, hour by hour, and what one specialist more or fewer would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from app.domain import staffing, trends
from app.domain.calls import Outcome
from app.domain.chance import count_interval
from app.domain.errors import NotFound
from app.domain.histograms import mean_seconds
from app.domain.staffing import Demand
from app.domain.tallies import Dimension, TallyUnit, of_hour
from app.domain.trends import Period, Span
from app.domain.wall_clock import ONE_DAY, local_time
from app.domain.week_hours import WeekHour, open_time, usually_on_duty
from app.services.numbers.trends import Counted, count
from app.services.rota.duty import dated_changes
from app.services.rota.final_schedule import duty_on_days
from app.storage.queries import tallies as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line, LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.staffing import Choices

FEWEST_CALLS: Final = 30
"""With fewer in a period, nothing is said of single hours."""
ROTA_DAYS: Final = 28
"""So many days of the coming rota are looked at, from tomorrow on: each weekday four times."""
_HOURS: Final = (TallyUnit.CALL, Dimension.HOUR)
_TALKS: Final = (TallyUnit.CALL, Dimension.TALK)
_ASKED_FOR_NOBODY: Final = (Outcome.CLOSED, Outcome.REFERRED)
"""It was closed, or they were told where else to turn before anybody was rung."""
_ONE_HOUR: Final = timedelta(hours=1)
_DAYS_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. No line: the first in reach. ``wrap_up``: what a call takes after it is over."""

    line: LineKey | None = None
    span: Span = Span.WEEKS_52
    wrap_up: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the week."""

    at: WeekHour
    calls: int
    """How many asked for a specialist, in all weeks of the period."""
    open_time: timedelta
    """How long the line was open in it, in all weeks together."""
    choices: Choices
    blocked_range: tuple[float, float]
    """The share that meets all busy, had there been as few or as many calls as the number counted speaks for."""

    @property
    def specialists(self) -> int:
        """How many the coming rota has on duty, of either tier."""
        return self.choices.now.specialists


@dataclass(frozen=True, slots=True)
class Staffing:
    """A line's hours, those with the most callers who meet all busy among them, and its week as a whole."""

    line: Line
    in_reach: Sequence[Line]
    period: Period | None
    """Whole weeks, none before the line's first call; ``None`` where there are none."""
    rota: Period
    calls: int
    """How many asked for a specialist in open hours."""
    talks: int
    """How many talks the mean is taken of."""
    talk: timedelta
    """The mean."""
    wrap_up: timedelta
    hours: Sequence[Hour]
    """In order; none where there are too few calls to say anything, or no talk."""

    @property
    def handling(self) -> timedelta:
        """What a call takes a specialist on average."""
        return self.talk + self.wrap_up

    @property
    def blocked(self) -> float:
        """The share of the week's calls that meets all busy."""
        return self._of_all(lambda hour: hour.choices.now.blocked)

    @property
    def blocked_with_fewer(self) -> float:
        """The same with one specialist fewer in each hour that has any."""
        return self._of_all(lambda hour: (hour.choices.fewer or hour.choices.now).blocked)

    @property
    def blocked_with_more(self) -> float:
        """The same with one more in each hour."""
        return self._of_all(lambda hour: hour.choices.more.blocked)

    def a_year(self, share: float) -> float:
        """How many calls of a year such a share of them is."""
        days = self.period.day_count if self.period else _DAYS_A_YEAR
        return share * self.calls / days * _DAYS_A_YEAR

    def most_pressed(self, number: int) -> Sequence[Hour]:
        """The hours in which the most callers of a week meet all busy, the worst first."""
        return sorted((hour for hour in self.hours if _met_busy(hour)), key=_met_busy, reverse=True)[:number]

    def _of_all(self, share: Callable[[Hour], float]) -> float:
        return sum(share(hour) * hour.calls for hour in self.hours) / max(1, sum(hour.calls for hour in self.hours))


def of(session: Session, policy: Policy, actor: Actor, asked: Asked, now: datetime) -> Staffing | None:
    """The staffing of one line; ``None`` for whoever has no line in reach. Raises ``NotFound`` for another's line."""
    in_reach = [line for line in policy.lines.values() if line.key in actor.lines]
    if not in_reach:
        return None
    line = next((one for one in in_reach if asked.line in {None, one.key}), None)
    if line is None:
        message = "a line that isn't there, or isn't the asker's to see"
        raise NotFound(message)
    schedule = policy.schedules[line.key]
    zone = schedule.hours.zone
    today = local_time(now, zone).date()
    period = _period(stored.first_day(session, actor, line.key), asked.span, today)
    rota = Period(today + ONE_DAY, today + ROTA_DAYS * ONE_DAY)
    counted = count(session, actor, [line.key], period, [_HOURS, _TALKS]) if period else Counted(rota, Counter())
    opened = open_time(schedule.hours, dated_changes(session, line.key, period.first), period) if period else {}
    arrivals = _arrivals(counted, opened)
    talks = counted.of(*_TALKS)
    talk = timedelta(seconds=mean_seconds(talks) or 0)
    hours: Sequence[Hour] = ()
    if arrivals.total() >= FEWEST_CALLS and talk:
        on_duty = usually_on_duty(duty_on_days(session, policy, line.key, rota.first, rota.last), zone)
        hours = _hours(arrivals, opened, on_duty, talk + asked.wrap_up)
    return Staffing(line, in_reach, period, rota, arrivals.total(), sum(talks.values()), talk, asked.wrap_up, hours)


def _period(since: date | None, span: Span, today: date) -> Period | None:
    """The last whole weeks, from the first whole one that the line was counted in."""
    if since is None:
        return None
    latest = trends.last_whole_week(today)
    whole = trends.period_of(span, latest, latest)
    week = trends.week_with(since)
    began = week.first if since == week.first else week.last + ONE_DAY
    return Period(max(whole.first, began), whole.last) if began <= whole.last else None


def _arrivals(counted: Counted, opened: Mapping[WeekHour, timedelta]) -> Counter[WeekHour]:
    """By the hour of the week; those that came when the line never is open any more aren't counted."""
    arrivals: Counter[WeekHour] = Counter()
    for code, number in counted.of(*_HOURS).items():
        weekday, hour, outcome = of_hour(code)
        at = WeekHour(weekday - 1, hour)
        if at in opened and outcome not in _ASKED_FOR_NOBODY:
            arrivals[at] += number
    return arrivals


def _hours(
    arrivals: Counter[WeekHour],
    opened: Mapping[WeekHour, timedelta],
    on_duty: Mapping[WeekHour, int],
    handling: timedelta,
) -> Sequence[Hour]:
    return [_hour(at, arrivals[at], opened[at], on_duty[at], handling) for at in sorted(opened.keys() & on_duty.keys())]


def _hour(at: WeekHour, calls: int, opened: timedelta, specialists: int, handling: timedelta) -> Hour:
    def demand(number: float) -> Demand:
        return Demand(number / (opened / _ONE_HOUR), handling)

    low, high = (staffing.erlang_b(demand(number).load, specialists) for number in count_interval(calls))
    return Hour(at, calls, opened, staffing.choices(demand(calls), specialists), (low, high))


def _met_busy(hour: Hour) -> float:
    return hour.choices.now.blocked * hour.choices.now.demand.calls_an_hour
