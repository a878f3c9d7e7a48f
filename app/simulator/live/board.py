"""The state of all live calls and of the phones beside them: one lock, one version, whoever waits is told."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.calls import CallStatus
    from app.simulator.legs import Leg
    from app.simulator.lines import PracticeLine
    from app.simulator.transcript import Line

_KEPT = 100
"""Ended calls; older ones are forgotten."""


class Hears(StrEnum):
    """What the caller hears now."""

    WORDS = "words"
    SILENCE = "silence"
    RINGING = "ringing"
    TALK = "talk"
    NOTHING = "nothing"


class PhoneState(StrEnum):
    """What a phone does now."""

    IDLE = "idle"
    RINGING = "ringing"
    SCREENING = "screening"
    TALKING = "talking"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, numbered from 1 within its call."""

    number: int
    line: Line


@dataclass(frozen=True, slots=True)
class Speaking:
    """What a browser said last of words that it reads out, and when by a clock that never jumps."""

    is_speaking: bool
    told_at: float


@dataclass(slots=True, eq=False)
class LiveCall:
    """A call in real time."""

    line: PracticeLine
    caller: str | None
    """Written, and without its last digits; ``None``: withheld."""
    began_at: datetime
    is_background: bool = False
    """Whether it goes on by itself: its caller presses 1, and so do the phones that it rings."""
    rings_out: str | None = field(default=None, repr=False)
    """The number of the phone that the service had rung, for a call that it placed itself."""
    sid: str = ""
    leg: Leg | None = None
    ended_at: datetime | None = None
    hears: Hears = Hears.RINGING
    takes_keys: bool = False
    has_hung_up: bool = False
    keys: deque[str] = field(default_factory=deque)
    entries: list[Entry] = field(default_factory=list)
    spoken: dict[int, Speaking] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    """What the service has of it: record, log and trail."""

    @property
    def is_live(self) -> bool:
        """Whether it is still under way."""
        return self.ended_at is None


@dataclass(slots=True, eq=False)
class LivePhone:
    """A phone that may ring. Its number never leaves this process."""

    number: str = field(repr=False)
    alias: str
    is_on_a_list: bool = False
    """Whether the service named it; another one is forgotten when it has stopped ringing."""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: PhoneState = PhoneState.IDLE
    call: LiveCall | None = None
    heard: Line | None = None
    """The words in the ear of whoever picked it up."""
    since: datetime | None = None
    shows: str | None = None
    reaction: CallStatus | None = None
    takes_keys: bool = False
    is_put_down: bool = False
    keys: deque[str] = field(default_factory=deque)

    def rest(self) -> None:
        """Be idle again, as if nothing had been."""
        self.state, self.call, self.heard, self.since, self.shows = PhoneState.IDLE, None, None, None, None
        self.reaction, self.takes_keys, self.is_put_down = None, False, False
        self.keys.clear()


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A phone as it stands on a line's list at an instant."""

    phone: LivePhone
    line: str
    tier: str
    place: int


class Board:
    """All live calls, newest first, and all phones by number. Every change is made under ``changed`` and touches it."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.version = 1
        self.run = secrets.token_hex(4)
        """Another one when the simulator has been started anew: the calls of before are gone."""
        self.calls: list[LiveCall] = []
        self.phones: dict[str, LivePhone] = {}

    def touch(self) -> None:
        """Something is different now."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def add(self, call: LiveCall) -> None:
        """One more call."""
        with self.changed:
            kept = [one for one in self.calls if one.is_live]
            kept += [one for one in self.calls if not one.is_live][: max(0, _KEPT - len(kept))]
            self.calls = [call, *sorted(kept, key=self.calls.index)]
            self.touch()

    def note(self, call: LiveCall, line: Line) -> None:
        """Something happened in a call."""
        with self.changed:
            call.entries.append(Entry(len(call.entries) + 1, line))
            self.touch()

    def live(self) -> list[LiveCall]:
        """The calls under way."""
        with self.changed:
            return [call for call in self.calls if call.is_live]

    def call(self, sid: str) -> LiveCall | None:
        """The call with that SID."""
        with self.changed:
            return next((call for call in self.calls if call.sid == sid), None)

    def phone(self, phone_id: str) -> LivePhone | None:
        """The phone with that token."""
        with self.changed:
            return next((phone for phone in self.phones.values() if phone.id == phone_id), None)
