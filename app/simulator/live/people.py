"""Human beings at the ends of a live call: what they do comes from buttons, while the call waits."""

from __future__ import annotations

import math
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calls import CallStatus
from app.domain.phone import PhoneNumber
from app.simulator.live.board import Hears, LivePhone, PhoneState
from app.simulator.phones import PutDown
from app.simulator.shown import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.simulator.caller import Moment
    from app.simulator.clock import Clock
    from app.simulator.legs import Leg
    from app.simulator.live.board import Board, LiveCall, Speaking
    from app.simulator.phones import Phone
    from app.simulator.run import Run
    from app.simulator.transcript import Line
    from app.simulator.twiml import Number

_REFRESHED_SECONDS = 3.0
"""A browser that doesn't say so for longer isn't speaking any more."""
_LONGEST_WORDS_SECONDS = 90.0
_MOMENT_SECONDS = 0.15
"""How long anything takes in a call that goes on by itself."""
_STAR = "*"


class LiveCaller:
    """Whoever holds the caller's phone."""

    presses_star = False

    def __init__(self, board: Board, call: LiveCall) -> None:
        self._board = board
        self._call = call

    def is_gone(self) -> bool:
        """Whether they hung up."""
        return self._call.has_hung_up

    def hangs_up(self, moment: Moment) -> bool:  # noqa: ARG002 - a Caller's form
        """Nobody knows in advance."""
        return False

    def begins_question(self) -> None:
        """Keys that were pressed before are gone."""
        self._listen_for_keys(counts=True)

    def ends_question(self) -> None:
        """Keys do nothing."""
        self._listen_for_keys(counts=False)

    def has_keyed(self) -> bool:
        """Whether a key waits."""
        return bool(self._call.keys)

    def hears(self, run: Run, seconds: float) -> None:
        """Words; a browser that reads them out says when they are over."""
        self._hears(Hears.WORDS)
        if self._call.is_background:
            run.pass_seconds(min(seconds, _MOMENT_SECONDS))
        else:
            _Words(self._call, run, seconds).last(self.has_keyed)

    def hears_nothing(self, run: Run, seconds: float) -> None:
        """A pause."""
        self._hears(Hears.SILENCE)
        run.wait_in_silence(seconds, self.has_keyed)

    def next_key(self, run: Run, seconds: float) -> str:
        """The next key that is pressed."""
        self._hears(Hears.SILENCE)
        if self._call.is_background:
            run.wait_in_silence(_MOMENT_SECONDS)
            return "1"
        run.wait_in_silence(seconds, self.has_keyed)
        with self._board.changed:
            return self._call.keys.popleft() if self._call.keys else ""

    def hears_ringing(self) -> None:
        """Somebody's phone rings."""
        self._hears(Hears.RINGING)

    def talks(self, run: Run, seconds: float, phone: Phone, *, star_ends: bool) -> None:
        """Until one of the two hangs up."""
        self._hears(Hears.TALK)
        self._listen_for_keys(counts=star_ends)
        run.pass_seconds(seconds, lambda: phone.is_put_down() or (star_ends and _STAR in self._call.keys))
        self._listen_for_keys(counts=False)

    def _hears(self, what: Hears) -> None:
        with self._board.changed:
            if self._call.hears is not what:
                self._call.hears = what
                self._board.touch()

    def _listen_for_keys(self, *, counts: bool) -> None:
        with self._board.changed:
            self._call.keys.clear()
            if self._call.takes_keys is not counts:
                self._call.takes_keys = counts
                self._board.touch()


class LivePhoneLeg:
    """A specialist's phone that is rung for a live call."""

    talk_seconds = math.inf

    def __init__(self, board: Board, call: LiveCall, clock: Clock, number: Number, leg: Leg) -> None:
        self._board = board
        self._call = call
        self._clock = clock
        self._leg = leg
        # A number without a screen is a switchboard: many can ring it at once, so each of its legs is a phone.
        self._key = number.phone if number.screen_url else f"{number.phone} {leg.sid}"
        self._phone: LivePhone | None = None

    def rings(self, seconds: float) -> tuple[float, CallStatus]:
        """As long as nobody touches it."""
        with self._board.changed:
            phone = self._board.phones.get(self._key)
            if phone is None:
                phone = self._board.phones[self._key] = LivePhone(self._leg.called, _masked(self._leg.called))
            phone.rest()
            phone.state, phone.call, phone.since = PhoneState.RINGING, self._call, self._clock.now
            phone.shows = written(self._leg.caller) or None
            self._phone = phone
            self._board.touch()
        if self._call.is_background:
            return _MOMENT_SECONDS, CallStatus.IN_PROGRESS
        return seconds, CallStatus.NO_ANSWER

    def reaction(self) -> CallStatus | None:
        """Answered, or declined."""
        return self._phone.reaction if self._phone else None

    def is_picked_up(self) -> None:
        """Nothing is heard yet, and no key counts: to whoever holds it, it rings until the screening begins."""

    def begins_question(self) -> None:
        """Keys that were pressed before are gone."""
        self._listen_for_keys(counts=True)
        self._is(PhoneState.SCREENING)

    def ends_question(self) -> None:
        """Keys do nothing."""
        self._listen_for_keys(counts=False)

    def has_keyed(self) -> bool:
        """Whether a key waits."""
        return bool(self._phone and self._phone.keys)

    def hears(self, run: Run, seconds: float) -> None:
        """The screening words."""
        self._is(PhoneState.SCREENING, self._call.entries[-1].line)
        if self._call.is_background:
            run.pass_seconds(min(seconds, _MOMENT_SECONDS))
        else:
            _Words(self._call, run, seconds).last(self._has_done_something)
        self._mind_being_put_down()

    def next_key(self, run: Run, seconds: float) -> str:
        """The next key that is pressed."""
        if self._call.is_background:
            run.pass_seconds(_MOMENT_SECONDS)
            return "1"
        run.pass_seconds(seconds, self._has_done_something)
        self._mind_being_put_down()
        with self._board.changed:
            return self._phone.keys.popleft() if self._phone and self._phone.keys else ""

    def is_put_down(self) -> bool:
        """Whether somebody hung up."""
        return bool(self._phone and self._phone.is_put_down)

    def is_joined(self) -> None:
        """The two talk."""
        self._is(PhoneState.TALKING)

    def is_over(self) -> None:
        """Idle again; a phone that nobody knew before is forgotten."""
        phone, self._phone = self._phone, None
        if phone is None:
            return
        with self._board.changed:
            phone.rest()
            if not phone.is_on_a_list:
                del self._board.phones[self._key]
            self._board.touch()

    def _is(self, state: PhoneState, heard: Line | None = None) -> None:
        with self._board.changed:
            if self._phone:
                if self._phone.state is not state:
                    self._phone.state, self._phone.since = state, self._clock.now
                self._phone.heard = heard
                self._board.touch()

    def _listen_for_keys(self, *, counts: bool) -> None:
        with self._board.changed:
            if self._phone:
                self._phone.keys.clear()
                self._phone.takes_keys = counts

    def _has_done_something(self) -> bool:
        return self.has_keyed() or self.is_put_down()

    def _mind_being_put_down(self) -> None:
        if self.is_put_down():
            raise PutDown


class _Words:
    """Words that are being heard: as long as they are expected to take, or as a browser that reads them out says."""

    def __init__(self, call: LiveCall, run: Run, seconds: float) -> None:
        self._call = call
        self._run = run
        self._number = call.entries[-1].number
        self._expected_end: datetime = run.clock.now + timedelta(seconds=seconds)
        self._latest_end = time.monotonic() + _LONGEST_WORDS_SECONDS

    def last(self, is_cut_short: Callable[[], bool]) -> None:
        """Until they are over."""
        while not is_cut_short() and (left := self._seconds_left()) > 0:
            self._run.pass_seconds(left, partial(self._is_news, is_cut_short, self._call.spoken.get(self._number)))

    def _is_news(self, is_cut_short: Callable[[], bool], known: Speaking | None) -> bool:
        return is_cut_short() or self._call.spoken.get(self._number) is not known

    def _seconds_left(self) -> float:
        spoken = self._call.spoken.get(self._number)
        if spoken is not None and not spoken.is_speaking:
            return 0.0
        if spoken is not None:
            goes_on_until = min(spoken.told_at + _REFRESHED_SECONDS, self._latest_end)
            if (real_seconds := goes_on_until - time.monotonic()) > 0:
                return real_seconds
        return (self._expected_end - self._run.clock.now).total_seconds()


def _masked(number: str) -> str:
    try:
        return PhoneNumber(number).masked
    except ValueError:
        return "…"
