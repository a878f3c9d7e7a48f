"""What the database knows about duty: who is in which rota, which days differ, who is in a call. One query for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from app.storage.models import Attempt, Call, CallbackAttempt, DatedHours, RotaMembership, Staff

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


def memberships_of(session: Session, rotas: Collection[str]) -> Sequence[RotaMembership]:
    """Everyone who is, was or will be in the rotas."""
    members = select(RotaMembership).where(RotaMembership.rota.in_(rotas))
    return session.scalars(members.order_by(RotaMembership.begins, RotaMembership.position, RotaMembership.id)).all()


def changed_days(session: Session, line: str, since: date) -> Sequence[DatedHours]:
    """A line's dated changes on ``since`` and later."""
    changes = select(DatedHours).where(DatedHours.line == line, DatedHours.day >= since)
    return session.scalars(changes.order_by(DatedHours.day)).all()


def changed_days_of(session: Session, lines: Collection[str], since: date) -> Sequence[DatedHours]:
    """The dated changes of several lines on ``since`` and later."""
    changes = select(DatedHours).where(DatedHours.line.in_(lines), DatedHours.day >= since)
    return session.scalars(changes.order_by(DatedHours.day)).all()


@dataclass(frozen=True, slots=True)
class Person:
    """Who of those on duty can be rung for what."""

    competences: Sequence[str]
    languages: Sequence[str]
    is_free: bool
    """Neither in a call nor being rung, nor ringing somebody back."""


def people_among(session: Session, staff: Collection[str]) -> dict[str, Person]:
    """What is known of them, and whether they are free."""
    live = or_(
        exists().where(Attempt.staff_id == Staff.id, Attempt.ended_at.is_(None)),
        exists().where(CallbackAttempt.staff_id == Staff.id, CallbackAttempt.ended_at.is_(None)),
    )
    rows = session.execute(select(Staff.id, Staff.competences, Staff.languages, live).where(Staff.id.in_(staff)))
    return {key: Person(competences, languages, not is_busy) for key, competences, languages, is_busy in rows}


def waiting_calls(session: Session, lines: Collection[str], heard_after: datetime) -> Sequence[Call]:
    """The calls on hold on these lines, first come first; without those that have fallen silent."""
    waiting = select(Call).where(
        Call.holding_since.is_not(None), Call.ended_at.is_(None), Call.line.in_(lines), Call.last_heard_at > heard_after
    )
    return session.scalars(waiting.order_by(Call.holding_since, Call.id)).all()
