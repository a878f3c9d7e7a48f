"""The work list of callbacks: who waits since when, who has whom, and what a specialist does with a request.

Every service here looks for the request among what the actor may see, holds it, and leaves the commit to its caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.audit import What
from app.domain.callbacks import (
    TAKEN_FOR,
    BackState,
    CallbackState,
    Closing,
    NotNow,
    RequestFacts,
    SafeHours,
    SafeNote,
    Why,
    state_of,
)
from app.domain.callflow import position_from_json
from app.domain.callflow.nodes import CallerKind
from app.domain.permissions import Permission
from app.services.keeping import audit
from app.services.line import callbacks
from app.services.line.callbacks import End
from app.storage.models import CallbackRequest
from app.storage.queries import callbacks as queries
from app.storage.queries.scoped import found
from app.storage.queries.staff import who_may

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import StaffId
    from app.domain.permissions import Actor
    from app.domain.skills import Competence
    from app.storage.models import Call, CallbackAttempt, Staff

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request of the list. No number is in it, nor any part of one."""

    id: int
    call_id: int
    line: str
    asked_at: datetime
    state: CallbackState
    has: str | None
    """The alias of whoever has it, or whom it was handed to."""
    is_mine: bool
    is_anybodys: bool
    """Whether the actor may take it: nobody has it, or whoever has it has had it for too long."""
    taken_at: datetime | None
    passed_by: str | None
    missed: int
    """How often it was tried in vain."""
    last: BackState | None
    """How the last try stands, or ended."""
    last_at: datetime | None
    caller_kind: CallerKind
    about: Competence | None
    is_exposed: bool
    safe_from: str | None
    safe_until: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whom a request can be handed to."""

    staff_id: str
    alias: str
    knows_it: bool
    """Whether what the caller asked about is what they know best."""


def work_list(session: Session, actor: Actor, now: datetime, most: int = MOST_LISTED) -> Sequence[Waiting]:
    """What waits on the actor's lines, the longest wait first; at most ``most``."""
    open_ones = queries.open_requests(session, actor, most)
    tries = queries.tries_of(session, [request.id for request, _ in open_ones])
    people = {one for request, _ in open_ones for one in (request.staff_id, request.passed_by_id) if one}
    names = queries.aliases(session, people)
    return [as_waiting(request, call, tries[request.id], names, actor, now) for request, call in open_ones]


def take(session: Session, actor: Actor, request_id: int, now: datetime) -> None:
    """It is mine. Raises ``NotFound``, and ``NotNow`` when somebody else has it."""
    request, _ = held_open(session, actor, request_id)
    staff_id = _specialist(actor)
    assert_nobody_elses(request, staff_id, now)
    if request.staff_id != staff_id or request.passed_by_id:
        request.staff_id, request.taken_at, request.passed_by_id = staff_id, now, None
    _note(session, actor, request_id, ("staff_id",), now)


def give_back(session: Session, actor: Actor, request_id: int, now: datetime) -> None:
    """Anybody may have it. Raises ``NotFound`` and ``NotNow``."""
    request, _ = _mine(session, actor, request_id)
    request.staff_id = request.taken_at = request.passed_by_id = None
    _note(session, actor, request_id, ("staff_id",), now)


def colleagues(session: Session, actor: Actor, request_id: int) -> Sequence[Colleague]:
    """Those who may open it, first whoever knows best what the caller asked about. Raises ``NotFound``."""
    request = found(session, CallbackRequest, request_id, actor)
    held = callbacks.hold(session, request.id)
    about = _about(held[1]) if held else None
    others = [Colleague(one.id, one.alias, _knows(one, about)) for one in _who_may_have(session, actor, request)]
    return sorted(others, key=lambda one: not one.knows_it)


def pass_on(session: Session, actor: Actor, request_id: int, to: StaffId, now: datetime) -> None:
    """Hand it to a colleague who may open it. Raises ``NotFound`` and ``NotNow``."""
    request, _ = _mine_or_nobodys(session, actor, request_id, now)
    if to not in {one.id for one in _who_may_have(session, actor, request)}:
        raise NotNow(Why.NOBODY_THERE, "there is no such colleague")
    request.staff_id, request.taken_at, request.passed_by_id = to, now, _specialist(actor)
    _note(session, actor, request_id, ("passed_by_id", "staff_id"), now)


def _who_may_have(session: Session, actor: Actor, request: CallbackRequest) -> Sequence[Staff]:
    people = who_may(session, actor, Permission.RING_BACK, request.line)
    return [one for one in people if one.id != actor.staff_id]


def close(session: Session, actor: Actor, request_id: int, closing: Closing, now: datetime) -> None:
    """It is over, and its number is erased. ``TALKED``: the consultation was held. Raises ``NotFound``, ``NotNow``."""
    request, call = _mine_or_nobodys(session, actor, request_id, now)
    talk = queries.last_talk(session, request_id) if closing is Closing.TALKED else None
    if closing is Closing.TALKED and talk is None:
        raise NotNow(Why.NOT_TALKED, f"nobody was reached for callback request {request_id}")
    if closing is Closing.EXPIRED:
        raise NotNow(Why.CLOSED, "only time makes a request expire")
    by = talk.staff_id if talk else _specialist(actor)
    callbacks.close(session, request, call, End(closing, by, now, talk.answered_at if talk else None))
    _note(session, actor, request_id, ("closed_as", "number"), now)


def note_exposed(
    session: Session, actor: Actor, request_id: int, safe: SafeHours | None, now: datetime, *, seen: str
) -> None:
    """It is an exposed person; rung back only in these hours, and never without. ``seen``: of the note that was shown.

    Raises ``NotFound``, and ``NotNow``, also for hours that would take the place of a note that wasn't shown. "Never"
    takes the place of any.
    """
    request, _ = held_open(session, actor, request_id)
    before = safe_note(request)
    begins, ends = (f"{safe.begins:%H:%M}", f"{safe.ends:%H:%M}") if safe else (None, None)
    if safe and seen != before.seen:
        if before == SafeNote(is_exposed=True, begins=begins, ends=ends, by=before.by):
            return
        raise NotNow(Why.NOTED_ELSEWHERE, f"another note about callback request {request_id} was made meanwhile")
    request.is_exposed, request.safe_noted_by_id = True, _specialist(actor)
    request.safe_from, request.safe_until = begins, ends
    _note(session, actor, request_id, ("is_exposed", "safe_from", "safe_until"), now)


def safe_note(request: CallbackRequest) -> SafeNote:
    """What is noted about whether it is safe to ring."""
    return SafeNote(request.is_exposed, request.safe_from, request.safe_until, request.safe_noted_by_id)


def held_open(session: Session, actor: Actor, request_id: int) -> tuple[CallbackRequest, Call]:
    """The request with its call, held. Raises ``NotFound``, and ``NotNow`` when it is over or just being rung."""
    found(session, CallbackRequest, request_id, actor)
    held = callbacks.hold(session, request_id)
    if held is None or held[0].closed_at is not None or held[0].confirmed_at is None:
        raise NotNow(Why.CLOSED, f"callback request {request_id} is over")
    if queries.live_try(session, request_id):
        raise NotNow(Why.RINGING, f"callback request {request_id} is just being rung")
    return held


def _mine(session: Session, actor: Actor, request_id: int) -> tuple[CallbackRequest, Call]:
    request, call = held_open(session, actor, request_id)
    if request.staff_id != _specialist(actor):
        raise NotNow(Why.NOT_YOURS, f"you don't have callback request {request_id}")
    return request, call


def assert_nobody_elses(request: CallbackRequest, staff_id: str, now: datetime) -> None:
    """Raise ``NotNow`` while somebody else has the request."""
    if request.staff_id != staff_id and not _is_anybodys(request, now):
        raise NotNow(Why.SOMEBODY_ELSES, f"somebody else has callback request {request.id}")


def _is_anybodys(request: CallbackRequest, now: datetime) -> bool:
    return request.staff_id is None or request.taken_at is None or now - request.taken_at >= TAKEN_FOR


def _mine_or_nobodys(session: Session, actor: Actor, request_id: int, now: datetime) -> tuple[CallbackRequest, Call]:
    request, call = held_open(session, actor, request_id)
    assert_nobody_elses(request, _specialist(actor), now)
    return request, call


def _specialist(actor: Actor) -> StaffId:
    if actor.staff_id is None:
        raise NotNow(Why.NO_PHONE, "your account isn't a specialist's")
    return actor.staff_id


def _note(session: Session, actor: Actor, request_id: int, fields: Iterable[str], now: datetime) -> None:
    audit.note(session, actor, What.CHANGED_CALLBACK, f"callback_request:{request_id}", fields, now)


def as_waiting(
    request: CallbackRequest,
    call: Call,
    tries: Sequence[CallbackAttempt],
    names: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> Waiting:
    """A request as the actor sees it. ``tries``: its own, in order; ``names``: the aliases of whom it names."""
    missed = sum(one.ended_at is not None and one.accepted_at is not None for one in tries)
    facts = RequestFacts(
        closed_as=request.closed_as,
        is_ringing=any(one.ended_at is None for one in tries),
        is_taken=request.taken_at is not None,
        is_passed_on=request.passed_by_id is not None,
        missed=missed,
    )
    last, asked_at = tries[-1] if tries else None, request.confirmed_at or request.made_at
    return Waiting(
        id=request.id,
        call_id=request.call_id,
        line=request.line,
        asked_at=asked_at,
        state=state_of(facts),
        has=names.get(request.staff_id or ""),
        is_mine=request.staff_id is not None and request.staff_id == actor.staff_id,
        is_anybodys=_is_anybodys(request, now),
        taken_at=request.taken_at,
        passed_by=names.get(request.passed_by_id or ""),
        missed=missed,
        last=last.state if last else None,
        last_at=last.began_at if last else None,
        caller_kind=_kind(call),
        about=_about(call),
        is_exposed=request.is_exposed,
        safe_from=request.safe_from,
        safe_until=request.safe_until,
    )


def _kind(call: Call) -> CallerKind:
    return position_from_json(call.position).caller_kind if call.position else CallerKind.UNKNOWN


def _about(call: Call) -> Competence | None:
    return position_from_json(call.position).competence if call.position else None


def _knows(staff: Staff, about: Competence | None) -> bool:
    return about is not None and about in staff.competences
