"""Short notes on the time axis: what else happened, without which a curve is read wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.domain.identities import IdentityKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.domain.identities import Identity
    from app.domain.lines import LineKey
    from app.domain.trends import Period

LONGEST: Final = 120
"""Characters."""
EARLIEST: Final = date(2000, 1, 1)
AHEAD_DAYS: Final = 366
"""So long before it comes a day may be noted, as that of a law."""


@dataclass(frozen=True, slots=True)
class TimeNote:
    """What happened on a day: a new line, a change of law, a campaign. ``line``: ``None`` is the whole organisation."""

    day: date
    line: LineKey | None
    text: str


def refused(marks: Iterable[Identity]) -> Collection[IdentityKind]:
    """What in the words no such note may hold, by kind: numbers and addresses of people. Names are only asked about."""
    return {mark.kind for mark in marks} - {IdentityKind.NAME}


def by_step(notes: Iterable[TimeNote], steps: Iterable[Period]) -> list[tuple[int, ...]]:
    """For each step, the places of the notes that are of it; days outside the steps are left out."""
    numbered = list(enumerate(notes))
    return [tuple(place for place, note in numbered if step.first <= note.day <= step.last) for step in steps]
