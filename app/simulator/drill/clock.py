"""One virtual time for all calls of a drill, so that they overlap as calls do.

Time stands still while the service answers somebody, but for a window: nobody's clock is further ahead than that of a
call that waits for its answer. So requests of different calls still come in at once, an answer takes at most the
window of virtual time, and yet an hour goes by as fast as the service can work it off.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from app.simulator.clock import never

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

WINDOW = timedelta(seconds=2)
"""How far the clocks of two calls may be apart: less than anything that callers or phones do takes."""


class SharedTime:
    """The time that clocks share; safe for threads."""

    def __init__(self, begins: datetime, window: timedelta = WINDOW) -> None:
        self._begins = begins
        self._window = window
        self._lock = threading.Lock()
        self._awake: set[SharedClock] = set()
        self._asleep: list[tuple[datetime, int, SharedClock]] = []
        self._numbers = count()

    def clock(self) -> SharedClock:
        """A clock for one thread, which has to leave when it is done: all others wait for it."""
        clock = SharedClock(self, self._begins)
        with self._lock:
            self._awake.add(clock)
        return clock

    def sleep(self, clock: SharedClock, until: datetime) -> None:
        """Let the others go on until nobody is left behind."""
        clock.woken.clear()
        with self._lock:
            self._awake.remove(clock)
            heappush(self._asleep, (until, next(self._numbers), clock))
            self._wake()
        clock.woken.wait()

    def leave(self, clock: SharedClock) -> None:
        """Wait for this clock no longer."""
        with self._lock:
            self._awake.discard(clock)
            self._wake()

    def _wake(self) -> None:
        """Wake whoever is due, in the order of their instants."""
        while self._asleep:
            until, _, clock = self._asleep[0]
            if any(until > one.now + self._window for one in self._awake):
                return
            heappop(self._asleep)
            clock.now = until
            self._awake.add(clock)
            clock.woken.set()


class SharedClock:
    """A clock of its own for each call after the other that one thread places."""

    def __init__(self, time: SharedTime, now: datetime) -> None:
        self.now = now
        self.woken = threading.Event()
        self._time = time

    @property
    def practice_now(self) -> str | None:
        """The virtual instant, as the service reads it."""
        return self.now.isoformat()

    def pass_seconds(self, seconds: float, until: Callable[[], bool] = never) -> None:  # noqa: ARG002 - a Clock's form
        """Sleep in virtual time: what happens in a scripted call is known before it happens."""
        self.sleep_until(self.now + timedelta(seconds=seconds))

    def sleep_until(self, instant: datetime) -> None:
        """Sleep, unless that instant has gone by."""
        if instant > self.now:
            self._time.sleep(self, instant)

    def leave(self) -> None:
        """Be waited for no longer."""
        self._time.leave(self)
