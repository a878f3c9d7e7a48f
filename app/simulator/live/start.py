"""When a live call begins: a time that somebody chose on a line's wall clock, or the service's now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.simulator.live.refusals import WRONG, Refused

if TYPE_CHECKING:
    from app.simulator.lines import PracticeLine

_FIRST_YEAR, _LAST_YEAR = 1970, 2999


@dataclass(frozen=True, slots=True)
class Start:
    """The practice time of a call: ``instant`` as somebody chose it, or the service's now."""

    instant: datetime
    as_written: str | None


def instant_of(line: PracticeLine, at: str) -> datetime:
    """A wall-clock time of a line as an instant. Raises ``Refused``."""
    try:
        wall = datetime.fromisoformat(at)
    except ValueError as error:
        raise Refused(WRONG, "no_time", at=at[:40]) from error
    if wall.tzinfo is not None or not _FIRST_YEAR <= wall.year <= _LAST_YEAR:
        raise Refused(WRONG, "no_time", at=at[:40])
    instant = wall.replace(tzinfo=line.zone).astimezone(UTC)
    if instant.astimezone(line.zone).replace(tzinfo=None) != wall:
        raise Refused(WRONG, "no_such_time", at=at[:40])
    return instant
