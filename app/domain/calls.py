"""Calls and attempts: their states, and the outcome that each call ends with.

A call's facts are set at most once each, by whichever request brings them first; the outcome is a function of the facts
and not of their order. So callbacks may arrive late, twice or in any order, and the record ends the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

CallSid = NewType("CallSid", str)


class Outcome(StrEnum):
    """What became of a call; each call has exactly one."""

    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CALLBACK = "callback"
    CLOSED = "closed"
    REFERRED = "referred"
    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    FAILED = "failed"


class Source(StrEnum):
    """Where a call's record comes from."""

    LIVE = "live"
    PRACTICE = "practice"
    RECONSTRUCTED = "reconstructed"


class AttemptState(StrEnum):
    """What became of one try to reach one specialist."""

    RINGING = "ringing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    SILENT = "silent"
    """Picked up and did not press 1: a voicemail, or a pocket."""
    CANCELLED = "cancelled"


class CallStatus(StrEnum):
    """Twilio's CallStatus (https://www.twilio.com/docs/voice/api/call-resource)."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def is_terminal(self) -> bool:
        """Whether the leg is over."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED}
)

_ENDED_AS = {
    CallStatus.BUSY: AttemptState.BUSY,
    CallStatus.NO_ANSWER: AttemptState.NO_ANSWER,
    CallStatus.FAILED: AttemptState.FAILED,
    CallStatus.CANCELED: AttemptState.CANCELLED,
    # Twilio says "completed" of a phone that was picked up and never pressed 1.
    CallStatus.COMPLETED: AttemptState.SILENT,
}


def attempt_ended_as(leg: CallStatus | None) -> AttemptState:
    """How an attempt that nobody accepted ended, from Twilio's word for its leg (``None``: Twilio said nothing)."""
    return _ENDED_AS.get(leg, AttemptState.FAILED) if leg else AttemptState.FAILED


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the callflow decided about a call, and why: the closure, the node or the failure."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class CallFacts:
    """All that the outcome depends on."""

    arrived: bool
    """Whether the first webhook of the call ever reached us."""
    ended: bool
    verdict: Verdict | None
    answered: bool
    """Whether a specialist accepted the call and Twilio didn't say that the two were never joined."""
    hung_up_at: str
    """The node where the call stands, for the reason of an abandoned call."""


def settle(facts: CallFacts) -> Verdict:
    """The call's outcome and reason, from its facts alone."""
    if facts.answered:
        return Verdict(Outcome.ANSWERED if facts.ended else Outcome.IN_PROGRESS, "")
    if facts.verdict:
        return facts.verdict
    if not facts.ended:
        return Verdict(Outcome.IN_PROGRESS, "")
    if not facts.arrived:
        return Verdict(Outcome.FAILED, "first_webhook_lost")
    return Verdict(Outcome.ABANDONED, facts.hung_up_at)
