"""Rotas: the pattern of the turns, and who takes part in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import date, time

    from app.domain.lines import StaffId

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

    A turn lasts ``length`` slots: days or weeks that count. Days count only on ``weekdays`` that aren't days off
    (public holidays, and eves on which the line closes), so that a holiday burns nobody's turn; a week counts when any
    of its days does. A slot begins at ``handover`` on the wall clock (weekly rotas: on ``handover_weekday``) and lasts
    until the next one begins: before the hand-over, the people of the slot before still serve.
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
    """The first turn begins with the first slot on or after this date; nobody is on duty before."""

    def __post_init__(self) -> None:
        if self.length < 1 or self.at_once < 1 or not self.weekdays:
            message = f"rota {self.key}: it has weekdays, a turn lasts one slot or more, and somebody is on duty"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in a rota from a date on. Persons take turns in the order of (begins, position)."""

    rota: RotaKey
    staff: StaffId
    begins: date
    position: int
    ends: date | None = None
    """The first date on which the person isn't in the rota any more."""
