"""Puts every phone of a line, and of the line that it overflows to, into a conversation."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from app.simulator.live.board import Hears, PhoneState
from app.simulator.live.refusals import NOT_NOW, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from app.simulator.live.board import LiveCall
    from app.simulator.live.calls import LiveCalls

_PATIENCE_SECONDS = 40.0
"""In practice time: a call that hasn't reached anybody by then is given up."""
_TRIES_ON_A_LINE = 2
"""That may fail."""


class Busy:
    """Places background calls, one after the other: their callers press 1, and so do the phones that they ring."""

    def __init__(self, calls: LiveCalls) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._is_at_work = False

    def begin(self, line_key: str, at: str | None) -> None:
        """Begin, unless it is done or going on already. Raises ``Refused``."""
        line = self._calls.line(line_key)
        start = self._calls.start(line, at)
        self._calls.looked_at = line.key
        instant = None if self._calls.board.live() else start.instant
        if not self._calls.on_duty(line.key, instant):
            raise Refused(NOT_NOW, "nobody")
        with self._lock:
            following = None if self._is_at_work else self._line_with_somebody_free(line.key, instant, Counter())
            if following is None:
                return
            self._stopped.clear()
            first = self._dial(following, at)
            self._is_at_work = True
        threading.Thread(target=self._fill, args=(line.key, first), name="busy", daemon=True).start()

    def stop(self) -> None:
        """Place no more."""
        self._stopped.set()

    def _fill(self, line_key: str, first: LiveCall) -> None:
        try:
            self._fill_from(line_key, first)
        except Refused:  # too many calls, or the service is gone: then it is done as far as it can be
            pass
        finally:
            with self._lock:
                self._is_at_work = False

    def _fill_from(self, line_key: str, call: LiveCall) -> None:
        failed: Counter[str] = Counter()
        while True:
            if not self._reaches_somebody(call):
                failed[call.line.key] += 1
                self._calls.end(call)
            following = self._line_with_somebody_free(line_key, None, failed)
            if following is None or self._stopped.is_set():
                return
            call = self._dial(following, None)

    def _dial(self, line_key: str, at: str | None) -> LiveCall:
        """Not after a word to stop: whoever ended all calls would have one more."""
        return self._calls.dial(line_key, at, is_background=True, unless=self._stopped.is_set)

    def _reaches_somebody(self, call: LiveCall) -> bool:
        board = self._calls.board
        with board.changed:
            board.changed.wait_for(
                lambda: call.hears is Hears.TALK or not call.is_live, _PATIENCE_SECONDS / self._calls.clock.speed
            )
            return call.hears is Hears.TALK

    def _line_with_somebody_free(self, line_key: str, at: datetime | None, failed: Counter[str]) -> str | None:
        """The line itself before the one that it overflows to."""
        for one in self._calls.on_duty(line_key, at):
            if one.phone.state is PhoneState.IDLE and failed[one.line] < _TRIES_ON_A_LINE:
                return one.line
        return None
