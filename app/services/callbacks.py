"""Numbers that callers asked to be rung back on. The machine never dials one; a specialist does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.storage.models import CallbackRequest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.callflow.values import NumberSource
    from app.domain.phone import PhoneNumber
    from app.storage.models import Call


def propose(session: Session, call: Call, number: PhoneNumber, source: NumberSource, now: datetime) -> None:
    """Keep a number, sealed, until the caller confirms it. A later one replaces it; a confirmed one stays."""
    request = _request(session, call)
    if request is None:
        request = CallbackRequest(call_id=call.id, organisation=call.organisation, line=call.line, made_at=now)
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


def _request(session: Session, call: Call) -> CallbackRequest | None:
    return session.scalar(select(CallbackRequest).where(CallbackRequest.call_id == call.id))
