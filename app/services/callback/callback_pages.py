"""One request to be rung back, opened: its tries, what stands in the way of ringing, and how it ended. No number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.audit import What
from app.domain.callbacks import BackState, NotNow, Why
from app.domain.errors import NotFound
from app.services.callback.callback_list import Waiting, as_waiting, safe_note
from app.services.callback.ring_back import assert_may_be_rung
from app.services.keeping import audit
from app.storage.models import Call, CallbackRequest, Consultation
from app.storage.queries import callbacks as queries
from app.storage.queries.scoped import found, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.callbacks import Closing
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.storage.models import CallbackAttempt


@dataclass(frozen=True, slots=True)
class Tried:
    """One try to ring back."""

    alias: str
    began_at: datetime
    state: BackState
    talk_seconds: int | None
    is_over: bool
    is_heard_of: bool
    """Whether anybody told us of the phone that was to ring. If not, it may ring all the same."""


@dataclass(frozen=True, slots=True)
class Closed:
    """How a request ended; ``by`` nobody, when its time was over."""

    closing: Closing
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One request."""

    waiting: Waiting
    tries: Sequence[Tried]
    rings_me: bool
    """Whether it is the actor who is ringing just now."""
    was_reached: bool
    """Whether a specialist and the caller, or the caller's voicemail, have been joined."""
    why_not: Why | None
    """What stands in the way of ringing, whoever asks for it when; ``None`` when nothing is known to."""
    closed: Closed | None
    erased_by: datetime
    """When the number is erased at the latest."""
    safe_noted_by: str | None
    safe_seen: str
    """What the page sends back with hours, as ``SafeNote.seen``."""
    record: int | None
    """The consultation that the call has opened."""

    @property
    def live(self) -> Tried | None:
        """The try that goes on."""
        last = self.tries[-1] if self.tries else None
        return last if last and not last.is_over else None


def open_one(session: Session, policy: Policy, actor: Actor, request_id: int, now: datetime) -> Opened:
    """A request, and that it was opened. The caller commits before showing it. Raises ``NotFound``."""
    opened = look_at(session, policy, actor, request_id, now)
    audit.note(session, actor, What.OPENED_CALLBACK, f"callback_request:{request_id}", (), now)
    return opened


def look_at(session: Session, policy: Policy, actor: Actor, request_id: int, now: datetime) -> Opened:
    """The same for a page that is open already: nothing is noted. Raises ``NotFound``."""
    request = found(session, CallbackRequest, request_id, actor)
    if request.confirmed_at is None:
        message = f"callback request {request_id} isn't confirmed"
        raise NotFound(message)
    call = session.get_one(Call, request.call_id)
    tries = queries.tries_of(session, [request.id])[request.id]
    people = {request.staff_id, request.passed_by_id, request.closed_by_id, request.safe_noted_by_id}
    names = queries.aliases(session, {one for one in people | {one.staff_id for one in tries} if one})
    live = next((one for one in tries if one.ended_at is None), None)
    return Opened(
        waiting=as_waiting(request, call, tries, names, actor, now),
        tries=[_tried(one, names) for one in tries],
        rings_me=live is not None and live.staff_id == actor.staff_id,
        was_reached=any(one.state is BackState.REACHED for one in tries),
        why_not=None if request.closed_as else _why_not(policy, actor, request, now),
        closed=_closed(request, names),
        erased_by=request.confirmed_at + timedelta(days=policy.callbacks.keep_days),
        safe_noted_by=names.get(request.safe_noted_by_id or ""),
        safe_seen=safe_note(request).seen,
        record=_record(session, actor, call),
    )


def _tried(one: CallbackAttempt, names: Mapping[str, str]) -> Tried:
    return Tried(
        alias=names[one.staff_id],
        began_at=one.began_at,
        state=one.state,
        talk_seconds=one.talk_seconds,
        is_over=one.ended_at is not None,
        is_heard_of=one.sid is not None,
    )


def _closed(request: CallbackRequest, names: Mapping[str, str]) -> Closed | None:
    if request.closed_as is None or request.closed_at is None:
        return None
    return Closed(request.closed_as, request.closed_at, names.get(request.closed_by_id or ""))


def _why_not(policy: Policy, actor: Actor, request: CallbackRequest, now: datetime) -> Why | None:
    if actor.staff_id is None:
        return Why.NO_PHONE
    try:
        assert_may_be_rung(policy, request, now)
    except NotNow as refused:
        return refused.why
    return None


def _record(session: Session, actor: Actor, call: Call) -> int | None:
    query = visible(select(Consultation.id), Consultation, actor).where(Consultation.call_id == call.id)
    return session.scalar(query)
