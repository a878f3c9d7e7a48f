"""How promises were kept: follow-ups, counted by what became of them. No other unit is mixed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.tallies import Promise

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def promises_of(counted: Mapping[str, int]) -> Promises:
    """What was counted, by ``Promise``."""
    kept, late, dropped, still_open = (
        counted.get(one, 0) for one in (Promise.KEPT, Promise.LATE, Promise.DROPPED, Promise.OPEN)
    )
    return Promises(kept + late + dropped + still_open, kept, late, dropped, still_open)
