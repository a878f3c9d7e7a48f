"""Legs of calls, and the form fields that Twilio sends about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from app.domain.calls import CallStatus

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import datetime

_GEOGRAPHY = ("City", "State", "Zip")


def new_sid(prefix: str) -> str:
    """A SID: two letters and 32 hexadecimal digits. Never from a seed: two calls of one seed are two calls."""
    return f"{prefix}{uuid4().hex}"


def _nobody_waits() -> None:
    """In virtual time nobody does."""


@dataclass(frozen=True, slots=True)
class Instead:
    """What a call is to do instead of what it does, through the REST API: fetch ``url``, or run ``twiml`` itself."""

    url: str = ""
    method: str = "POST"
    twiml: str | None = None


@dataclass(slots=True)
class Leg:
    """One leg: the caller's, or that of a phone which is rung for it (then with ``parent_sid``)."""

    sid: str
    account_sid: str
    direction: str
    caller: str
    called: str
    created_at: datetime
    parent_sid: str | None = None
    status: CallStatus = CallStatus.RINGING
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    joined: bool = False
    """Whether caller and phone were ever joined."""
    end_requested: bool = False
    """Set through the REST API; the call ends the next time that time passes."""
    instead: Instead | None = None
    """Set through the REST API: the current verb is abandoned for it."""
    wake: Callable[[], None] = field(default=_nobody_waits, repr=False, compare=False)
    """Called when one of these was set: a live call may be waiting."""

    def request_end(self) -> None:
        """Let the call end soon."""
        self.end_requested = True
        self.wake()

    def request_instead(self, instead: Instead) -> None:
        """Let the call go on with another document soon."""
        self.instead = instead
        self.wake()

    def answer(self, now: datetime) -> None:
        """Pick up; a second time is nothing."""
        if self.answered_at is None:
            self.answered_at = now
            self.status = CallStatus.IN_PROGRESS

    def end(self, status: CallStatus, now: datetime) -> None:
        """Be over; terminal is absorbing."""
        if not self.status.is_terminal:
            self.status = status
            self.ended_at = now

    @property
    def seconds(self) -> int:
        """Whole seconds from the answer to the end; 0 for a leg that was never answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())


def base_fields(leg: Leg, rng: random.Random) -> dict[str, str]:
    """What every request about a leg carries. Empty values are sent, and one field that nobody knows."""
    fields = {
        "AccountSid": leg.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "CallStatus": leg.status.value,
        "Direction": leg.direction,
        "From": leg.caller,
        "Caller": leg.caller,
        "To": leg.called,
        "Called": leg.called,
    }
    for end in ("From", "Caller", "To", "Called"):
        fields |= {f"{end}{what}": "" for what in _GEOGRAPHY}
        fields[f"{end}Country"] = "SE"
    if leg.parent_sid:
        fields["ParentCallSid"] = leg.parent_sid
    fields["XSim"] = f"{rng.getrandbits(32):08x} åäö"
    return fields
