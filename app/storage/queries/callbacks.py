"""What the database knows about ringing back. One query for each question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from app.domain.callbacks import BackState
from app.storage.models import Call, CallbackAttempt, CallbackRequest, Staff
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor


def rings_somebody_back(session: Session, staff_id: str) -> bool:
    """Whether the specialist is just ringing back, or about to."""
    live = exists().where(CallbackAttempt.staff_id == staff_id, CallbackAttempt.ended_at.is_(None))
    return bool(session.scalar(select(live)))


_OPEN = (CallbackRequest.confirmed_at.is_not(None), CallbackRequest.closed_at.is_(None))


def count_open(session: Session, actor: Actor) -> int:
    """How many confirmed requests aren't closed."""
    counted = visible(select(func.count()).select_from(CallbackRequest), CallbackRequest, actor)
    return session.scalar(counted.where(*_OPEN)) or 0


def open_requests(session: Session, actor: Actor, most: int) -> Sequence[tuple[CallbackRequest, Call]]:
    """The confirmed requests that aren't closed, oldest first, each with the call that it was made in."""
    waiting = visible(select(CallbackRequest, Call), CallbackRequest, actor).join(Call).where(*_OPEN)
    found = session.execute(waiting.order_by(CallbackRequest.confirmed_at, CallbackRequest.id).limit(most))
    return [(request, call) for request, call in found]


def request_of(session: Session, call_id: int) -> CallbackRequest | None:
    """The request that came of a call, confirmed or not, open or closed."""
    asked = select(CallbackRequest).where(CallbackRequest.call_id == call_id)
    return session.scalar(asked.execution_options(populate_existing=True))


def tries_of(session: Session, requests: Collection[int]) -> Mapping[int, Sequence[CallbackAttempt]]:
    """The tries for each of these requests, in order."""
    found: dict[int, list[CallbackAttempt]] = {key: [] for key in requests}
    tries = select(CallbackAttempt).where(CallbackAttempt.request_id.in_(requests))
    for one in session.scalars(tries.order_by(CallbackAttempt.id)):
        found[one.request_id].append(one)
    return found


def tries_since(session: Session, line: str, since: datetime) -> int:
    """How often somebody was rung back on a line, or was to be."""
    counted = select(func.count()).where(CallbackAttempt.line == line, CallbackAttempt.began_at > since)
    return session.scalar(counted) or 0


def last_talk(session: Session, request_id: int) -> CallbackAttempt | None:
    """The last try in which the two were joined."""
    reached = (CallbackAttempt.request_id == request_id, CallbackAttempt.state == BackState.REACHED)
    return session.scalar(select(CallbackAttempt).where(*reached).order_by(CallbackAttempt.id.desc()).limit(1))


def live_try(session: Session, request_id: int) -> CallbackAttempt | None:
    """The try that is going on for a request."""
    live = (CallbackAttempt.request_id == request_id, CallbackAttempt.ended_at.is_(None))
    return session.scalar(select(CallbackAttempt).where(*live))


def silent_tries(session: Session, heard_before: datetime) -> Sequence[str]:
    """The tokens of live tries of which nothing was heard since then."""
    heard = func.coalesce(CallbackAttempt.heard_at, CallbackAttempt.began_at)
    silent = select(CallbackAttempt.token).where(CallbackAttempt.ended_at.is_(None), heard <= heard_before)
    return session.scalars(silent.order_by(CallbackAttempt.id)).all()


def old_requests(session: Session, confirmed_before: datetime) -> Sequence[int]:
    """The requests that nobody has closed since then."""
    old = (CallbackRequest.closed_at.is_(None), CallbackRequest.confirmed_at < confirmed_before)
    return session.scalars(select(CallbackRequest.id).where(*old).order_by(CallbackRequest.id)).all()


def aliases(session: Session, staff: Collection[str]) -> Mapping[str, str]:
    """What colleagues call them."""
    named = session.execute(select(Staff.id, Staff.alias).where(Staff.id.in_(staff)))
    return {key: alias for key, alias in named}  # noqa: C416 - rows, not pairs
