"""What the database knows about duty: who is in which rota, which days differ, who is in a call. One query for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.storage.models import Attempt, DatedHours, RotaMembership

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy.orm import Session


def memberships_of(session: Session, rotas: Collection[str]) -> Sequence[RotaMembership]:
    """Everyone who is, was or will be in the rotas."""
    members = select(RotaMembership).where(RotaMembership.rota.in_(rotas))
    return session.scalars(members.order_by(RotaMembership.begins, RotaMembership.position, RotaMembership.id)).all()


def changed_days(session: Session, line: str, since: date) -> Sequence[DatedHours]:
    """A line's dated changes on ``since`` and later."""
    changes = select(DatedHours).where(DatedHours.line == line, DatedHours.day >= since)
    return session.scalars(changes.order_by(DatedHours.day)).all()


def busy_among(session: Session, staff: Collection[str]) -> frozenset[str]:
    """Which of them are being rung, or are in a call."""
    live = select(Attempt.staff_id).where(Attempt.ended_at.is_(None), Attempt.staff_id.in_(staff))
    return frozenset(session.scalars(live))
