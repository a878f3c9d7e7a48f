"""What is looked for in a list, and where in it a page begins. Never a person, and never words of a note."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from app.domain.lines import LineKey, MunicipalityCode, StaffId
from app.domain.taxonomy import Code, GroupKey

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_ID = 2**31 - 1


class ListName(StrEnum):
    """What there are lists of."""

    RECORDS = "records"
    CALLS = "calls"
    CASES = "cases"
    FOLLOW_UPS = "follow_ups"


class RecordState(StrEnum):
    """Which records."""

    TO_COMPLETE = "to_complete"
    COMPLETE = "complete"


class CaseState(StrEnum):
    """Which cases."""

    OPEN = "open"
    ENDED = "ended"


class FollowUpsOf(StrEnum):
    """Which follow-ups. Without one: all that are still to be done."""

    MINE = "mine"
    OVERDUE = "overdue"
    MINE_OVERDUE = "mine_overdue"
    ENDED = "ended"


FOUND_BY: Final = tuple(map(GroupKey, ("service", "type", "theme", "advice", "gap", "urgency")))
"""The groups of the taxonomy that records are looked for by."""


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a row in a list, newest first: by its instant, and then by its id."""

    at: datetime
    id: int

    @property
    def token(self) -> str:
        """As addresses have it."""
        return f"{self.at.astimezone(UTC).isoformat()}_{self.id}"


def key_of(token: str) -> Key | None:
    """The place that an address names; ``None`` for anything else."""
    at, _, number = token.rpartition("_")
    try:
        instant, last = datetime.fromisoformat(at), int(number)
        is_ours = instant.tzinfo is not None and 0 <= last <= _LARGEST_ID
        return Key(instant.astimezone(UTC), last) if is_ours else None
    except (ValueError, OverflowError):  # a day before the first one, on another wall clock
        return None


@dataclass(frozen=True, slots=True)
class Sought:
    """All of this together; nothing given means everything in reach."""

    line: LineKey | None = None
    first: date | None = None
    """The first local date, and ``last`` the last one, both included."""
    last: date | None = None
    state: str = ""
    """Of the list's own states."""
    staff: StaffId | None = None
    municipality: MunicipalityCode | None = None
    tags: Mapping[GroupKey, Code] = field(default_factory=dict)

    @property
    def is_secret(self) -> bool:
        """Whether it says something of what records hold: that stands in no address and in no log (DOMAIN.md R11)."""
        return bool(self.tags or self.municipality)

    def to_json(self) -> dict[str, Any]:
        """As it is kept, and as forms name it; nothing stands for what isn't given."""
        given: dict[str, str | None] = {
            "line": self.line,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "state": self.state,
            "staff": self.staff,
            "municipality": self.municipality,
            **{str(group): code for group, code in self.tags.items()},
        }
        return {key: str(value) for key, value in given.items() if value}


def sought_of(kept: Mapping[str, Any]) -> Sought:
    """What was kept, or what an address says. What can't be read is as if it weren't there."""
    text = {key: value for key, value in kept.items() if isinstance(value, str) and value}
    return Sought(
        line=LineKey(text["line"]) if "line" in text else None,
        first=_day(text.get("first", "")),
        last=_day(text.get("last", "")),
        state=text.get("state", ""),
        staff=StaffId(text["staff"]) if "staff" in text else None,
        municipality=MunicipalityCode(text["municipality"]) if "municipality" in text else None,
        tags={key: Code(text[key]) for key in FOUND_BY if key in text},
    )


def open_part(sought: Sought) -> Sought:
    """What of it an address may say."""
    return replace(sought, municipality=None, tags={})


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Within these, no day of any time zone is outside the calendar.
    return day if date(1900, 1, 1) <= day < date(2200, 1, 1) else None
