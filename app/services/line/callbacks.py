"""Numbers that callers asked to be rung back on. The machine never dials one; a specialist does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.audit import What
from app.domain.callbacks import Closing
from app.domain.callflow import position_from_json
from app.domain.callflow.nodes import CallerKind
from app.domain.calls import CallSid
from app.services.keeping import audit
from app.services.record import records
from app.storage.models import Call, CallbackRequest
from app.storage.queries.callbacks import live_try, old_requests

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.callflow.values import NumberSource
    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy


def propose(session: Session, call: Call, number: PhoneNumber, source: NumberSource, now: datetime) -> None:
    """Keep a number, sealed, until the caller confirms it. A later one replaces it; a confirmed one stays."""
    request = _request(session, call)
    if request is None:
        request = CallbackRequest(call_id=call.id, organisation=call.organisation, line=call.line, made_at=now)
        # The callflow offers them none; should one ever slip through, nobody rings it before a specialist has judged.
        request.is_exposed = _is_exposed(call)
        session.add(request)
    if request.confirmed_at is None:
        request.number, request.number_source = number, source


def confirm(session: Session, call: Call, now: datetime) -> None:
    """The caller said that the number is right: it goes to the work list."""
    request = _request(session, call)
    if request and request.confirmed_at is None:
        request.confirmed_at = now


def proposed(session: Session, call: Call) -> PhoneNumber | None:
    """The number that waits for its confirmation, or was confirmed."""
    request = _request(session, call)
    return request.number if request else None


@dataclass(frozen=True, slots=True)
class End:
    """How a request is closed. ``staff_id``: by whom; ``talked_at``: when the conversation began, if there was one."""

    closing: Closing
    staff_id: str | None
    at: datetime
    talked_at: datetime | None = None


def hold(session: Session, request_id: int) -> tuple[CallbackRequest, Call] | None:
    """The request with its call, both rows held. The call's comes first, as for callers."""
    sid = session.scalar(
        select(Call.sid)
        .join(CallbackRequest, CallbackRequest.call_id == Call.id)
        .where(CallbackRequest.id == request_id)
    )
    call = records.hold(session, CallSid(sid)) if sid else None
    request = session.scalar(
        select(CallbackRequest)
        .where(CallbackRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (request, call) if request and call else None


def close(session: Session, request: CallbackRequest, call: Call, end: End) -> None:
    """The request is over, and its number is erased. With a conversation, the call's consultation was held."""
    request.closed_as, request.closed_at, request.closed_by_id = end.closing, end.at, end.staff_id
    request.talked_at = end.talked_at
    request.number = None
    session.flush()
    records.refresh(session, call)


def erase_old(session: Session, policy: Policy, now: datetime) -> int:
    """Close what nobody got to in the days that the configuration allows; how many. Commits after each.

    What is being rung just now waits for the next time.
    """
    erased = 0
    old = old_requests(session, now - timedelta(days=policy.callbacks.keep_days))
    session.commit()
    for request_id in old:
        held = hold(session, request_id)
        if held and held[0].closed_at is None and live_try(session, request_id) is None:
            close(session, *held, End(Closing.EXPIRED, None, now))
            audit.note(session, None, What.ERASED, f"callback_request:{request_id}", ("number",), now)
            erased += 1
        session.commit()
    return erased


def _is_exposed(call: Call) -> bool:
    return call.position is not None and position_from_json(call.position).caller_kind is CallerKind.EXPOSED


def _request(session: Session, call: Call) -> CallbackRequest | None:
    return session.scalar(select(CallbackRequest).where(CallbackRequest.call_id == call.id))
