"""What the first page makes of calls and people: where a call stands, and what a specialist is doing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.calls import Outcome

if TYPE_CHECKING:
    from app.domain.lines import StaffId
    from app.domain.rosters import OnDuty


class CallPart(StrEnum):
    """Where a call stands. Each is in exactly one part."""

    RINGING = "ringing"
    """On its way in: it hears the words of the line, or a phone rings for it."""
    ON_HOLD = "on_hold"
    TALKING = "talking"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CallStanding:
    """All that a call's part depends on."""

    outcome: Outcome
    has_ended: bool
    is_talked: bool
    """Whether somebody has taken it and talks."""
    is_rung: bool
    """Whether a phone rings for it."""
    is_on_hold: bool


def part_of(call: CallStanding) -> CallPart:
    """The call's part. One that hears its final words has its outcome already, and counts as ended."""
    if call.has_ended or call.outcome is not Outcome.IN_PROGRESS:
        return CallPart.ENDED
    if call.is_talked:
        return CallPart.TALKING
    return CallPart.ON_HOLD if call.is_on_hold and not call.is_rung else CallPart.RINGING


class Doing(StrEnum):
    """What a specialist is doing. Of several, the first holds."""

    IN_CALL = "in_call"
    RINGING = "ringing"
    PAUSED = "paused"
    WRAPPING_UP = "wrapping_up"
    FREE = "free"
    """On duty, and rung next."""
    OFF_DUTY = "off_duty"


@dataclass(frozen=True, slots=True)
class PersonNow:
    """All that it depends on. ``busy``: what their phone is in, if in anything."""

    busy: Doing | None
    is_paused: bool
    wraps_up: bool
    is_on_duty: bool


def doing_of(person: PersonNow) -> Doing:
    """What the person is doing."""
    if person.busy is not None:
        return person.busy
    if person.is_paused:
        return Doing.PAUSED
    if person.wraps_up:
        return Doing.WRAPPING_UP
    return Doing.FREE if person.is_on_duty else Doing.OFF_DUTY


class PauseReason(StrEnum):
    """Why somebody takes no calls, as they choose it at the desk."""

    LUNCH = "lunch"
    MEETING = "meeting"
    BREAK = "break"
    ERRAND = "errand"


def rests_on(person: StaffId, on_duty: tuple[OnDuty, ...]) -> bool:
    """Whether nobody else of those on duty would be left to ring."""
    return {one.staff for one in on_duty} == {person}
