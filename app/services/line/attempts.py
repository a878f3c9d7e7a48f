"""Tries to reach one specialist: begun, picked up, accepted, ended.

Only our own accept event counts as reached: a voicemail picks up too, but doesn't press 1.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from app.domain.callflow import step_from_json
from app.domain.callflow.values import RingOne
from app.domain.calls import AttemptState, CallSid, CallStatus, attempt_ended_as
from app.services.record import records
from app.storage.insert import insert_once
from app.storage.models import Attempt, Call, Staff
from app.storage.queries.callbacks import rings_somebody_back

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.callflow.values import Candidate, Spoken
    from app.domain.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class DialReport:
    """What Twilio says, on the caller's leg, of a Dial that is over."""

    status: CallStatus | None
    bridged: bool | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class LegReport:
    """What Twilio says of the specialist's leg."""

    status: CallStatus
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Dialled:
    """An attempt by its token, and the phone that it rings."""

    token: str
    phone: PhoneNumber


def begin(session: Session, call: Call, whom: Candidate, turn: int, now: datetime) -> bool:
    """Make the attempt, unless another call rings the same specialist: the database allows one live attempt each.

    Nor if they are ringing somebody back. That is asked when the attempt is made, not before: whoever begins to ring
    back holds the specialist's row, which the new attempt refers to, and so one of the two sees the other.
    """
    made = insert_once(
        session,
        Attempt,
        call_id=call.id,
        turn=turn,
        staff_id=whom.staff,
        token=secrets.token_hex(16),
        tier=whom.tier,
        overflow_line=whom.overflow,
        state=AttemptState.RINGING,
        began_at=now,
    )
    if made and rings_somebody_back(session, whom.staff):
        session.execute(delete(Attempt).where(Attempt.call_id == call.id, Attempt.turn == turn))
        return False
    return made


def made_by(session: Session, call: Call, turn: int) -> Attempt | None:
    """The attempt that the answer to a turn made."""
    return session.scalar(select(Attempt).where(Attempt.call_id == call.id, Attempt.turn == turn))


def dialled_by(session: Session, call: Call, turn: int) -> Dialled:
    """Whom the answer to a turn rang. There is such an attempt: it was stored with the answer."""
    row = session.execute(
        select(Attempt.token, Staff.phone)
        .join(Staff, Staff.id == Attempt.staff_id)
        .where(Attempt.call_id == call.id, Attempt.turn == turn)
    ).one()
    return Dialled(row.token, row.phone)


def hold(session: Session, token: str) -> tuple[Attempt, Call] | None:
    """The attempt with its call, the call's row held; ``None`` for a token that we never gave out."""
    sid = session.scalar(select(Call.sid).join(Attempt, Attempt.call_id == Call.id).where(Attempt.token == token))
    if sid is None:
        return None
    call = records.hold(session, CallSid(sid))
    attempt = session.scalar(select(Attempt).where(Attempt.token == token).execution_options(populate_existing=True))
    return (attempt, call) if attempt and call else None


def picked_up(session: Session, token: str, now: datetime) -> Spoken | None:
    """The phone was picked up: what the specialist hears. ``None`` when the call is gone. A repeat gets the same."""
    held = hold(session, token)
    if held is None:
        return None
    attempt, call = held
    before = records.logged(session, call, "screen", token)
    is_live = before.what["live"] if before else attempt.ended_at is None and call.ended_at is None
    records.log(session, call, "screen", token, now, what={"live": is_live})
    if not is_live:
        return None
    attempt.screened_at = attempt.screened_at or now
    event = records.logged(session, call, "turn", str(attempt.turn))
    ring = step_from_json(event.step).wait if event and event.step else None
    return ring.screen if isinstance(ring, RingOne) else None


def answered(session: Session, token: str, keys: str, leg: CallStatus | None, now: datetime) -> bool:
    """The specialist pressed a key: whether the call is theirs. Another key than 1 declines; a repeat gets the same.

    ``leg`` comes first: on a leg that is over nobody is there to be joined.
    """
    held = hold(session, token)
    if held is None:
        return False
    attempt, call = held
    before = records.logged(session, call, "accept", token)
    if before:
        return bool(before.what["accepted"])
    is_over = leg is not None and leg.is_terminal
    accepted = keys == "1" and not is_over and _accept(session, attempt, call, now)
    if keys and keys != "1" and attempt.state is AttemptState.RINGING:
        attempt.state = AttemptState.DECLINED
    records.log(session, call, "accept", token, now, what={"accepted": accepted})
    records.refresh(session, call)
    return accepted


def leg_ended(attempt: Attempt, status: CallStatus, seconds: int | None, now: datetime) -> None:
    """Twilio's word on the specialist's leg, which may come before or after the Dial's own."""
    if attempt.leg_seconds is None:
        attempt.leg_seconds = seconds
    _close(attempt, attempt_ended_as(status), now)


def dial_ended(attempt: Attempt, report: DialReport, now: datetime, *, caller_gone: bool) -> None:
    """Twilio's word on the Dial: whether the two were joined, and how it ended."""
    if attempt.bridged is None:
        attempt.bridged = report.bridged
    if attempt.dial_seconds is None:
        attempt.dial_seconds = report.seconds
    cut_short = caller_gone and report.status in {CallStatus.CANCELED, CallStatus.NO_ANSWER, CallStatus.COMPLETED, None}
    _close(attempt, AttemptState.CANCELLED if cut_short else attempt_ended_as(report.status), now)
    if cut_short and attempt.state is AttemptState.SILENT:
        attempt.state = AttemptState.CANCELLED
    if attempt.state is AttemptState.ACCEPTED and attempt.bridged is False:
        # Key 1 was pressed, and one of the two had hung up before they were joined.
        attempt.state = AttemptState.CANCELLED if caller_gone else AttemptState.FAILED


def left_for_another_answer(attempt: Attempt, now: datetime) -> None:
    """The caller was led away from the Dial: the phone has stopped ringing, and whoever spoke has been cut off."""
    _close(attempt, AttemptState.CANCELLED, now)


def log_leg(session: Session, token: str, leg: LegReport, now: datetime) -> None:
    """A callback about the specialist's leg, in whatever order they come."""
    held = hold(session, token)
    if held is None:
        return
    attempt, call = held
    what = {"status": leg.status.value}
    if not records.log(session, call, "leg", f"{token}:{leg.status.value}", now, what=what):
        return
    if leg.status is CallStatus.IN_PROGRESS:
        attempt.screened_at = attempt.screened_at or now
    if leg.status.is_terminal:
        leg_ended(attempt, leg.status, leg.seconds, now)
    records.refresh(session, call)


def _accept(session: Session, attempt: Attempt, call: Call, now: datetime) -> bool:
    """Compare and set: only a ringing attempt of a caller who is still there can be accepted, and only once."""
    if call.ended_at is not None:
        return False
    won = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == AttemptState.RINGING, Attempt.ended_at.is_(None))
        .values(state=AttemptState.ACCEPTED, accepted_at=now)
        .returning(Attempt.id)
    ).first()
    session.refresh(attempt)
    return won is not None


def _close(attempt: Attempt, unless_accepted: AttemptState, now: datetime) -> None:
    if attempt.state is AttemptState.RINGING:
        attempt.state = unless_accepted
    if attempt.ended_at is None:
        attempt.ended_at = max(now, attempt.began_at)
