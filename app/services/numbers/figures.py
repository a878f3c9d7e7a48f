"""The figures: calls and held consultations by week, for the lines in reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain import trends
from app.domain.errors import NotFound
from app.domain.tallies import WRONG, Dimension, Grain, TallyUnit
from app.domain.trends import Period, Span, Tally
from app.domain.wall_clock import local_time
from app.services.numbers.trends import count_steps
from app.storage.queries import tallies as stored
from app.storage.queries.destroyed_counts import destroyed_by_month

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line, LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.tallies import Question

_NOTHING = Tally()
_QUESTIONS: tuple[Question, ...] = (
    (TallyUnit.CALL, Dimension.ALL),
    (TallyUnit.CONSULTATION, Dimension.ALL),
    (TallyUnit.CONSULTATION, WRONG.dimension),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. ``until``: a day in the last week; ``lines``: none means all in reach."""

    span: Span = Span.WEEKS_13
    until: date | None = None
    lines: frozenset[LineKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one line. Of a week that isn't over, what was counted so far.

    ``destroyed``: what was destroyed by decision of the months that it lies in. Where a number is ``None``, nothing is
    left; how many there were in this week isn't known any more.
    """

    period: Period
    tally: Tally
    is_over: bool = True
    destroyed: Tally = _NOTHING

    @property
    def calls(self) -> int | None:
        """Calls."""
        return self.tally.calls or (None if self.destroyed.calls else 0)

    @property
    def held(self) -> int | None:
        """Held consultations."""
        return self.tally.held or (None if self.destroyed.held else 0)

    @property
    def wrong_target(self) -> int | None:
        """Held with the wrong target group."""
        return self.tally.wrong_target or (None if self.destroyed.wrong_target else 0)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How many records of one line and month were destroyed by decision."""

    month: Period
    tally: Tally


@dataclass(frozen=True, slots=True)
class OfLine:
    """The figures of one line. ``total`` and ``compared`` are of whole weeks alone."""

    line: Line
    weeks: Sequence[Week]
    total: Tally
    compared: Tally
    since: date | None
    """The day of the line's first call or consultation: of the time before nothing is here."""
    destroyed: Sequence[Destroyed]
    """All months of which something was destroyed, the earliest first."""

    def destroyed_of(self, period: Period) -> Sequence[Destroyed]:
        """Of the months that have a day in common with it."""
        return [one for one in self.destroyed if one.month.meets(period)]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted, week by week. The running week stands at the end of the latest period, and in no sum."""

    span: Span
    period: Period
    compared_period: Period
    earlier: Period | None
    later: Period | None
    in_reach: Sequence[Line]
    lines: Sequence[OfLine]

    @property
    def total(self) -> Tally:
        """Of all lines that are shown."""
        return trends.total(one.total for one in self.lines)

    @property
    def compared(self) -> Tally:
        """The same, in the period that it is compared with."""
        return trends.total(one.compared for one in self.lines)

    @property
    def is_comparable(self) -> bool:
        """Whether every line was counted in the whole of both periods, and nothing of it was destroyed."""
        return self.is_whole and all(
            one.since is not None and one.since <= self.compared_period.first for one in self.lines
        )

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the period, nor of the one that it is compared with, was destroyed."""
        periods = (self.period, self.compared_period)
        return not any(one.destroyed_of(period) for one in self.lines for period in periods)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show, and never was."""
        return all(week.tally == week.destroyed == _NOTHING for one in self.lines for week in one.weeks)


def of(session: Session, policy: Policy, actor: Actor, asked: Asked, now: datetime) -> Figures | None:
    """The figures; ``None`` for whoever has no line in reach. Raises ``NotFound`` for a line that isn't in reach.

    Which weeks are shown is decided by the wall clock of the first line; each line is counted by its own.
    """
    in_reach = [line for line in policy.lines.values() if line.key in actor.lines]
    if not asked.lines <= {line.key for line in in_reach}:
        message = "a line that isn't there, or isn't the asker's to see"
        raise NotFound(message)
    chosen = [line for line in in_reach if not asked.lines or line.key in asked.lines]
    if not chosen:
        return None
    today = local_time(now, policy.schedules[chosen[0].key].hours.zone).date()
    latest = trends.last_whole_week(today)
    period = trends.period_of(asked.span, trends.week_with(asked.until or latest.last), latest)
    compared_period = trends.compared_with(asked.span, period)
    weeks = [Week(week, Tally()) for week in trends.weeks_of(period)]
    if period.last == latest.last:
        weeks.append(Week(trends.week_with(today), Tally(), is_over=False))
    gone = destroyed_by_month(session, actor, [line.key for line in chosen])
    lines = [_of_line(session, actor, line, weeks, compared_period, gone[line.key]) for line in chosen]
    days = [one.since for one in lines if one.since] + [one.month.first for of in lines for one in of.destroyed]
    started = min(days, default=None)
    return Figures(
        span=asked.span,
        period=period,
        compared_period=compared_period,
        earlier=trends.before(asked.span, period) if started and started < period.first else None,
        later=trends.after(asked.span, period, latest),
        in_reach=in_reach,
        lines=lines,
    )


def count(session: Session, actor: Actor, line: LineKey, periods: Sequence[Period]) -> Sequence[Tally]:
    """What is left of each of these periods, which follow upon each other."""
    counted = count_steps(session, actor, [line], periods, _QUESTIONS, longest=Grain.DAY)
    return [Tally(one.calls, one.held, one.wrong) for one in counted]


def _of_line(
    session: Session,
    actor: Actor,
    line: Line,
    weeks: Sequence[Week],
    compared_period: Period,
    gone: Mapping[date, Tally],
) -> OfLine:
    destroyed = [Destroyed(trends.month_with(first), tally) for first, tally in gone.items()]
    counted = count(session, actor, line.key, [week.period for week in weeks])
    filled = [
        replace(
            week, tally=tally, destroyed=trends.total(one.tally for one in destroyed if one.month.meets(week.period))
        )
        for week, tally in zip(weeks, counted, strict=True)
    ]
    return OfLine(
        line=line,
        weeks=filled,
        total=trends.total(week.tally for week in filled if week.is_over),
        compared=trends.total(count(session, actor, line.key, [compared_period])),
        since=stored.first_day(session, actor, line.key),
        destroyed=destroyed,
    )
