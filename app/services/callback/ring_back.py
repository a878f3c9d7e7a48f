"""Ringing a caller back: a specialist asks for it, their own phone rings first, then the caller's.

Nothing here happens by itself, and nothing twice: an order that Twilio doesn't confirm is looked for in its list, and
if it isn't found there the try stays open until the sweep knows more; it is never ordered again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import exists, select

from app.domain.audit import What
from app.domain.callbacks import BackState, NotNow, SafeHours, Why
from app.domain.calls import CallSid
from app.domain.errors import Unavailable
from app.domain.lines import LineKey
from app.services.callback import back_calls
from app.services.callback.callback_list import assert_nobody_elses, held_open
from app.services.keeping import audit
from app.services.rota.duty import schedule_of
from app.storage.insert import insert_once
from app.storage.models import Attempt, CallbackAttempt, Staff
from app.storage.queries.callbacks import tries_since
from app.telephony.delivery import CALLBACK_DELIVERY, DELIVERY
from app.telephony.placing import NewCall, Refused, Unclear
from app.telephony.twiml import LONGEST_CALL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy
    from app.storage.models import CallbackRequest
    from app.telephony.rest import ProviderCall

RING_SECONDS = 25
_CLOCKS_DIFFER = timedelta(minutes=1)


class Listing(Protocol):
    """Twilio's list of what it rang for us, or its stand-in's."""

    def rung(self, to: PhoneNumber, caller_id: PhoneNumber, since: datetime) -> Sequence[ProviderCall]:
        """The calls that were placed so."""


class Telephone(Listing, Protocol):
    """The same, and ringing itself."""

    def ring(self, new: NewCall) -> CallSid:
        """Ring a phone, once. Raises ``Refused``, ``Unclear``, and ``Unavailable`` when nothing was asked of it."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A try that began."""

    attempt_id: int
    is_certain: bool
    """Whether Twilio said that the phone rings. If not, it may all the same."""


@dataclass(frozen=True, slots=True)
class _Begun:
    attempt_id: int
    token: str
    phone: PhoneNumber
    caller_id: PhoneNumber
    began_at: datetime


def ring_back(
    session: Session,
    policy: Policy,
    actor: Actor,
    request_id: int,
    provider: Telephone,
    now: datetime,
    *,
    public_url: str,
) -> Rung:
    """Have the actor's own phone ring, and then the caller's. ``public_url``: where Twilio reaches us.

    Commits before it asks Twilio, so that nobody waits for the network meanwhile. Raises ``NotFound``, ``NotNow`` and,
    when Twilio doesn't answer at all, ``Unavailable``: then nothing rings.
    """
    begun = _begin(session, policy, actor, request_id, now)
    session.commit()
    sid = _order(session, provider, begun, public_url)
    if sid:
        back_calls.is_placed(session, begun.token, sid)
        session.commit()
    return Rung(begun.attempt_id, is_certain=sid is not None)


def placed(session: Session, listing: Listing, begun: CallbackAttempt, caller_id: PhoneNumber) -> CallSid | None:
    """The call that an order has led to after all: named by a webhook meanwhile, or found in Twilio's list."""
    phone = session.get_one(Staff, begun.staff_id).phone
    others = set(session.scalars(select(CallbackAttempt.sid).where(CallbackAttempt.id != begun.id)))
    named, began_at = begun.sid, begun.began_at
    session.commit()
    if named:
        return CallSid(named)
    found = listing.rung(phone, caller_id, began_at - _CLOCKS_DIFFER)
    return next((one.sid for one in found if one.sid not in others), None)


def _begin(session: Session, policy: Policy, actor: Actor, request_id: int, now: datetime) -> _Begun:
    request, _ = held_open(session, actor, request_id)
    staff = _specialist(session, policy, actor)
    assert_nobody_elses(request, staff.id, now)
    assert_may_be_rung(policy, request, now)
    _assert_within_caps(session, policy, request, now)
    token = secrets.token_hex(16)
    made = not _is_in_a_call(session, staff) and insert_once(
        session,
        CallbackAttempt,
        request_id=request.id,
        organisation=request.organisation,
        line=request.line,
        staff_id=staff.id,
        token=token,
        state=BackState.RINGING,
        began_at=now,
    )
    if not made:
        raise NotNow(Why.IN_A_CALL, "you are in a call, or ring somebody back already")
    if request.staff_id != staff.id or request.passed_by_id:
        request.staff_id, request.passed_by_id, request.taken_at = staff.id, None, now
    attempt_id = session.scalars(select(CallbackAttempt.id).where(CallbackAttempt.token == token)).one()
    line = policy.lines[LineKey(request.line)]
    begun = _Begun(attempt_id, token, staff.phone, line.caller_id, now)
    audit.note(session, actor, What.RANG_BACK, f"callback_request:{request.id}", (), now)
    return begun


def _specialist(session: Session, policy: Policy, actor: Actor) -> Staff:
    """The actor's row, held: a call that is about to ring them refers to it, and has to wait."""
    staff = session.scalar(select(Staff).where(Staff.id == (actor.staff_id or "")).with_for_update())
    if staff is None or not staff.phone.may_be_rung or policy.line_with(staff.phone):
        raise NotNow(Why.NO_PHONE, "your account has no specialist's phone that can be rung")
    return staff


def assert_may_be_rung(policy: Policy, request: CallbackRequest, now: datetime) -> None:
    """Raise ``NotNow`` for a number that isn't rung, or not now."""
    number = request.number
    if number is None:
        raise NotNow(Why.NUMBER_GONE, f"the number of callback request {request.id} was erased")
    if not number.may_be_rung or policy.line_with(number):
        raise NotNow(Why.NOT_TO_BE_RUNG, f"callback request {request.id} has a number that isn't rung")
    if not request.is_exposed:
        return
    if request.safe_from is None or request.safe_until is None:
        raise NotNow(Why.NOT_SAFE, f"nobody noted that it is safe to ring back for request {request.id}")
    safe = SafeHours(time.fromisoformat(request.safe_from), time.fromisoformat(request.safe_until))
    if not safe.holds(now, schedule_of(policy, LineKey(request.line)).hours.zone):
        message = f"it is safe to ring back for request {request.id} from {request.safe_from} to {request.safe_until}"
        raise NotNow(Why.NOT_SAFE_NOW, message)


def _assert_within_caps(session: Session, policy: Policy, request: CallbackRequest, now: datetime) -> None:
    rules = policy.callbacks
    if tries_since(session, request.line, now - timedelta(hours=1)) >= rules.most_per_hour:
        message = f"line {request.line} has rung back {rules.most_per_hour} times within the hour: try again later"
        raise NotNow(Why.TOO_MANY_THIS_HOUR, message)
    if tries_since(session, request.line, now - timedelta(days=1)) >= rules.most_per_day:
        message = f"line {request.line} has rung back {rules.most_per_day} times within 24 hours: try again later"
        raise NotNow(Why.TOO_MANY_TODAY, message)


def _is_in_a_call(session: Session, staff: Staff) -> bool:
    return bool(session.scalar(select(exists().where(Attempt.staff_id == staff.id, Attempt.ended_at.is_(None)))))


def _order(session: Session, provider: Telephone, begun: _Begun, public_url: str) -> CallSid | None:
    path = f"{public_url}/twilio/back/{begun.token}"
    order = NewCall(
        to=begun.phone,
        caller_id=begun.caller_id,
        url=f"{path}{DELIVERY}",
        status_url=f"{path}/status{CALLBACK_DELIVERY}",
        ring_seconds=RING_SECONDS,
        longest_seconds=LONGEST_CALL_SECONDS,
    )
    try:
        return provider.ring(order)
    except Unclear:
        return _looked_for(session, provider, begun)
    except Refused as refused:
        back_calls.never_rang(session, begun.token, begun.began_at)
        session.commit()
        raise NotNow(Why.REFUSED, str(refused)) from refused
    except Unavailable:
        back_calls.never_rang(session, begun.token, begun.began_at)
        session.commit()
        raise


def _looked_for(session: Session, provider: Telephone, begun: _Begun) -> CallSid | None:
    attempt = session.get_one(CallbackAttempt, begun.attempt_id)
    try:
        return placed(session, provider, attempt, begun.caller_id)
    except Unavailable:
        return None
