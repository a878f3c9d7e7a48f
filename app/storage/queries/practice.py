"""What the practice phones ask: people with their phones, and a call's log. One query for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from app.storage.models import Attempt, Call, CallEvent, Staff

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from app.domain.calls import CallSid
    from app.domain.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class PersonWithPhone:
    """One of the staff, as their phone is found."""

    alias: str
    phone: PhoneNumber
    is_free: bool
    """Neither in a call nor being rung."""


def people_with_phones(session: Session, staff: Collection[str]) -> dict[str, PersonWithPhone]:
    """Those people, by id."""
    live = exists().where(Attempt.staff_id == Staff.id, Attempt.ended_at.is_(None))
    rows = session.execute(select(Staff.id, Staff.alias, Staff.phone, live).where(Staff.id.in_(staff)))
    return {key: PersonWithPhone(alias, phone, not is_busy) for key, alias, phone, is_busy in rows}


def aliases_of(session: Session, staff: Collection[str]) -> dict[str, str]:
    """The aliases of those people, by id."""
    rows = session.execute(select(Staff.id, Staff.alias).where(Staff.id.in_(staff)))
    return {row.id: row.alias for row in rows}


def events_of(session: Session, sid: CallSid) -> Sequence[CallEvent]:
    """A call's log, in the order in which it was written."""
    events = select(CallEvent).join(Call, Call.id == CallEvent.call_id).where(Call.sid == sid)
    return session.scalars(events.order_by(CallEvent.id)).all()
