"""Twilio's form fields, read once into a value. What a signed request says is still not trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.calls import CallSid, CallStatus
from app.domain.phone import PhoneNumber, caller_number
from app.services.line.attempts import DialReport, LegReport

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers, MultiDict

# The fields that we read. Others are signed and ignored; one of these given twice makes a request unusable.
_READ = (
    "CallSid",
    "AccountSid",
    "From",
    "To",
    "CallStatus",
    "Digits",
    "DialCallStatus",
    "DialBridged",
    "DialCallDuration",
    "CallDuration",
    "PracticeNow",
)
_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
_DIGITS = re.compile(r"[0-9*#]{1,32}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)
_TOKEN = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """One webhook. A field that is malformed counts as absent."""

    sid: CallSid | None
    to: PhoneNumber | None
    caller: PhoneNumber | None
    status: CallStatus | None
    keys: str
    dial: DialReport | None
    seconds: int | None
    practice_now: datetime | None
    idempotency_token: str | None
    is_usable: bool
    """Whether the CallSid is one, and no field that we read is given twice."""

    @property
    def leg(self) -> LegReport | None:
        """The request as a callback about a specialist's leg."""
        return LegReport(self.status, self.seconds) if self.status else None


def read(form: MultiDict[str, str], headers: Headers) -> VoiceRequest:
    """Read a form whose signature was checked."""
    doubled = {name for name in _READ if len(form.getlist(name)) > 1}

    def field(name: str) -> str:
        return "" if name in doubled else form.get(name, "")

    sid = _matching(_SID, field("CallSid"))
    return VoiceRequest(
        sid=CallSid(sid) if sid else None,
        to=caller_number(field("To")),
        caller=caller_number(field("From")),
        status=_status(field("CallStatus")),
        keys=_matching(_DIGITS, field("Digits")).strip("#"),
        dial=_dial(field("DialCallStatus"), field("DialBridged"), field("DialCallDuration")),
        seconds=_seconds(field("CallDuration")),
        practice_now=_instant(field("PracticeNow")),
        idempotency_token=_matching(_TOKEN, headers.get("I-Twilio-Idempotency-Token", "")) or None,
        is_usable=bool(sid) and not doubled,
    )


def _dial(status: str, bridged: str, seconds: str) -> DialReport | None:
    if not status and not bridged:
        return None
    return DialReport(_status(status), {"true": True, "false": False}.get(bridged.lower()), _seconds(seconds))


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _status(text: str) -> CallStatus | None:
    try:
        return CallStatus(text)
    except ValueError:
        return None


def _seconds(text: str) -> int | None:
    return int(text) if _SECONDS.fullmatch(text) else None


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
