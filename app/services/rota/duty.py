"""Who is on duty: the files' patterns, and the people and changes of the database. Runs inside voice webhooks."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.domain.duty import OnDuty, on_duty
from app.domain.errors import NotFound
from app.domain.hours import DatedChange, Interval, Opening, opening_at
from app.domain.lines import LineKey, StaffId
from app.domain.rotas import Membership, Rota, RotaKey
from app.services.rota.layers import layers_at
from app.storage.queries.duty import changed_days, memberships_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy, Schedule

_INTERVAL = re.compile(r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}", re.ASCII)
LOOK_BACK = timedelta(days=15)
"""The last open instant is looked for in the 14 days before."""


def opening(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> Opening:
    """Whether the line is open at ``at``, why not, and when that changes. Raises ``NotFound`` for no such line."""
    schedule = schedule_of(policy, line_key)
    return opening_at(schedule.hours, dated_changes(session, line_key, local_day(schedule, at)), at)


def duty_at(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> tuple[OnDuty, ...]:
    """Everyone on duty at ``at``, in ringing order, and why; empty while the line is closed."""
    schedule = schedule_of(policy, line_key)
    return roster(session, schedule, dated_changes(session, line_key, local_day(schedule, at)), at)


def roster(
    session: Session,
    schedule: Schedule,
    changes: Mapping[date, DatedChange],
    at: datetime,
    *,
    rung_at: datetime | None = None,
) -> tuple[OnDuty, ...]:
    """Everyone on duty at ``at``. ``rung_at``, by default the same: who pauses or wraps up is asked then."""
    people = memberships(session, schedule.rotas)
    return on_duty(schedule.hours, changes, schedule.rotas, people, at, layers_at(session, schedule, at, now=rung_at))


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
        for row in changed_days(session, line_key, around - LOOK_BACK)
    }


def interval(text: str) -> Interval:
    """Read ``13:00-16:00``. Raises ``ValueError`` for anything else."""
    if not _INTERVAL.fullmatch(text):
        message = "not an interval"
        raise ValueError(message)
    opens, _, closes = text.partition("-")
    return Interval(time.fromisoformat(opens), time.fromisoformat(closes))


def schedule_of(policy: Policy, line_key: LineKey) -> Schedule:
    """The line's schedule. Raises ``NotFound`` for no such line."""
    if line_key not in policy.schedules:
        message = f"there is no line {line_key}; the lines are {', '.join(policy.schedules)}"
        raise NotFound(message)
    return policy.schedules[line_key]


def local_day(schedule: Schedule, at: datetime) -> date:
    """The date on the line's wall clock."""
    return at.astimezone(schedule.hours.zone).date()
