"""Ringing back: what a request is waiting for, how a try ended, and what may be rung when.

As with calls, a try's facts are set at most once each, and how it ended is a function of the facts: callbacks may come
late, twice or in any order.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.calls import AttemptState, CallStatus, attempt_ended_as
from app.domain.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime, time
    from zoneinfo import ZoneInfo

SHORT_TALK = timedelta(seconds=30)
"""A voicemail answers, too. What is over sooner than this is done only when the specialist says so."""


JUST_ENDED = timedelta(hours=1)
"""How long after a call its specialist may note a call-back: as long as they remember what was said."""
TAKEN_FOR = timedelta(hours=4)
"""Whoever has a request for longer may have gone home: then anybody may take it."""


class CallbackState(StrEnum):
    """What becomes of a request to be rung back."""

    WAITING = "waiting"
    TAKEN = "taken"
    PASSED_ON = "passed_on"
    """Handed to a colleague, who hasn't taken it yet."""
    RINGING = "ringing"
    NOT_REACHED = "not_reached"
    """Tried, and free for another try by anybody."""
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Over without a conversation, for whatever reason."""


class Closing(StrEnum):
    """Why a request is over."""

    TALKED = "talked"
    NOT_REACHED = "not_reached"
    """Tried often enough."""
    WRONG_NUMBER = "wrong_number"
    NO_LONGER_WANTED = "no_longer_wanted"
    EXPIRED = "expired"
    """Nobody got to it before its number had to be erased."""


class BackState(StrEnum):
    """How a try to ring somebody back stands, or ended."""

    RINGING = "ringing"
    """The specialist's own phone."""
    DIALLING = "dialling"
    """The specialist pressed 1; now the caller's phone rings."""
    TALKING = "talking"
    REACHED = "reached"
    CALLER_BUSY = "caller_busy"
    CALLER_NO_ANSWER = "caller_no_answer"
    CALLER_FAILED = "caller_failed"
    DECLINED = "declined"
    SILENT = "silent"
    """The specialist's phone was picked up, and 1 wasn't pressed."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """The specialist hung up while the caller's phone rang."""


class Why(StrEnum):
    """Why something can't be done with a request just now."""

    CLOSED = "closed"
    SOMEBODY_ELSES = "somebody_elses"
    NOT_YOURS = "not_yours"
    RINGING = "ringing"
    IN_A_CALL = "in_a_call"
    NO_PHONE = "no_phone"
    """Whoever asks is no specialist, or has a number that isn't rung."""
    NUMBER_GONE = "number_gone"
    NOT_TO_BE_RUNG = "not_to_be_rung"
    NOT_SAFE = "not_safe"
    """An exposed person, and nobody noted that it is safe."""
    NOT_SAFE_NOW = "not_safe_now"
    TOO_MANY_THIS_HOUR = "too_many_this_hour"
    TOO_MANY_TODAY = "too_many_today"
    NOBODY_THERE = "nobody_there"
    """The colleague isn't one of this organisation's."""
    NOT_TALKED = "not_talked"
    """Called done, and the two were never joined."""
    NOTED_ELSEWHERE = "noted_elsewhere"
    """Somebody else has noted meanwhile whether it is safe."""
    REFUSED = "refused"
    """The provider refuses to ring."""


class WhyNot(StrEnum):
    """Why a specialist can't note a call-back for a call."""

    NOT_SERVED = "not_served"
    """The line serves no exposed persons, or another line's specialist took the call, or there was no call."""
    NOT_TAKEN = "not_taken"
    """Somebody else heard what the caller said."""
    TOO_LATE = "too_late"
    THERE_IS_ONE = "there_is_one"
    """A call is rung back once."""
    NOT_TO_BE_RUNG = "not_to_be_rung"


class NotNoted(Conflict):
    """A call-back wasn't noted. ``why`` is for pages, the sentence for logs."""

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(f"no call-back was noted: {why}")


class NotNow(Conflict):
    """A request can't be dealt with so, now. ``why`` is for pages, the sentence for commands."""

    def __init__(self, why: Why, message: str) -> None:
        self.why = why
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """The caps on ringing back, and how long a number is kept at most."""

    most_per_hour: int = 20
    """Tries on one line."""
    most_per_day: int = 100
    keep_days: int = 30


@dataclass(frozen=True, slots=True)
class SafeHours:
    """When an exposed person can be rung: every day from ``begins`` until ``ends`` on the line's wall clock.

    Both are whole minutes of one day. Raises ``ValueError`` when it would never be.
    """

    begins: time
    ends: time

    def __post_init__(self) -> None:
        if self.begins.tzinfo or self.ends.tzinfo or self.begins >= self.ends:
            message = "it is safe from a time of the day until a later one of the same day"
            raise ValueError(message)

    def holds(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it is safe now."""
        return self.begins <= now.astimezone(zone).time() < self.ends


@dataclass(frozen=True, slots=True)
class SafeNote:
    """Whether a person may be rung: in ``[begins, ends)``, HH:MM on the line's wall clock, or never."""

    is_exposed: bool
    begins: str | None
    ends: str | None
    by: str | None
    """The specialist who noted it."""

    @property
    def seen(self) -> str:
        """What a page that shows it sends back, so that nothing is noted over what it didn't show."""
        content = json.dumps([self.is_exposed, self.begins, self.ends, self.by])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """All that a request's state depends on."""

    closed_as: Closing | None
    is_ringing: bool
    is_taken: bool
    is_passed_on: bool
    missed: int


def state_of(facts: RequestFacts) -> CallbackState:
    """What a request waits for."""
    if facts.closed_as:
        return CallbackState.DONE if facts.closed_as is Closing.TALKED else CallbackState.WITHDRAWN
    if facts.is_ringing:
        return CallbackState.RINGING
    if facts.is_passed_on:
        return CallbackState.PASSED_ON
    if facts.is_taken:
        return CallbackState.TAKEN
    return CallbackState.NOT_REACHED if facts.missed else CallbackState.WAITING


@dataclass(frozen=True, slots=True)
class BackFacts:
    """All that the end of a try depends on."""

    ended: bool
    accepted: bool
    declined: bool
    caller_answered: bool
    staff_status: CallStatus | None
    """Twilio's last word on the specialist's leg."""
    caller_status: CallStatus | None
    """Twilio's last word on the caller's leg."""


_CALLER_ENDED_AS = {
    CallStatus.BUSY: BackState.CALLER_BUSY,
    CallStatus.NO_ANSWER: BackState.CALLER_NO_ANSWER,
    CallStatus.FAILED: BackState.CALLER_FAILED,
}
_STAFF_ENDED_AS = {
    AttemptState.BUSY: BackState.BUSY,
    AttemptState.NO_ANSWER: BackState.NO_ANSWER,
    AttemptState.SILENT: BackState.SILENT,
    AttemptState.CANCELLED: BackState.CANCELLED,
}


def settle_back(facts: BackFacts) -> BackState:
    """How a try stands, from its facts alone."""
    if not facts.ended:
        if facts.caller_answered:
            return BackState.TALKING
        return BackState.DIALLING if facts.accepted else BackState.RINGING
    if facts.caller_answered:
        return BackState.REACHED
    if facts.accepted:
        return _CALLER_ENDED_AS.get(facts.caller_status or CallStatus.CANCELED, BackState.CANCELLED)
    if facts.declined:
        return BackState.DECLINED
    return _STAFF_ENDED_AS.get(attempt_ended_as(facts.staff_status), BackState.FAILED)
