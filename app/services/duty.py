"""Who is on duty: the files' patterns and the database's people. Runs inside every voice webhook: three queries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.domain.callflow.values import Candidate
from app.domain.duty import OnDuty, on_duty
from app.domain.errors import NotFound
from app.domain.hours import DatedChange, Interval, Opening, last_open_instant, opening_at
from app.domain.lines import LineKey, StaffId
from app.domain.rotas import Membership, Rota, RotaKey
from app.storage.queries.duty import busy_among, changed_days, memberships_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy, Schedule

_INTERVAL = re.compile(r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}", re.ASCII)
_LOOK_BACK = timedelta(days=15)
"""The last open instant is looked for in the 14 days before."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A line at one instant: whether it is open, and whom to ring, in ringing order."""

    opening: Opening
    candidates: tuple[Candidate, ...]


def situation(session: Session, policy: Policy, line_key: LineKey, at: datetime, *, was_let_in: bool) -> Situation:
    """``opening`` and ``candidates`` together, for three queries.

    ``was_let_in``: the caller came in while the line was open, so is served by those who were on duty at the last open
    instant.
    """
    schedule = _schedule(policy, line_key)
    changes = dated_changes(session, line_key, _local_day(schedule, at))
    asked = (last_open_instant(schedule.hours, changes, at) or at) if was_let_in else at
    return Situation(opening_at(schedule.hours, changes, at), _candidates(session, schedule, changes, asked))


def opening(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> Opening:
    """Whether the line is open at ``at``, why not, and when that changes. Raises ``NotFound`` for no such line."""
    schedule = _schedule(policy, line_key)
    return opening_at(schedule.hours, dated_changes(session, line_key, _local_day(schedule, at)), at)


def duty_at(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> tuple[OnDuty, ...]:
    """Everyone on duty at ``at``, in ringing order, and why; empty while the line is closed."""
    schedule = _schedule(policy, line_key)
    changes = dated_changes(session, line_key, _local_day(schedule, at))
    return on_duty(schedule.hours, changes, schedule.rotas, memberships(session, schedule.rotas), at)


def candidates(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> tuple[Candidate, ...]:
    """Everyone on duty at ``at``, in ringing order, and whether they are free: no live attempt."""
    schedule = _schedule(policy, line_key)
    return _candidates(session, schedule, dated_changes(session, line_key, _local_day(schedule, at)), at)


def memberships(session: Session, rotas: Sequence[Rota]) -> tuple[Membership, ...]:
    """Everyone in the rotas, whenever."""
    return tuple(
        Membership(
            rota=RotaKey(row.rota),
            staff=StaffId(row.staff_id),
            begins=row.begins,
            position=row.position,
            ends=row.ends,
        )
        for row in memberships_of(session, [rota.key for rota in rotas])
    )


def dated_changes(session: Session, line_key: LineKey, around: date) -> Mapping[date, DatedChange]:
    """The days with hours of their own, from a fortnight before ``around`` on."""
    return {
        row.day: DatedChange(row.day, tuple(map(interval, row.intervals)), row.because)
        for row in changed_days(session, line_key, around - _LOOK_BACK)
    }


def interval(text: str) -> Interval:
    """Read ``13:00-16:00``. Raises ``ValueError`` for anything else."""
    if not _INTERVAL.fullmatch(text):
        message = "not an interval"
        raise ValueError(message)
    opens, _, closes = text.partition("-")
    return Interval(time.fromisoformat(opens), time.fromisoformat(closes))


def _candidates(
    session: Session, schedule: Schedule, changes: Mapping[date, DatedChange], at: datetime
) -> tuple[Candidate, ...]:
    persons = on_duty(schedule.hours, changes, schedule.rotas, memberships(session, schedule.rotas), at)
    if not persons:
        return ()
    busy = busy_among(session, [person.staff for person in persons])
    return tuple(Candidate(person.staff, person.tier, is_free=person.staff not in busy) for person in persons)


def _schedule(policy: Policy, line_key: LineKey) -> Schedule:
    if line_key not in policy.schedules:
        message = f"there is no line {line_key}; the lines are {', '.join(policy.schedules)}"
        raise NotFound(message)
    return policy.schedules[line_key]


def _local_day(schedule: Schedule, at: datetime) -> date:
    return at.astimezone(schedule.hours.zone).date()
