"""The trends: everything that was counted in a period, beside the period before and the same period a year earlier.

All of it is read from the tallies: how much was counted in a period makes no difference to how long it takes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain import calendar_periods as calendar
from app.domain import tallies
from app.domain.errors import NotFound
from app.domain.tallies import CALLS, HELD, PERSONS, WRONG, Dimension, Grain, TallyUnit
from app.domain.trends import Period
from app.domain.wall_clock import local_time
from app.services.numbers.asked_period import period_asked
from app.storage.queries import tallies as stored

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.calendar_periods import Kind
    from app.domain.lines import Line, LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.tallies import Cell, Question
    from app.domain.taxonomy import Taxonomy
    from app.services.numbers.asked_period import Asked

_OF_CONSULTATIONS = (
    Dimension.ALL,
    Dimension.CHANNEL,
    Dimension.PLACE,
    Dimension.COUNTY,
    Dimension.MUNICIPALITY,
    Dimension.EXPOSED,
    Dimension.CONTINUED,
)
_OF_OTHERS: tuple[Question, ...] = (
    (TallyUnit.PERSON, Dimension.ALL),
    (TallyUnit.PERSON, Dimension.AGE),
    (TallyUnit.PERSON, Dimension.GENDER),
    (TallyUnit.CALL, Dimension.ALL),
    (TallyUnit.CALL, Dimension.OUTCOME),
    (TallyUnit.CALL, Dimension.HOUR),
    (TallyUnit.CALL, Dimension.WAIT),
    (TallyUnit.CALL, Dimension.TALK),
    (TallyUnit.FOLLOW_UP, Dimension.ALL),
    (TallyUnit.FOLLOW_UP, Dimension.OUTCOME),
)
_THEME = (TallyUnit.CONSULTATION, "theme")
OVER_TIME: tuple[Question, ...] = (
    (TallyUnit.CALL, Dimension.ALL),
    (TallyUnit.CONSULTATION, Dimension.ALL),
    (TallyUnit.CONSULTATION, WRONG.dimension),
    (TallyUnit.PERSON, Dimension.ALL),
    _THEME,
)
"""What is shown step by step."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted from the first to the last day, both included."""

    period: Period
    numbers: Counter[Cell]
    _answers: dict[Question, dict[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def held(self) -> int:
        """Held consultations, less those with wrong targets."""
        return self.numbers[HELD] - self.numbers[WRONG]

    @property
    def wrong(self) -> int:
        """Consultations with somebody whom the line isn't for."""
        return self.numbers[WRONG]

    @property
    def calls(self) -> int:
        """Calls that came to the line."""
        return self.numbers[CALLS]

    @property
    def persons(self) -> int:
        """Exposed persons of the held consultations."""
        return self.numbers[PERSONS]

    def of(self, unit: TallyUnit, dimension: str) -> Mapping[str, int]:
        """By code, the answers to one question."""
        if not self._answers:
            for cell, number in self.numbers.items():
                self._answers.setdefault(cell[:2], {})[cell.code] = number
        return self._answers.get((unit, dimension), {})


@dataclass(frozen=True, slots=True)
class Trends:
    """A period and what it is compared with. Of one that isn't over, what was counted so far, and as much of others.

    ``steps``: the period in parts, for what is shown over time; whole weeks or months, but for its ends.
    """

    kind: Kind
    period: Period
    now: Counted
    before: Counted
    year_before: Counted
    steps: Sequence[Counted]
    lines: Sequence[Line]
    in_reach: Sequence[Line]
    began: Mapping[LineKey, date]
    """The first day of which anything was counted, of each line of which something was."""
    today: date

    @property
    def is_over(self) -> bool:
        """Whether the whole period is counted."""
        return self.period.last < self.today

    @property
    def since(self) -> date | None:
        """The first day since which all of these lines are counted; ``None`` while one of them isn't."""
        return max(self.began.values()) if self.began.keys() >= {line.key for line in self.lines} else None

    @property
    def is_counted(self) -> bool:
        """Whether any of these lines was counted on a day of the period. Else there is no number, not even 0."""
        return self.was_counted(self.now)

    @property
    def is_counted_whole(self) -> bool:
        """Whether all of these lines were counted through the whole period. Else its numbers are of fewer days."""
        return self.is_comparable(self.now)

    @property
    def earlier(self) -> Period | None:
        """The period before, if anything was counted then."""
        one = calendar.before(self.kind, self.period)
        return one if any(day <= one.last for day in self.began.values()) else None

    @property
    def later(self) -> Period | None:
        """The period after, if it has begun."""
        one = calendar.after(self.kind, self.period)
        return one if one.first <= self.today else None

    def was_counted(self, one: Counted) -> bool:
        """Whether any of these lines was counted on a day of this period or step."""
        return any(day <= one.period.last for day in self.began.values())

    def is_comparable(self, with_: Counted) -> bool:
        """Whether the lines were counted through the whole of the other period."""
        return self.since is not None and self.since <= with_.period.first


def of(session: Session, policy: Policy, actor: Actor, asked: Asked, now: datetime) -> Trends | None:
    """What was counted; ``None`` for whoever has no line in reach.

    Raises ``NotFound`` for a line that isn't in reach, and ``NoSuchPeriod`` as ``period_asked`` does. Which day it is
    is decided by the wall clock of the first line.
    """
    in_reach = [line for line in policy.lines.values() if line.key in actor.lines]
    lines = chosen_lines(in_reach, asked.lines)
    if not lines:
        return None
    keys = [line.key for line in lines]
    today = local_time(now, policy.schedules[keys[0]].hours.zone).date()
    period = period_asked(asked, today)
    so_far = Period(period.first, min(period.last, today))
    questions = questions_of(policy.taxonomy)
    now_, before, year_before = (
        Counted(one, stored.summed(session, actor, keys, tallies.pieces_of(one), questions))
        for one in (so_far, *_compared(asked.kind, period, so_far))
    )
    return Trends(
        kind=asked.kind,
        period=period,
        now=now_,
        before=before,
        year_before=year_before,
        steps=_steps(session, actor, keys, so_far),
        lines=lines,
        in_reach=in_reach,
        began={key: day for key in keys if (day := stored.first_day(session, actor, key))},
        today=today,
    )


def chosen_lines(in_reach: Sequence[Line], asked: frozenset[LineKey]) -> Sequence[Line]:
    """Those that are asked for; all where none is. Raises ``NotFound`` for one that isn't in reach."""
    if not asked <= {line.key for line in in_reach}:
        message = "a line that isn't there, or isn't the asker's to see"
        raise NotFound(message)
    return [line for line in in_reach if not asked or line.key in asked]


def questions_of(taxonomy: Taxonomy) -> tuple[Question, ...]:
    """Everything that is counted but cases: ``services.numbers.opened_cases`` says where their number is known."""
    groups = (*_OF_CONSULTATIONS, *taxonomy.groups)
    return (*((TallyUnit.CONSULTATION, group) for group in groups), *_OF_OTHERS)


def count(
    session: Session, actor: Actor, lines: Collection[LineKey], period: Period, questions: Collection[Question]
) -> Counted:
    """The answers to these questions in one period."""
    return Counted(period, stored.summed(session, actor, lines, tallies.pieces_of(period), questions))


def count_steps(
    session: Session,
    actor: Actor,
    lines: Collection[LineKey],
    steps: Sequence[Period],
    questions: Collection[Question],
    longest: Grain = Grain.YEAR,
) -> Sequence[Counted]:
    """The answers to these questions in periods that follow upon each other, read together.

    ``longest``: of days alone nothing is told that was destroyed, of months and longer ones it is.
    """
    pieces = tallies.pieces_of(*steps, longest=longest)
    found = [stored.over_time(session, actor, lines, piece, questions) for piece in pieces]
    numbers: list[Counter[Cell]] = [Counter() for _ in steps]
    place = 0
    for day, cells in sorted((day, cells) for part in found for day, cells in part.items()):
        while day > steps[place].last:
            place += 1
        numbers[place].update(cells)
    return [Counted(step, cells) for step, cells in zip(steps, numbers, strict=True)]


def _compared(kind: Kind, period: Period, so_far: Period) -> tuple[Period, Period]:
    """As many days of each as have passed of the period, where it isn't over."""
    others = calendar.before(kind, period), calendar.year_before(kind, period)
    if so_far == period:
        return others
    before, year_before = (calendar.part_of(one, so_far.day_count) for one in others)
    return before, year_before


def _steps(session: Session, actor: Actor, lines: Collection[LineKey], period: Period) -> Sequence[Counted]:
    return count_steps(session, actor, lines, calendar.steps_of(period), OVER_TIME)
