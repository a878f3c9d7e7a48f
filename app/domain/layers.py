"""What lies over the rotas: temporary schedules, covers, absences, and who can't be rung just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.lines import StaffId
    from app.domain.rotas import RotaKey

UNTIL_FURTHER_NOTICE = datetime.max.replace(tzinfo=UTC)
"""The end of what has no end yet."""


class Layer(StrEnum):
    """What puts a person on duty. The first that speaks of a rota wins."""

    TEMPORARY = "temporary"
    COVER = "cover"
    ROTA = "rota"


@dataclass(frozen=True, slots=True)
class Period:
    """Something that holds in ``[begins, ends)``: aware instants, kept in UTC."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        for name, instant in (("begins", self.begins), ("ends", self.ends)):
            if instant.tzinfo is None:
                message = f"{name}: an instant needs an offset from UTC, {instant.isoformat()} has none"
                raise ValueError(message)
            # Two instants of one zone are compared by their wall clocks, which are wrong when the clock is set back.
            object.__setattr__(self, name, instant.astimezone(UTC))
        if self.begins >= self.ends:
            message = f"ends: it comes after {self.begins.isoformat()}, when it begins"
            raise ValueError(message)

    def lasts_at(self, at: datetime) -> bool:
        """Whether it holds at the aware instant ``at``."""
        return self.begins <= at.astimezone(UTC) < self.ends


@dataclass(frozen=True, slots=True)
class TemporarySchedule(Period):
    """Instead of a rota, with its window, its covers and its absences: these people, in ringing order."""

    rota: RotaKey
    people: tuple[StaffId, ...]
    """Nobody is an answer, too."""


@dataclass(frozen=True, slots=True)
class Cover(Period):
    """An agreed change to a rota: ``stands_in`` answers in place of ``instead_of``.

    Without ``instead_of``, ``stands_in`` comes last beside the others; without ``stands_in``, ``instead_of`` is off
    duty. It does nothing while ``instead_of`` isn't on duty.
    """

    rota: RotaKey
    stands_in: StaffId | None
    instead_of: StaffId | None

    def __post_init__(self) -> None:
        Period.__post_init__(self)
        if self.stands_in == self.instead_of:
            message = "stands_in, instead_of: a cover names one person, or two different ones"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Absence(Period):
    """A person isn't there. Nobody is called in instead: that takes a cover."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class Pause(Period):
    """A person on duty takes no calls, and isn't rung even if nobody else is left."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class WrapUp(Period):
    """The minutes after a call, in which a person writes it down and is rung last of their tier."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class Layers:
    """All that lies over the rotas of a line, each kind in the order in which it was agreed."""

    temporary: tuple[TemporarySchedule, ...] = ()
    """Of two for one rota at one time, the one that was agreed last holds."""
    covers: tuple[Cover, ...] = ()
    """Each acts on what the earlier ones have made of the rota."""
    absences: tuple[Absence, ...] = ()
    pauses: tuple[Pause, ...] = ()
    wrap_ups: tuple[WrapUp, ...] = ()

    def temporary_at(self, rota: RotaKey, at: datetime) -> TemporarySchedule | None:
        """What replaces the rota at ``at``."""
        lasting = (one for one in reversed(self.temporary) if one.rota == rota and one.lasts_at(at))
        return next(lasting, None)

    def covers_at(self, rota: RotaKey, at: datetime) -> tuple[Cover, ...]:
        """The covers of the rota that hold at ``at``, in the order in which they act."""
        return tuple(one for one in self.covers if one.rota == rota and one.lasts_at(at))

    def absent_at(self, at: datetime) -> frozenset[StaffId]:
        """Who is absent."""
        return frozenset(one.staff for one in self.absences if one.lasts_at(at))

    def paused_at(self, at: datetime) -> frozenset[StaffId]:
        """Who takes no calls."""
        return frozenset(one.staff for one in self.pauses if one.lasts_at(at))

    def wrapping_up_at(self, at: datetime) -> frozenset[StaffId]:
        """Who is rung last."""
        return frozenset(one.staff for one in self.wrap_ups if one.lasts_at(at))

    def boundaries(self) -> Iterator[datetime]:
        """Every instant at which something begins or ends; in no order."""
        for one in chain(self.temporary, self.covers, self.absences, self.pauses, self.wrap_ups):
            yield from (one.begins, one.ends)


NO_LAYERS = Layers()
