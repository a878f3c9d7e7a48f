"""Who is on duty at an instant, in ringing order, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from app.domain.lines import StaffId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.hours import DatedChange, OpeningHours

RotaKey = NewType("RotaKey", str)


class Tier(StrEnum):
    """In which order rotas are rung: all of the primary tier, then the backup tier."""

    PRIMARY = "primary"
    BACKUP = "backup"


class RotaUnit(StrEnum):
    """What one turn is counted in."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Rota:
    """The pattern of the turns; the people in it are memberships.

    A turn lasts ``length`` units. Days count only on ``weekdays`` that aren't public holidays or eves, so that a holiday
    burns nobody's turn. Turns change at ``handover`` on the wall clock (weekly rotas: on ``handover_weekday``).
    """

    key: RotaKey
    tier: Tier
    unit: RotaUnit
    length: int
    weekdays: frozenset[int]
    """0 is Monday."""
    handover: time
    handover_weekday: int
    at_once: int
    """How many are on duty together: the one whose turn it is, then those who come next."""
    anchor: date
    """The first turn begins with the first slot on or after this date."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in a rota from a date on. Persons take turns in the order of (begins, position)."""

    rota: RotaKey
    staff: StaffId
    begins: date
    position: int
    ends: date | None = None
    """The first date on which the person isn't in the rota any more."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person on duty; ``why`` is a sentence fragment in Swedish for staff ("jourschema skane, pass 12, 2026-11-23")."""

    staff: StaffId
    tier: Tier
    why: str


def on_duty(
    hours: OpeningHours,
    changes: Mapping[date, DatedChange],
    rotas: Sequence[Rota],
    memberships: Sequence[Membership],
    at: datetime,
) -> tuple[OnDuty, ...]:
    """Everyone on duty at ``at``, in ringing order, nobody twice; empty when the line is closed."""
    raise NotImplementedError
