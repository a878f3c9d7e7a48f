"""Tries to ring back that fell silent: Twilio is asked how they ended. For jobs; it never dials."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from app.domain.calls import CallSid, CallStatus
from app.domain.errors import Unavailable
from app.domain.lines import LineKey
from app.services.callback import back_calls
from app.services.callback.ring_back import Listing, placed
from app.services.line.reconcile import LONGEST_CALL, QUIET
from app.storage.queries.callbacks import silent_tries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.callback.back_calls import Back
    from app.telephony.rest import ProviderCall

_UNHEARD = timedelta(minutes=5)
"""A phone that was ordered to ring and of which nothing was ever heard doesn't ring any more, whoever can be asked."""


class Provider(Listing, Protocol):
    """Twilio's REST interface, or its stand-in's."""

    def fetch(self, sid: CallSid) -> ProviderCall | None:
        """One call."""

    def children(self, parent_sid: CallSid) -> Iterable[ProviderCall]:
        """The legs that a call dialled."""


def sweep(session: Session, policy: Policy, provider: Provider, now: datetime) -> int:
    """Close the tries that are over; how many. Commits after each, and holds nothing while it asks.

    Raises ``Unavailable``, having given up those that can't be going on any more.
    """
    silent = silent_tries(session, now - QUIET)
    session.commit()
    return sum(_sweep_one(session, policy, provider, token, now) for token in silent)


def _sweep_one(session: Session, policy: Policy, provider: Provider, token: str, now: datetime) -> bool:
    try:
        sid = _sid(session, policy, provider, token)
        found = provider.fetch(sid) if sid else None
        over = found is None or found.status.is_terminal
        legs = provider.children(sid) if sid and over else ()
    except Unavailable:
        gave_up = _give_up_unheard(session, token, now)
        session.commit()
        if gave_up:
            return True
        raise
    back = back_calls.hold(session, token)
    if back is None or back.attempt.ended_at is not None:
        closes = False
    else:
        closes = over or now - back.attempt.began_at > LONGEST_CALL
        if sid:
            back.attempt.sid = back.attempt.sid or sid
        if closes:
            _close(session, back, found, legs, now)
    session.commit()
    return closes


def _sid(session: Session, policy: Policy, provider: Provider, token: str) -> CallSid | None:
    """The call's name; where we never learned it, as Twilio's list has it."""
    back = back_calls.hold(session, token)
    if back is None:
        return None
    attempt, caller_id = back.attempt, policy.lines[LineKey(back.request.line)].caller_id
    known = attempt.sid
    if known:
        session.commit()
        return CallSid(known)
    return placed(session, provider, attempt, caller_id)


def _give_up_unheard(session: Session, token: str, now: datetime) -> bool:
    back = back_calls.hold(session, token)
    if back is None or back.attempt.sid or back.attempt.heard_at or now - back.attempt.began_at < _UNHEARD:
        return False
    back_calls.staff_leg_is(session, back, CallStatus.FAILED, now)
    return True


def _close(
    session: Session, back: Back, found: ProviderCall | None, legs: Iterable[ProviderCall], now: datetime
) -> None:
    at = (found.ended_at if found else None) or back.attempt.heard_at or now
    for leg in legs:
        back_calls.caller_leg_is(session, back, leg.status, leg.duration_seconds, leg.ended_at or at)
    if back.attempt.caller_status is None:
        back.attempt.caller_status = CallStatus.CANCELED
    status = found.status if found and found.status.is_terminal else CallStatus.FAILED
    back_calls.staff_leg_is(session, back, status, at)
