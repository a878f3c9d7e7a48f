"""How promises were kept: follow-ups, counted by what became of them. No other unit is mixed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.followups import is_kept
from app.domain.tallies import Promise, promise_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.followups import FollowUpEnd


@dataclass(frozen=True, slots=True)
class Promised:
    """One follow-up: promised in the consultation that began at ``at``, and what became of it."""

    at: datetime
    ended_at: datetime | None = None
    ended_as: FollowUpEnd | None = None


@dataclass(frozen=True, slots=True)
class Promises:
    """Follow-ups. ``promised`` is all of them; each is in one of the others."""

    promised: int = 0
    kept: int = 0
    """Done within two weeks of the consultation, whatever they were moved to."""
    late: int = 0
    """Done, but later."""
    dropped: int = 0
    """Ended without a conversation: not reached, or no longer wanted."""
    still_open: int = 0
    """Neither done nor dropped so far, however old."""

    def __add__(self, other: Promises) -> Promises:
        return Promises(
            self.promised + other.promised,
            self.kept + other.kept,
            self.late + other.late,
            self.dropped + other.dropped,
            self.still_open + other.still_open,
        )


def counted(follow_ups: Iterable[Promised], zone: ZoneInfo) -> Promises:
    """All of them, on the wall clock of ``zone``."""
    return sum((_one(one, zone) for one in follow_ups), Promises())


def _one(one: Promised, zone: ZoneInfo) -> Promises:
    in_time = one.ended_at is not None and is_kept(one.at, one.ended_at, zone)
    match promise_of(one.ended_as, within_two_weeks=in_time):
        case Promise.OPEN:
            return Promises(promised=1, still_open=1)
        case Promise.DROPPED:
            return Promises(promised=1, dropped=1)
        case Promise.KEPT:
            return Promises(promised=1, kept=1)
        case Promise.LATE:
            return Promises(promised=1, late=1)
