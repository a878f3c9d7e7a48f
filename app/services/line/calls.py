"""Ends of calls, and failures of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.calls import CallSid, Outcome, Source, Verdict
from app.services.record import records
from app.services.record.records import NewCall

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.services.line.attempts import LegReport
    from app.services.line.turns import Heard


def status_changed(session: Session, sid: CallSid, line: Line | None, leg: LegReport, now: datetime) -> None:
    """The number's own status callback. A call that we never heard of gets its record here, from when it began."""
    call = records.hold(session, sid)
    if call is None:
        if line is None:
            return
        began = now - timedelta(seconds=leg.seconds or 0)
        call = records.open_record(session, NewCall(sid, line, Source.RECONSTRUCTED, began, arrived=False))
    records.log(session, call, "status", leg.status.value, now, what={"status": leg.status.value})
    if leg.status.is_terminal:
        records.end(session, call, now)
    records.refresh(session, call)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call fails with us: ``unusable_request``, or the kind of the error that we made."""

    reason: str


def failed(session: Session, heard: Heard, failure: Failure, now: datetime) -> None:
    """Our answer to a webhook was the words for a failure: the record says so, unless a human was reached already."""
    call = records.hold(session, heard.sid)
    if call is None:
        if heard.line is None:
            return
        call = records.open_record(session, NewCall(heard.sid, heard.line, heard.source, now, arrived=True))
    records.decide(call, Verdict(Outcome.FAILED, failure.reason))
    records.refresh(session, call)
