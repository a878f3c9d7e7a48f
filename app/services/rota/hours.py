"""Days with hours of their own: closed for a conference, open in the afternoon instead."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.domain.callflow.nodes import Message
from app.domain.callflow.words import fill, spoken_closure
from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.hours import Closed, ClosedKind, DatedChange, Interval
from app.services.rota.duty import interval
from app.storage.models import DatedHours
from app.storage.queries.duty import changed_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.policy import Policy

_LONGEST_REASON = 200
_INTERVAL = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*[-\u2013]\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?", re.ASCII)
# Five digits on end, or nine with what people put between them: a phone number, or a personnummer. A date has eight.
_NUMBER_OF_SOMEBODY = re.compile(r"[0-9]{5}|[0-9](?:[ ()/.\u2010-\u2015-]{0,3}[0-9]){8}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def change_day(
    session: Session, policy: Policy, line: LineKey, day: date, intervals: Sequence[str], because: str, *, now: datetime
) -> DatedChange:
    """Give ``day`` the hours ``intervals`` (``13:00-16:00`` each, none: closed) instead of its usual or changed ones.

    ``because`` is Swedish, may be read to callers, and names nobody; long numbers in it are refused. Raises
    ``NotFound`` for no such line, and ``RejectedInput`` with every problem.
    """
    today = _today(policy, line, now)
    because = " ".join(because.split())
    problems = [*_day_problems(day, today), *_interval_problems(intervals), *_reason_problems(because)]
    if problems:
        raise RejectedInput(problems)
    usual_hours(session, policy, line, day)
    hours = tuple(sorted(map(_interval, intervals)))
    session.add(DatedHours(line=line, day=day, intervals=list(map(written, hours)), because=because, made_at=now))
    session.flush()
    return DatedChange(day, hours, because)


def usual_hours(session: Session, policy: Policy, line: LineKey, day: date) -> bool:
    """Let the rules decide about ``day`` again; say whether there was a change to take back."""
    _check_line(policy, line)
    gone = session.execute(
        delete(DatedHours).where(DatedHours.line == line, DatedHours.day == day).returning(DatedHours.id)
    )
    return gone.first() is not None


def coming_changes(session: Session, policy: Policy, line: LineKey, *, now: datetime) -> tuple[DatedChange, ...]:
    """The line's dated changes from today on, in order."""
    return tuple(
        DatedChange(row.day, tuple(map(interval, row.intervals)), row.because)
        for row in changed_days(session, line, _today(policy, line, now))
    )


def heard(policy: Policy, line: LineKey, change: DatedChange) -> str:
    """What a caller hears of a change while it keeps the line closed: the callflow's sentences that give the reason."""
    spoken = [node.prompt.say for node in policy.flows[line].nodes.values() if isinstance(node, Message)]
    with_reason = [one for text in spoken for one in _SENTENCE_END.split(text.strip()) if "{reason}" in one]
    reason = spoken_closure(policy.words, Closed(ClosedKind.DATED_CHANGE, change.because))
    sentences = dict.fromkeys(with_reason or ["{reason}"])
    return " ".join(fill(one, reason=reason, line=policy.lines[line].name) for one in sentences)


def written(one: Interval) -> str:
    """``13:00-16:00``."""
    return f"{one.opens:%H:%M}-{one.closes:%H:%M}"


def _today(policy: Policy, line: LineKey, now: datetime) -> date:
    _check_line(policy, line)
    return now.astimezone(policy.schedules[line].hours.zone).date()


def _check_line(policy: Policy, line: LineKey) -> None:
    if line not in policy.schedules:
        message = f"there is no line {line}; the lines are {', '.join(policy.schedules)}"
        raise NotFound(message)


def _day_problems(day: date, today: date) -> Iterator[Problem]:
    last = today.replace(year=today.year + 2, day=1)
    if not today <= day <= last:
        yield Problem("hours", "day", str(day), f"a day from {today} to {last}")


def _interval_problems(intervals: Sequence[str]) -> Iterator[Problem]:
    read: list[Interval] = []
    for text in intervals:
        try:
            read.append(_interval(text))
        except ValueError:
            yield Problem("hours", "open", repr(text[:40]), "closing after opening, as 13:00-16:00 or 13-16")
    for earlier, later in pairwise(sorted(read)):
        if later.opens < earlier.closes:
            yield Problem("hours", "open", f"{written(earlier)} and {written(later)}", "intervals that don't overlap")


def _interval(text: str) -> Interval:
    """Read ``13:00-16:00`` as people write it: ``9.00-16.00``, ``13-16``. Raises ``ValueError`` for anything else."""
    parts = _INTERVAL.fullmatch(text.strip())
    if not parts:
        message = "not an interval"
        raise ValueError(message)
    opens, opens_minutes, closes, closes_minutes = parts.groups(default="0")
    return Interval(time(int(opens), int(opens_minutes)), time(int(closes), int(closes_minutes)))


def _reason_problems(because: str) -> Iterator[Problem]:
    if not because or len(because) > _LONGEST_REASON or not because.isprintable():
        found = f"{len(because)} characters" if because else "nothing"
        yield Problem("hours", "because", found, f"a reason of 1 to {_LONGEST_REASON} printable characters")
    elif _NUMBER_OF_SOMEBODY.search(because):
        allowed = "a reason without phone numbers, or other numbers of 5 digits and more: callers may hear it"
        yield Problem("hours", "because", "a long number", allowed)
