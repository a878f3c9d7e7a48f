"""Calls as a line has them on a Monday morning, and who asks about them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.domain.rotas import Tier
from app.storage.models import Attempt, Call, Consultation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ONE_MINUTE = timedelta(minutes=1)


def actor(
    *roles: Role, staff: str | None = "alfa", organisation: str = "skane", lines: tuple[str, ...] | None = None
) -> Actor:
    """Alfa, a specialist of Skåne, unless told otherwise."""
    reach = frozenset(map(LineKey, (organisation,) if lines is None else lines))
    who = StaffId(staff) if staff else None
    name = AccountId(f"account of {staff or organisation}")
    return Actor(name, who, OrganisationKey(organisation), reach, frozenset(roles or {Role.SPECIALIST}))


def add_call(
    session: Session,
    began: datetime,
    ended: datetime | None = None,
    outcome: Outcome = Outcome.IN_PROGRESS,
    *,
    line: str = "skane",
    holding_since: datetime | None = None,
) -> Call:
    """A call with its record."""
    number = session.query(Call).count()
    call = Call(
        sid=f"CA{number:032}",
        line=line,
        organisation=line,
        source=Source.PRACTICE,
        started_at=began,
        last_heard_at=ended or began,
        ended_at=ended,
        arrived=True,
        outcome=outcome,
        holding_since=holding_since,
    )
    session.add(call)
    session.flush()
    session.add(Consultation(call_id=call.id, organisation=line, line=line, source=Source.PRACTICE, opened_at=began))
    session.flush()
    return call


def ring(session: Session, call: Call, staff: str, began: datetime) -> Attempt:
    """A specialist's phone rings for it."""
    number = session.query(Attempt).count()
    attempt = Attempt(
        call_id=call.id,
        staff_id=staff,
        token=f"{number:032}",
        turn=number,
        tier=Tier.PRIMARY,
        state=AttemptState.RINGING,
        began_at=began,
    )
    session.add(attempt)
    session.flush()
    return attempt


def take(
    session: Session, call: Call, staff: str, at: datetime, until: datetime | None = None, *, owner: str = "skane"
) -> Attempt:
    """A specialist takes it, of another organisation where ``owner`` says so, and hangs up at ``until``."""
    attempt = ring(session, call, staff, at)
    attempt.state, attempt.accepted_at, attempt.ended_at = AttemptState.ACCEPTED, at, until
    attempt.overflow_line = owner if owner != call.line else None
    record = session.query(Consultation).filter(Consultation.call_id == call.id).one()
    record.staff_id, record.held_at, record.organisation, record.line = staff, at, owner, owner
    session.flush()
    return attempt
