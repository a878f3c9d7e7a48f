"""What a call was like: frozen values, also as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.domain.calls import CallStatus
from app.simulator.findings import Finding, FindingKind

if TYPE_CHECKING:
    from app.simulator.ledger import Exchange


class LineKind(StrEnum):
    """What a line of a transcript tells."""

    SAID = "said"
    PLAYED = "played"
    KEYED = "keyed"
    NO_KEY = "no_key"
    RANG = "rang"
    PICKED_UP = "picked_up"
    SCREEN_SAID = "screen_said"
    """Heard by the specialist alone."""
    SCREEN_KEYED = "screen_keyed"
    BRIDGED = "bridged"
    LEG_ENDED = "leg_ended"
    """Text: Twilio's word for how."""
    CALLER_HUNG_UP = "caller_hung_up"
    SERVICE_HUNG_UP = "service_hung_up"
    REJECTED = "rejected"
    DROPPED = "dropped"


class Ending(StrEnum):
    """How a call ended, from the caller's side."""

    TALKED = "talked"
    """With a human, whoever hung up."""
    SPEECH = "speech"
    """The service said a last word and hung up."""
    HUNG_UP = "hung_up"
    """The caller did, before they reached anybody."""
    REJECTED = "rejected"
    DROPPED = "dropped"
    """Twilio's error sentence."""
    SILENT = "silent"
    """Neither a human nor a word."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``phone`` is the specialist's number where it concerns one."""

    at: datetime
    kind: LineKind
    text: str = ""
    phone: str = ""
    language: str = field(default="", compare=False)
    """Of words."""
    seconds: float | None = field(default=None, compare=False)
    """How long words are expected to take."""


@dataclass(frozen=True, slots=True)
class ChildLeg:
    """One phone that was rung."""

    sid: str
    phone: str
    caller_id: str
    status: CallStatus
    seconds: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """One call, from the first request to the last callback."""

    call_sid: str
    line_number: str
    caller: str
    began_at: datetime
    ended_at: datetime
    status: CallStatus
    ending: Ending
    seconds: int
    lines: tuple[Line, ...]
    legs: tuple[ChildLeg, ...]
    findings: tuple[Finding, ...]
    exchanges: tuple[Exchange, ...] = ()

    @property
    def heard(self) -> str:
        """All words that the caller heard."""
        return " ".join(line.text for line in self.lines if line.kind is LineKind.SAID)

    def kinds(self) -> tuple[LineKind, ...]:
        """What happened, in order, without the words."""
        return tuple(line.kind for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """For the wire; without what was sent."""
        return {
            "call_sid": self.call_sid,
            "line_number": self.line_number,
            "caller": self.caller,
            "began_at": self.began_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "status": self.status.value,
            "ending": self.ending.value,
            "seconds": self.seconds,
            "lines": [
                {"at": line.at.isoformat(), "kind": line.kind.value, "text": line.text, "phone": line.phone}
                for line in self.lines
            ],
            "legs": [
                {
                    "sid": leg.sid,
                    "phone": leg.phone,
                    "caller_id": leg.caller_id,
                    "status": leg.status.value,
                    "seconds": leg.seconds,
                    "joined": leg.joined,
                }
                for leg in self.legs
            ],
            "findings": [{"kind": one.kind.value, "what": one.what, "url": one.url} for one in self.findings],
        }

    @staticmethod
    def from_json(given: dict[str, Any]) -> Transcript:
        """The inverse of ``as_json``. Raises ``KeyError`` or ``ValueError`` for anything else."""
        return Transcript(
            call_sid=given["call_sid"],
            line_number=given["line_number"],
            caller=given["caller"],
            began_at=datetime.fromisoformat(given["began_at"]),
            ended_at=datetime.fromisoformat(given["ended_at"]),
            status=CallStatus(given["status"]),
            ending=Ending(given["ending"]),
            seconds=given["seconds"],
            lines=tuple(
                Line(datetime.fromisoformat(line["at"]), LineKind(line["kind"]), line["text"], line["phone"])
                for line in given["lines"]
            ),
            legs=tuple(ChildLeg(**{**leg, "status": CallStatus(leg["status"])}) for leg in given["legs"]),
            findings=tuple(Finding(FindingKind(one["kind"]), one["what"], one["url"]) for one in given["findings"]),
        )
