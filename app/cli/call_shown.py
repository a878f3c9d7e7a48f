"""A practice call in words: its transcript, and what the service recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.cli.outcomes import outcome_in_words
from app.cli.typed import beside, command
from app.domain.calls import CallStatus, Outcome
from app.domain.phone import PhoneNumber, caller_number
from app.services.rota import duty
from app.simulator.transcript import Ending, LineKind
from app.storage.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.simulator.transcript import Line, Transcript
    from app.storage.queries.api_pages import CallRecord

_LABELS = {
    LineKind.SAID: "line says",
    LineKind.PLAYED: "line plays",
    LineKind.KEYED: "caller presses",
    LineKind.NO_KEY: "caller is silent",
    LineKind.RANG: "phone rings",
    LineKind.PICKED_UP: "picked up",
    LineKind.SCREEN_SAID: "specialist hears",
    LineKind.SCREEN_KEYED: "specialist presses",
    LineKind.BRIDGED: "talking",
    LineKind.LEG_ENDED: "phone",
    LineKind.CALLER_HUNG_UP: "caller hangs up",
    LineKind.SERVICE_HUNG_UP: "line hangs up",
    LineKind.REJECTED: "call rejected",
    LineKind.DROPPED: "call dropped",
}
_COLUMN = max(map(len, _LABELS.values()))
_ENDINGS = {
    Ending.TALKED: "the caller talked to a human",
    Ending.SPEECH: "the caller heard the last words, and the line hung up",
    Ending.HUNG_UP: "the caller hung up before reaching anybody",
    Ending.REJECTED: "the call was not answered",
    Ending.DROPPED: "the call broke off with Twilio's error sentence",
    Ending.SILENT: "the line hung up without a word",
}
_ENDED = {
    CallStatus.COMPLETED: "hung up",
    CallStatus.BUSY: "busy",
    CallStatus.NO_ANSWER: "no answer",
    CallStatus.FAILED: "can't be reached",
    CallStatus.CANCELED: "stopped ringing",
}


def told(policy: Policy, key: LineKey, transcript: Transcript) -> Iterator[str]:
    """What happened, in the order in which it did, on the line's wall clock."""
    zone = policy.schedules[key].hours.zone
    caller = caller_number(transcript.caller)
    yield f"{policy.lines[key].name}, {transcript.began_at.astimezone(zone):%A %Y-%m-%d %H:%M:%S %z}"
    yield f"from {caller.masked if caller else 'a withheld number'}"
    yield ""
    for line in transcript.lines:
        yield from beside(f"  {line.at.astimezone(zone):%H:%M:%S}  {_LABELS[line.kind]:<{_COLUMN}}  ", _text(line))
    yield ""
    yield f"Result: {_ENDINGS[transcript.ending]} ({transcript.seconds} s from the answer)."
    for finding in transcript.findings:
        yield f"Objection: {finding.what} [{finding.kind.value}]"


def recorded(session: Session, policy: Policy, key: LineKey, record: CallRecord | None) -> Iterator[str]:
    """What the database holds of it; and when the line opens, if it was closed."""
    if record is None:
        yield "Recorded: nothing. That is a fault of the service."
        return
    call, consultation = record.call, record.consultation
    yield f"Recorded: call {call.sid}"
    yield f"  outcome       {outcome_in_words(call.outcome, call.reason)}"
    for attempt in record.attempts:
        alias = session.scalar(select(Staff.alias).where(Staff.id == attempt.staff_id)) or "somebody"
        yield f"  attempt       {alias} ({attempt.tier.value}): {attempt.state.value}"
    if consultation is None:
        yield "  consultation  none. That is a fault of the service."
    else:
        held = "held" if consultation.held_at else "not held (nobody talked)"
        in_case = ", in the case of its reference" if consultation.case_id else ""
        yield f"  consultation  {consultation.id}, {held}{in_case}"
    if call.outcome is Outcome.CLOSED:
        yield from _hint(session, policy, key, record)


def record_as_json(record: CallRecord | None) -> dict[str, Any] | None:
    """The record for other programs."""
    if record is None:
        return None
    call, consultation = record.call, record.consultation
    return {
        "sid": call.sid,
        "line": call.line,
        "outcome": call.outcome.value,
        "reason": call.reason or None,
        "started_at": call.started_at.isoformat(),
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "attempts": [{"specialist": one.staff_id, "state": one.state.value} for one in record.attempts],
        "consultation": consultation.id if consultation else None,
        "held": bool(consultation and consultation.held_at),
    }


def _text(line: Line) -> str:
    phone = _masked(line.phone)
    match line.kind:
        case LineKind.LEG_ENDED:
            return f"{phone} {_ENDED.get(CallStatus(line.text), line.text)}"
        case LineKind.SCREEN_SAID | LineKind.SCREEN_KEYED:
            return line.text
        case LineKind.NO_KEY:
            return line.text
        case _:
            return " ".join(filter(None, (phone, line.text)))


def _hint(session: Session, policy: Policy, key: LineKey, record: CallRecord) -> Iterator[str]:
    opens = duty.opening(session, policy, key, record.call.started_at).next_opening
    if opens is None:
        return
    wall = opens.astimezone(policy.schedules[key].hours.zone)
    yield ""
    yield "The line was closed then. To hear it open:"
    yield f'  {command()} call {key} --at "{wall:%Y-%m-%dT%H:%M}"'


def _masked(phone: str) -> str:
    try:
        return PhoneNumber(phone).masked
    except ValueError:
        return ""
