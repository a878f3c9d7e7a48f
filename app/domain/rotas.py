"""Rotas: the pattern of the turns, and who takes part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
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
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Window:
    """The part of every day in which a rota is on duty: ``[begins, ends)`` on the wall clock, whole seconds.

    One that ends before it begins ends on the day after: 22:00 to 06:00.
    """

    begins: time
    ends: time

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            message = f"a window that begins and ends at {self.begins} is empty"
            raise ValueError(message)

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the day after."""
        return self.ends < self.begins

    @property
    def length(self) -> timedelta:
        """How long it lasts on the wall; on a night when the clock is set, an hour more or less passes."""
        ends = datetime.combine(date.min + self.crosses_midnight * timedelta(days=1), self.ends)
        return ends - datetime.combine(date.min, self.begins)


@dataclass(frozen=True, slots=True)
class Rota:
    """The pattern of the turns; the people in it are memberships.

    A turn lasts ``length`` slots: days or weeks that count. Days count only on ``weekdays`` that aren't days off
    (public holidays, and eves on which the line closes), so that a holiday burns nobody's turn; a week counts when any
    of its days does. A slot begins at ``handover`` on the wall clock (weekly rotas: on ``handover_weekday``) and lasts
    until the next one begins: before the hand-over, the people of the slot before still serve.

    Hourly rotas cut every day that counts into hours of the wall clock, from ``handover`` on: those of the window, or
    24. The last of them lasts until the next hand-over, so a turn goes on over nights and days off. When the clock is
    set back, the hour that comes twice is one slot of two hours; the hour that never comes is one that nobody serves.
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
    window: Window | None = None
    """Outside it nobody of the rota is on duty; turns go on. ``None``: on duty around the clock."""

    def __post_init__(self) -> None:
        if self.length < 1 or self.at_once < 1 or not self.weekdays:
            message = f"rota {self.key}: it has weekdays, a turn lasts one slot or more, and somebody is on duty"
            raise ValueError(message)
        if self.unit is RotaUnit.HOUR and self.window and self.window.begins != self.handover:
            message = f"rota {self.key}: its hours are counted from {self.window.begins}, so turns change then"
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
