"""Calls that ask for a specialist, as rows."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.rotas import Tier
from app.storage.models import Attempt, Call

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

_numbers = count(1)


def rang(session: Session, at: datetime, outcome: Outcome = Outcome.ABANDONED, line: str = "skane") -> Call:
    """A call that began at that instant."""
    one = Call(sid=f"CA{next(_numbers):032x}", line=line, organisation=line, source=Source.LIVE, outcome=outcome)
    one.started_at, one.last_heard_at, one.ended_at, one.arrived = at, at, at + timedelta(hours=1), True
    session.add(one)
    session.flush()
    return one


def was_talked(
    session: Session,
    at: datetime,
    dial_seconds: int | None,
    *,
    leg_seconds: int | None = None,
    bridged: bool | None = True,
    by: str = "alfa",
    overflow_line: str | None = None,
) -> Call:
    """A call that was answered, and how long it was talked by each of Twilio's words."""
    one = rang(session, at, Outcome.ANSWERED)
    tried = Attempt(call_id=one.id, staff_id=by, token=f"{one.id:032}", turn=1, tier=Tier.PRIMARY, began_at=at)
    tried.state, tried.accepted_at, tried.ended_at = AttemptState.ACCEPTED, at, at + timedelta(hours=1)
    tried.overflow_line = overflow_line
    tried.dial_seconds, tried.leg_seconds, tried.bridged = dial_seconds, leg_seconds, bridged
    session.add(tried)
    session.flush()
    return one
