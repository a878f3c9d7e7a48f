"""What was counted, as it leaves the team: by line and period, each number with its unit, question and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import leaving
from app.domain.tallies import CASES
from app.services.numbers import opened_cases, trends
from app.storage.queries import tallies as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.tallies import Cell
    from app.domain.trends import Period
    from app.services.export.leaving import Values

    Label = Callable[[Cell], str]
    """What people read in the place of a code."""

_AT_ONCE = 31
"""Periods that are read together."""


def counted(
    session: Session, policy: Policy, actor: Actor, line: LineKey, periods: Sequence[Period]
) -> Sequence[trends.Counted]:
    """What was counted on one line in periods that follow upon each other; cases where none has been destroyed."""
    questions = (*trends.questions_of(policy.taxonomy), opened_cases.QUESTION)
    found = trends.count_steps(session, actor, [line], periods, questions)
    known = opened_cases.known(session, actor, policy.schedules[line].hours.zone, periods)
    return [_left(one, known) for one in found]


def counted_since(session: Session, actor: Actor, line: LineKey) -> date | None:
    """The first day of which anything of the line was counted. A number without a row is 0 then, and unknown before."""
    return stored.first_day(session, actor, line)


def rows(
    session: Session, policy: Policy, actor: Actor, line: LineKey, periods: Sequence[Period], label: Label
) -> Iterator[Sequence[Values]]:
    """The same as rows of a file, some periods at a time."""
    since = counted_since(session, actor, line)
    for begins in range(0, len(periods), _AT_ONCE):
        found = counted(session, policy, actor, line, periods[begins : begins + _AT_ONCE])
        yield [
            {"line": line, "first": one.period.first, "last": one.period.last, "counted_since": since, **number}
            for one in found
            for number in numbers_of(one, label)
        ]


def numbers_of(one: trends.Counted, label: Label) -> list[Values]:
    """The numbers of one line and period, in the order of their names."""
    return [
        {"unit": cell.unit, "dimension": cell.dimension, "code": cell.code, "label": label(cell), "number": number}
        for cell, number in sorted(one.numbers.items())
        if number
    ]


def _left(one: trends.Counted, with_cases: frozenset[Period]) -> trends.Counted:
    numbers = leaving.numbers_of(one.period, one.numbers)
    if one.period not in with_cases:
        del numbers[CASES]
    return trends.Counted(one.period, numbers)
