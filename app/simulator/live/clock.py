"""The practice clock: one for the process, beside the wall's. And how a live call waits by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.simulator.clock import never

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from app.simulator.legs import Leg

_A_HAIR = timedelta(seconds=2)
"""The service tells its time in whole seconds: a smaller difference is none."""


class PracticeClock:
    """Runs in real time from whatever instant it was set to. ``speed``: so many seconds of practice in each real one.

    Not safe for threads by itself: it is set and read under the board's lock.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.chosen: str | None = None
        """The wall-clock time that somebody chose, as they wrote it; ``None``: now."""
        self._began_at = self._reads = datetime.now(UTC)
        self._ahead = timedelta(0)
        """How far the service's clock is from this host's."""

    @property
    def present(self) -> datetime:
        """The real time, as the service has it: what a call without a chosen time would begin at."""
        return datetime.now(UTC) + self._ahead

    @property
    def now(self) -> datetime:
        """The instant in practice."""
        return self._reads + (datetime.now(UTC) - self._began_at) * self.speed

    def choose(self, instant: datetime, as_written: str) -> None:
        """Run on from a time that somebody chose."""
        self._began_at, self._reads, self.chosen = datetime.now(UTC), instant.astimezone(UTC), as_written

    def learn(self, service_now: datetime) -> None:
        """The service's clock, which may have been moved, reads so."""
        ahead = service_now - datetime.now(UTC)
        self._ahead = ahead if abs(ahead) > _A_HAIR else timedelta(0)

    def follow(self) -> None:
        """Run with the service's clock."""
        host_now = datetime.now(UTC)
        self._began_at, self._reads, self.chosen = host_now, host_now + self._ahead, None


class LiveClock:
    """The practice clock, for one call: its waits end early when something happens."""

    def __init__(
        self, practice: PracticeClock, changed: threading.Condition, before_waiting: Callable[[], None]
    ) -> None:
        self.leg: Leg | None = None
        """The caller's; known as soon as the call is about to begin."""
        self._practice = practice
        self._changed = changed
        self._before_waiting = before_waiting

    @property
    def now(self) -> datetime:
        """The instant in practice."""
        return self._practice.now

    @property
    def practice_now(self) -> str | None:
        """What the service is told."""
        return self._practice.now.isoformat()

    @property
    def speed(self) -> float:
        """Seconds of practice in each real one."""
        return self._practice.speed

    def pass_seconds(self, seconds: float, until: Callable[[], bool] = never) -> None:
        """Wait, unless the caller hangs up, the REST API interferes, or ``until`` holds."""
        ends = self.now + timedelta(seconds=seconds)
        self._before_waiting()
        left = (ends - self.now).total_seconds() / self._practice.speed
        with self._changed:
            self._changed.wait_for(lambda: self._is_interrupted() or until(), max(0.0, left))

    def _is_interrupted(self) -> bool:
        return self.leg is not None and (self.leg.end_requested or self.leg.instead is not None)
