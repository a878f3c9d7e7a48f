"""Lists of records, what a call knows beside its record, and whose record is live. Never the note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from app.domain.audit import What
from app.domain.calls import AttemptState
from app.storage.models import Attempt, AuditEntry, Call, CallbackRequest, Consultation, Staff
from app.storage.queries.scoped import seen, visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import StaffId
    from app.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class Live:
    """The call that a specialist is in: the attempt by which they took it, and its record."""

    attempt: int
    record: int
    accepted_at: datetime


def untagged(session: Session, actor: Actor, staff: StaffId, most: int) -> Sequence[Consultation]:
    """The specialist's held records that aren't complete, the oldest first."""
    query = seen(select(Consultation), Consultation, actor).where(
        Consultation.staff_id == staff, Consultation.held_at.is_not(None), Consultation.closed_at.is_(None)
    )
    return session.scalars(query.order_by(Consultation.opened_at, Consultation.id).limit(most)).all()


def call_of(session: Session, record: Consultation) -> Call | None:
    """The call that opened the record."""
    return session.get(Call, record.call_id) if record.call_id is not None else None


def attempts_of(session: Session, call: Call, actor: Actor) -> Sequence[tuple[Attempt, str | None]]:
    """Who was rung for a call, in order; without an alias where it is another organisation's specialist."""
    query = (
        select(Attempt, Staff.alias)
        .outerjoin(Staff, and_(Staff.id == Attempt.staff_id, Staff.organisation == actor.organisation))
        .where(Attempt.call_id == call.id)
        .order_by(Attempt.began_at, Attempt.id)
    )
    return [(attempt, alias) for attempt, alias in session.execute(query)]


def asks_back(session: Session, call: Call, actor: Actor) -> int | None:
    """The caller's request to be rung back, while it is open."""
    query = visible(select(CallbackRequest.id), CallbackRequest, actor).where(
        CallbackRequest.call_id == call.id,
        CallbackRequest.confirmed_at.is_not(None),
        CallbackRequest.closed_at.is_(None),
    )
    return session.scalar(query)


def live(session: Session, actor: Actor) -> Live | None:
    """The record of the call that the actor has taken and that goes on."""
    if actor.staff_id is None:
        return None
    query = (
        visible(select(Attempt.id, Consultation.id, Attempt.accepted_at).select_from(Consultation), Consultation, actor)
        .join(Attempt, Attempt.call_id == Consultation.call_id)
        .where(Attempt.staff_id == actor.staff_id, Attempt.state == AttemptState.ACCEPTED, Attempt.ended_at.is_(None))
        .order_by(Attempt.id.desc())
    )
    found = session.execute(query.limit(1)).first()
    return Live(found[0], found[1], found[2]) if found and found[2] else None


def was_opened(session: Session, actor: Actor, record: int) -> bool:
    """Whether the actor has opened a record, ever."""
    query = select(AuditEntry.sequence).where(
        AuditEntry.record == f"consultation:{record}",
        AuditEntry.account_id == actor.account_id,
        AuditEntry.what == What.OPENED_RECORD,
    )
    return session.scalar(query.limit(1)) is not None
