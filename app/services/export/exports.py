"""Files of any size: their rows, a batch after another, each batch to be read in a transaction of its own.

Whoever receives a file slowly holds nothing of the database: between two batches the caller ends the transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.domain import tallies, trends
from app.domain.calendar_periods import Step, parts_of
from app.domain.columns import Dataset
from app.domain.finding import Key
from app.domain.tallies import CALLS, HELD
from app.services.export import leaving, left_tallies
from app.storage.queries import exported
from app.storage.queries import tallies as counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.trends import Period
    from app.services.export.leaving import Values
    from app.services.export.left_tallies import Label

AT_ONCE = 1_000
"""Rows in a batch."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes into a file. ``lines``: all of them in the asker's reach."""

    what: Dataset
    lines: frozenset[LineKey]
    period: Period
    step: Step = Step.MONTH
    """Of tallies: how long the time is that each number is of."""


def expected(session: Session, actor: Actor, wanted: Wanted) -> int | None:
    """How many rows there will be, as the tallies have it; ``None`` where nobody knows before they are made."""
    cell = {Dataset.CONSULTATIONS: HELD, Dataset.CALLS: CALLS}.get(wanted.what)
    if cell is None:
        return None
    pieces = tallies.pieces_of(wanted.period)
    return counted.summed(session, actor, wanted.lines, pieces, [(cell.unit, cell.dimension)])[cell]


def batches(session: Session, policy: Policy, actor: Actor, wanted: Wanted, label: Label) -> Iterator[Sequence[Values]]:
    """Every row, line by line in the order of their keys, and in the order of time. ``label``: of codes of tallies."""
    for line in sorted(wanted.lines):
        match wanted.what:
            case Dataset.CONSULTATIONS:
                yield from _in_order(
                    lambda of, after: exported.records_after(session, actor, of, after, AT_ONCE),
                    lambda one: leaving.consultation(policy, one),
                    lambda one: Key(one.held_at, one.id),
                    _of_line(policy, line, wanted.period),
                )
            case Dataset.CALLS:
                yield from _in_order(
                    lambda of, after: exported.calls_after(session, actor, of, after, AT_ONCE),
                    lambda one: leaving.call(policy, one),
                    lambda one: Key(one.call.started_at, one.call.id),
                    _of_line(policy, line, wanted.period),
                )
            case Dataset.TALLIES:
                periods = parts_of(wanted.step, wanted.period)
                yield from left_tallies.rows(session, policy, actor, line, periods, label)


def _in_order(
    read: Callable[[exported.OfLine, Key | None], Sequence[Any]],
    show: Callable[[Any], Values],
    key: Callable[[Any], Key],
    of: exported.OfLine,
) -> Iterator[Sequence[Values]]:
    after, is_full = None, True
    while is_full:
        found = read(of, after)
        is_full = len(found) == AT_ONCE
        if found:
            after = key(found[-1])
            yield [show(one) for one in found]


def _of_line(policy: Policy, line: LineKey, period: Period) -> exported.OfLine:
    schedule = policy.schedules.get(line)
    return exported.OfLine(line, *trends.bounds(period, schedule.hours.zone if schedule else ZoneInfo("UTC")))
