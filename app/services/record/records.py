"""The record of a call: opened by its first sign of life, settled whenever a fact about it becomes known.

Nothing here commits. Whoever changes a call holds its row: ``hold`` locks it (on SQLite the whole transaction is one
writer's, see storage.engine), so two requests about one call take turns over any number of processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from app.domain.calls import AttemptState, CallFacts, CallSid, Outcome, Source, Verdict, settle
from app.domain.channels import Channel
from app.services.call_times import is_conversation
from app.services.case import case_calls
from app.services.record import register
from app.storage.insert import insert_once
from app.storage.models import Attempt, Call, CallbackRequest, CallEvent, Consultation, Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line


_RUNG_BACK = "rung_back"
"""What made a record held, where it wasn't an attempt."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """What is known of a call when its record is opened."""

    sid: CallSid
    line: Line
    source: Source
    started_at: datetime
    arrived: bool
    """Whether this is its first webhook, and not some later word of it."""


def open_record(session: Session, new: NewCall) -> Call:
    """The call's row, held; made now, with its consultation, if this is the first we hear of the call."""
    made = insert_once(
        session,
        Call,
        sid=new.sid,
        line=new.line.key,
        organisation=new.line.organisation,
        source=new.source,
        started_at=new.started_at,
        last_heard_at=new.started_at,
        arrived=new.arrived,
        turn=0,
        outcome=Outcome.IN_PROGRESS,
        verdict_reason="",
        reason="",
    )
    call = hold(session, new.sid)
    if call is None:  # pragma: no cover - rows of calls are never deleted
        message = "a call's row is gone"
        raise LookupError(message)
    if made:
        session.add(
            Consultation(
                call_id=call.id,
                organisation=new.line.organisation,
                line=new.line.key,
                source=new.source,
                opened_at=new.started_at,
            )
        )
    elif new.arrived and not call.arrived:
        _arrived_late(session, call, new.source)
    return call


def hold(session: Session, sid: CallSid) -> Call | None:
    """The call's row, locked until the transaction ends."""
    return session.scalar(
        select(Call).where(Call.sid == sid).with_for_update().execution_options(populate_existing=True)
    )


def log(session: Session, call: Call, kind: str, key: str, at: datetime, **more: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Append an event; ``False`` when it stands there already, for Twilio may deliver a callback twice."""
    return insert_once(session, CallEvent, call_id=call.id, kind=kind, key=key, at=at, **({"what": {}} | more))


def logged(session: Session, call: Call, kind: str, key: str) -> CallEvent | None:
    """The event, if it happened before."""
    return session.scalar(
        select(CallEvent).where(CallEvent.call_id == call.id, CallEvent.kind == kind, CallEvent.key == key)
    )


def decide(call: Call, verdict: Verdict) -> None:
    """Set the call's verdict; the first one stands, but that a confirmed callback outranks what led to it."""
    if call.verdict is None or verdict.outcome is Outcome.CALLBACK:
        call.verdict, call.verdict_reason = verdict.outcome, verdict.reason


def began(session: Session, call: Call, at: datetime) -> None:
    """When a call began that we heard of too late to know by ourselves."""
    call.started_at = min(at, call.ended_at) if call.ended_at else at
    consultation = session.scalars(select(Consultation).where(Consultation.call_id == call.id)).one()
    consultation.opened_at = call.started_at


def end(session: Session, call: Call, at: datetime) -> None:
    """The caller is gone. The first end stands; live attempts end with it, and a number that wasn't confirmed goes."""
    if call.ended_at is None:
        call.ended_at = max(at, call.started_at)
        call.holding_since = None
    for attempt in attempts_of(session, call):
        if attempt.ended_at is None:
            attempt.ended_at = max(at, attempt.began_at)
            if attempt.state is AttemptState.RINGING:
                attempt.state = AttemptState.CANCELLED
    session.execute(
        delete(CallbackRequest).where(CallbackRequest.call_id == call.id, CallbackRequest.confirmed_at.is_(None))
    )


def refresh(session: Session, call: Call) -> None:
    """Settle outcome, reason and consultation from the facts as they stand. Call it after every change of a fact."""
    answered = next((one for one in attempts_of(session, call) if is_conversation(one)), None)
    verdict = Verdict(call.verdict, call.verdict_reason) if call.verdict else None
    settled = settle(
        CallFacts(
            arrived=call.arrived,
            ended=call.ended_at is not None or (answered is not None and answered.ended_at is not None),
            verdict=verdict,
            answered=answered is not None,
            hung_up_at=(call.position or {}).get("node", ""),
        )
    )
    call.outcome, call.reason = settled.outcome, settled.reason
    consultation = session.scalars(select(Consultation).where(Consultation.call_id == call.id)).one()
    _give_to_whoever_answered(session, call, consultation, answered)
    if answered is None and call.verdict is Outcome.CALLBACK:
        _hold_if_rung_back(session, call, consultation)
    case_calls.join(session, call, consultation, held_by=answered.token if answered else _RUNG_BACK)
    if consultation.held_at is not None:
        register.enter(session, consultation, consultation.held_at)


def _give_to_whoever_answered(
    session: Session, call: Call, consultation: Consultation, answered: Attempt | None
) -> None:
    """The record is the dialled line's, unless another line's staff has answered."""
    consultation.staff_id = answered.staff_id if answered else None
    consultation.held_at = answered.accepted_at if answered else None
    consultation.channel = Channel.CALL
    consultation.line, consultation.organisation = call.line, call.organisation
    if answered and answered.overflow_line:
        specialist = session.get_one(Staff, answered.staff_id)
        consultation.line, consultation.organisation = answered.overflow_line, specialist.organisation


def _hold_if_rung_back(session: Session, call: Call, consultation: Consultation) -> None:
    """A callback that was completed makes the consultation held; what became of the call stays what it was."""
    talked = (CallbackRequest.call_id == call.id, CallbackRequest.talked_at.is_not(None))
    request = session.scalar(select(CallbackRequest).where(*talked))
    if request and request.closed_by_id:
        consultation.staff_id, consultation.held_at = request.closed_by_id, request.talked_at
        consultation.channel = Channel.CALL_BACK


def attempts_of(session: Session, call: Call) -> list[Attempt]:
    """In the order in which they were made."""
    return list(session.scalars(select(Attempt).where(Attempt.call_id == call.id).order_by(Attempt.id)))


def _arrived_late(session: Session, call: Call, source: Source) -> None:
    """A callback overtook the first webhook: the record isn't a reconstruction after all."""
    call.arrived, call.source = True, source
    consultation = session.scalars(select(Consultation).where(Consultation.call_id == call.id)).one()
    consultation.source = source
