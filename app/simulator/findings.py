"""What the simulator objects to in what the service does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """Each is a fault of the service, never a fault that the simulator was asked to play."""

    INVALID_ANSWER = "invalid_answer"
    """Not TwiML that this simulator, or Twilio, would run."""
    BAD_STATUS = "bad_status"
    """An answer with another status than 2xx."""
    UNREACHABLE = "unreachable"
    """No answer, or none within Twilio's time."""
    REPEAT_DIFFERS = "repeat_differs"
    """The same request, delivered twice, got two answers."""
    FOREIGN_URL = "foreign_url"
    NUMBER_IN_URL = "number_in_url"
    LOOP = "loop"
    """Document after document without anything from the caller."""
    LONG_SILENCE = "long_silence"
    """More than 30 s without words or ringing."""
    SILENT_END = "silent_end"
    """The service ended the call without a word after the last thing that happened."""
    CALL_DROPPED = "call_dropped"
    """The caller heard Twilio's error sentence."""
    CALLER_ID = "caller_id"
    """A caller id that isn't ours (Twilio's 13214)."""
    RUNG_WHILE_IN_A_CALL = "rung_while_in_a_call"
    BRIDGED_WITHOUT_ACCEPTANCE = "bridged_without_acceptance"
    DIALLED_AFTER_HANG_UP = "dialled_after_hang_up"


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection, with the URL whose answer gave rise to it."""

    kind: FindingKind
    what: str
    url: str = ""


class InvalidAnswer(Exception):
    """An answer that can't be run; ``code`` is Twilio's error number."""

    def __init__(self, what: str, *, kind: FindingKind = FindingKind.INVALID_ANSWER, code: int = 12200) -> None:
        self.kind = kind
        self.code = code
        super().__init__(what)
