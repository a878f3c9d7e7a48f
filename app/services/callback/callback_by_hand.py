"""A call-back that a specialist notes: somebody exposed has said in the call that it is safe to ring them, and when.

The machine never offers them one. The number is typed once, sealed at once, and erased like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.callbacks import JUST_ENDED, NotNoted, SafeHours, WhyNot
from app.domain.callflow.values import NumberSource
from app.domain.calls import CallSid
from app.domain.lines import Audience, LineKey
from app.services.keeping import audit
from app.services.record import records
from app.storage.models import Call, CallbackRequest, Consultation
from app.storage.queries.callbacks import request_of
from app.storage.queries.scoped import found

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy


def why_not(session: Session, policy: Policy, actor: Actor, record: int, now: datetime) -> WhyNot | None:
    """What stands in the way of noting a call-back for the call of a record. Raises ``NotFound``."""
    try:
        _call_of(session, policy, actor, record, now)
    except NotNoted as refused:
        return refused.why
    return None


def note(
    session: Session,
    policy: Policy,
    actor: Actor,
    record: int,
    number: PhoneNumber,
    safe: SafeHours,
    now: datetime,
) -> int:
    """Put the caller of a record on the list of call-backs, to be rung in these hours alone; give the request's number.

    Anybody of the line may take it. What became of the call stays what it was. Raises ``NotFound`` and ``NotNoted``.
    """
    call = _call_of(session, policy, actor, record, now)
    if not may_be_noted(policy, number):
        raise NotNoted(WhyNot.NOT_TO_BE_RUNG)
    # Held, so that whoever sends the form twice, and a webhook of the call, take turns.
    records.hold(session, CallSid(call.sid))
    before = request_of(session, call.id)
    if before is not None and before.confirmed_at is not None:
        raise NotNoted(WhyNot.THERE_IS_ONE)
    made = before or CallbackRequest(call_id=call.id, organisation=call.organisation, line=call.line, made_at=now)
    made.number, made.number_source, made.confirmed_at = number, NumberSource.TYPED, now
    made.is_exposed, made.safe_noted_by_id = True, actor.staff_id
    made.safe_from, made.safe_until = f"{safe.begins:%H:%M}", f"{safe.ends:%H:%M}"
    session.add(made)
    session.flush()
    fields = ("is_exposed", "number", "safe_from", "safe_until")
    audit.note(session, actor, What.CHANGED_CALLBACK, f"callback_request:{made.id}", fields, now)
    return made.id


def may_be_noted(policy: Policy, number: PhoneNumber) -> bool:
    """Whether it is a number that we would ring: Swedish, not charged at a premium, and none of our own."""
    return number.may_be_rung and policy.line_with(number) is None


def _call_of(session: Session, policy: Policy, actor: Actor, record: int, now: datetime) -> Call:
    consultation = found(session, Consultation, record, actor)
    call = session.get(Call, consultation.call_id) if consultation.call_id is not None else None
    line = policy.lines.get(LineKey(consultation.line))
    if call is None or line is None or call.line != line.key or Audience.EXPOSED not in line.serves:
        raise NotNoted(WhyNot.NOT_SERVED)
    if actor.staff_id is None or consultation.staff_id != actor.staff_id:
        raise NotNoted(WhyNot.NOT_TAKEN)
    request = request_of(session, call.id)
    if request is not None and request.confirmed_at is not None:
        raise NotNoted(WhyNot.THERE_IS_ONE)
    if call.ended_at is not None and now - call.ended_at >= JUST_ENDED:
        raise NotNoted(WhyNot.TOO_LATE)
    return call
