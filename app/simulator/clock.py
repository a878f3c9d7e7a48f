"""The time of a practice call: virtual, or that of the wall."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


def never() -> bool:
    """Nothing ends the wait before its time."""
    return False


class Clock(Protocol):
    """What a call needs of time."""

    @property
    def now(self) -> datetime:
        """The instant."""
        ...

    @property
    def practice_now(self) -> str | None:
        """What to tell the service that the time is; ``None``: it reads its own clock."""
        ...

    def pass_seconds(self, seconds: float, until: Callable[[], bool] = never) -> None:
        """Let so much time go by; a live clock stops waiting as soon as ``until`` holds."""
        ...


class VirtualClock:
    """Stands still between events; every request carries it in the signed field ``PracticeNow``."""

    def __init__(self, starts_at: datetime) -> None:
        if starts_at.tzinfo is None:
            message = "a call starts at an instant with an offset"
            raise ValueError(message)
        self._now = starts_at.astimezone(UTC)

    @property
    def now(self) -> datetime:
        """The virtual instant."""
        return self._now

    @property
    def practice_now(self) -> str | None:
        """The virtual instant, as the service reads it."""
        return self._now.isoformat()

    def pass_seconds(self, seconds: float, until: Callable[[], bool] = never) -> None:  # noqa: ARG002 - a Clock's form
        """Jump: what happens in virtual time is known before it happens."""
        self._now += timedelta(seconds=seconds)


class WallClock:
    """The host's clock: a call takes as long as a call takes."""

    @property
    def now(self) -> datetime:
        """The host's instant."""
        return datetime.now(UTC)

    @property
    def practice_now(self) -> str | None:
        """Nothing: both ends read the same clock."""
        return None

    def pass_seconds(self, seconds: float, until: Callable[[], bool] = never) -> None:  # noqa: ARG002 - a Clock's form
        """Sleep."""
        time.sleep(seconds)
