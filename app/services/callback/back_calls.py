"""The two legs of ringing back, as Twilio tells of them: each fact is set once, in whatever order it comes.

A try is over when both legs' fates are known. What stays open is asked about by ``back_sweep``. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.callbacks import SHORT_TALK, BackFacts, BackState, Closing, settle_back
from app.domain.callflow import described, position_from_json
from app.domain.callflow.values import Position, Spoken
from app.domain.callflow.words import fill
from app.domain.calls import CallStatus
from app.domain.lines import LineKey
from app.services.line import callbacks
from app.services.line.callbacks import End
from app.storage.models import CallbackAttempt

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.calls import CallSid
    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy
    from app.services.line.attempts import DialReport, LegReport
    from app.storage.models import Call, CallbackRequest


@dataclass(frozen=True, slots=True)
class Back:
    """A try with what it belongs to, all rows held."""

    attempt: CallbackAttempt
    request: CallbackRequest
    call: Call


@dataclass(frozen=True, slots=True)
class Through:
    """Whom to put the specialist through to, and the number that is shown there."""

    number: PhoneNumber
    caller_id: PhoneNumber


def hold(session: Session, token: str) -> Back | None:
    """The try of this token; ``None`` for one that we never gave out."""
    request_id = session.scalar(select(CallbackAttempt.request_id).where(CallbackAttempt.token == token))
    held = callbacks.hold(session, request_id) if request_id else None
    attempt = session.scalar(
        select(CallbackAttempt).where(CallbackAttempt.token == token).execution_options(populate_existing=True)
    )
    return Back(attempt, *held) if attempt and held else None


def is_placed(session: Session, token: str, sid: CallSid) -> None:
    """Twilio says which call it is; perhaps that call told us before."""
    back = hold(session, token)
    if back:
        _is_ours(back, sid)


def never_rang(session: Session, token: str, now: datetime) -> None:
    """Nothing came of the order, for certain."""
    back = hold(session, token)
    if back:
        staff_leg_is(session, back, CallStatus.FAILED, now)


def picked_up(session: Session, policy: Policy, token: str, sid: CallSid | None, now: datetime) -> Spoken | None:
    """The specialist's phone was picked up: what they hear. ``None``: there is nothing to take any more."""
    back = _heard(session, token, sid, now)
    if back is None or back.attempt.ended_at is not None:
        return None
    line = policy.lines[LineKey(back.request.line)]
    position = position_from_json(back.call.position) if back.call.position else Position(policy.flows[line.key].start)
    return Spoken(fill(policy.words.back_screen, line=line.name, caller=described(position, policy.words)))


def pressed(
    session: Session, policy: Policy, token: str, sid: CallSid | None, keys: str, leg: CallStatus | None, now: datetime
) -> Through | None:
    """A key on the specialist's leg: 1 puts them through. A repeat gets the same; another key is for good."""
    back = _heard(session, token, sid, now)
    if back is None or not keys or back.attempt.ended_at is not None or (leg and leg.is_terminal):
        return None
    attempt, request = back.attempt, back.request
    if keys == "1" and attempt.declined_at is None:
        attempt.accepted_at = attempt.accepted_at or now
    else:
        attempt.declined_at = attempt.declined_at or now
    settle(session, back, now)
    number = request.number
    if attempt.declined_at or number is None or not number.may_be_rung or policy.line_with(number):
        return None
    return Through(number, policy.lines[LineKey(request.line)].caller_id)


def dial_ended(
    session: Session, token: str, sid: CallSid | None, report: DialReport, leg: CallStatus | None, now: datetime
) -> BackState | None:
    """The Dial to the caller is over: how it went; ``None`` when the specialist is gone or the two have talked."""
    back = _heard(session, token, sid, now)
    if back is None:
        return None
    if report.bridged:
        _caller_answered(back.attempt, report.seconds, now)
    elif report.status and not back.attempt.answered_at:
        # Nobody screens the caller's phone: "completed" without a bridge is a specialist who hung up just then.
        unheard = report.status is CallStatus.COMPLETED
        back.attempt.caller_status = back.attempt.caller_status or (CallStatus.CANCELED if unheard else report.status)
    settle(session, back, now)
    if leg and leg.is_terminal:
        staff_leg_is(session, back, CallStatus.COMPLETED, now)
        return None
    if back.attempt.answered_at:
        return None
    return settle_back(_facts(back.attempt, ended=True))


def caller_leg(session: Session, token: str, leg: LegReport, now: datetime) -> None:
    """A callback about the caller's leg."""
    back = hold(session, token)
    if back is None or back.attempt.accepted_at is None:
        return
    back.attempt.heard_at = max(now, back.attempt.heard_at or now)
    caller_leg_is(session, back, leg.status, leg.seconds, now)


def staff_leg(session: Session, token: str, sid: CallSid | None, leg: LegReport, now: datetime) -> None:
    """A callback about the specialist's leg."""
    back = _heard(session, token, sid, now)
    if back and leg.status.is_terminal:
        staff_leg_is(session, back, leg.status, now)


def caller_leg_is(session: Session, back: Back, status: CallStatus, seconds: int | None, now: datetime) -> None:
    """What is known of the caller's leg."""
    if status is CallStatus.IN_PROGRESS:
        back.attempt.answered_at = back.attempt.answered_at or now
    elif status is CallStatus.COMPLETED:
        _caller_answered(back.attempt, seconds, now)
    elif status.is_terminal:
        back.attempt.caller_status = back.attempt.caller_status or status
    settle(session, back, now)


def staff_leg_is(session: Session, back: Back, status: CallStatus, now: datetime) -> None:
    """The specialist's leg is over."""
    back.attempt.staff_status = back.attempt.staff_status or status
    settle(session, back, now)


def settle(session: Session, back: Back, now: datetime) -> None:
    """State and end from the facts as they stand; after a conversation that wasn't short the request is done."""
    attempt = back.attempt
    caller_is_known = attempt.accepted_at is None or attempt.caller_status is not None
    if attempt.ended_at is None and attempt.staff_status is not None and caller_is_known:
        attempt.ended_at = max(now, attempt.began_at)
    attempt.state = settle_back(_facts(attempt, ended=attempt.ended_at is not None))
    session.flush()
    if attempt.state is BackState.REACHED and back.request.closed_at is None and talk_of(attempt) >= SHORT_TALK:
        end = End(Closing.TALKED, attempt.staff_id, attempt.ended_at or now, attempt.answered_at)
        callbacks.close(session, back.request, back.call, end)


def talk_of(attempt: CallbackAttempt) -> timedelta:
    """How long the two talked: by Twilio's word, else by our clock."""
    if attempt.talk_seconds is not None:
        return timedelta(seconds=attempt.talk_seconds)
    if attempt.answered_at is None or attempt.ended_at is None:
        return timedelta()
    return max(timedelta(), attempt.ended_at - attempt.answered_at)


def _heard(session: Session, token: str, sid: CallSid | None, now: datetime) -> Back | None:
    """The try, if it is this call that belongs to it: an order that was carried out twice has two."""
    back = hold(session, token)
    if back is None or sid is None or not _is_ours(back, sid):
        return None
    back.attempt.heard_at = max(now, back.attempt.heard_at or now)
    return back


def _is_ours(back: Back, sid: CallSid) -> bool:
    if back.attempt.sid is None:
        back.attempt.sid = sid
    return back.attempt.sid == sid


def _caller_answered(attempt: CallbackAttempt, seconds: int | None, now: datetime) -> None:
    """The caller's phone was picked up, and is put down again."""
    attempt.answered_at = attempt.answered_at or now - timedelta(seconds=seconds or 0)
    attempt.caller_status = attempt.caller_status or CallStatus.COMPLETED
    if attempt.talk_seconds is None:
        attempt.talk_seconds = seconds


def _facts(attempt: CallbackAttempt, *, ended: bool) -> BackFacts:
    return BackFacts(
        ended=ended,
        accepted=attempt.accepted_at is not None,
        declined=attempt.declined_at is not None,
        caller_answered=attempt.answered_at is not None,
        staff_status=attempt.staff_status,
        caller_status=attempt.caller_status,
    )
