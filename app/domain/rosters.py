"""The answer to "who is on duty?" in the making: the people of the rotas, as the layers leave them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.layers import Layer
from app.domain.rotas import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.domain.layers import Cover, Layers, TemporarySchedule
    from app.domain.lines import StaffId
    from app.domain.rotas import Rota


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person on duty.

    ``why`` is made of data, for staff and the API. It begins with the rota and goes on with

    - the date on which its slot began (hourly ones: and when), and the person's place among those whom that rota has
      on duty ("skane · 2026-11-23 · 1/2");
    - or the place in a temporary schedule ("skane · temporary · 1/2");
    - or a cover, and instead of whom, if of anybody ("skane · cover · instead of anna").

    Whoever is rung last because of a call that just ended has " · wraps up" after it, and ``wraps_up``.
    """

    staff: StaffId
    tier: Tier
    why: str
    layer: Layer = Layer.ROTA
    wraps_up: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One person whom a layer keeps off duty; ``why`` says what they would be there for, and what keeps them."""

    staff: StaffId
    tier: Tier
    why: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on duty, in ringing order, nobody twice; and who would be if it weren't for a layer."""

    on_duty: tuple[OnDuty, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class RosterMaking:
    """The roster of one instant, which grows rota by rota, in ringing order."""

    def __init__(self, layers: Layers, at: datetime) -> None:
        self._layers, self._at = layers, at
        self._absent = layers.absent_at(at)
        self._paused = layers.paused_at(at)
        self._found: dict[StaffId, OnDuty] = {}
        self._left_out: dict[StaffId, LeftOut] = {}

    def add_temporary(self, rota: Rota, schedule: TemporarySchedule) -> None:
        """The people of a temporary schedule, which asks neither for covers nor for absences."""
        people = tuple(dict.fromkeys(schedule.people))
        for place, staff in enumerate(people, start=1):
            why = f"{rota.key} · {Layer.TEMPORARY} · {place}/{len(people)}"
            self._add(OnDuty(staff, rota.tier, why, Layer.TEMPORARY))

    def add_rota(self, rota: Rota, people: Iterable[OnDuty]) -> None:
        """The people of a rota, after its covers and without the absent."""
        there = list(people)
        for cover in self._layers.covers_at(rota.key, self._at):
            there = self._covered(there, cover, rota)
        for person in there:
            if person.staff in self._absent:
                self._leave_out(person, "absent")
            else:
                self._add(person)

    def made(self) -> Roster:
        """The roster of all that was added."""
        last = self._layers.wrapping_up_at(self._at)
        people = [
            replace(person, why=f"{person.why} · wraps up", wraps_up=True) if person.staff in last else person
            for person in self._found.values()
        ]
        tiers = list(Tier)
        people.sort(key=lambda person: (tiers.index(person.tier), person.wraps_up))
        return Roster(tuple(people), tuple(one for one in self._left_out.values() if one.staff not in self._found))

    def _covered(self, people: list[OnDuty], cover: Cover, rota: Rota) -> list[OnDuty]:
        replaced = next((person for person in people if person.staff == cover.instead_of), None)
        if replaced is None and cover.instead_of is not None:
            return people
        if replaced is not None:
            self._leave_out(replaced, f"{cover.stands_in} stands in" if cover.stands_in else "removed")
        place = len(people) if replaced is None else people.index(replaced)
        after = [*people[:place], *_standing_in(cover, rota), *people[place + 1 :]]
        return _everyone_once(after)

    def _add(self, person: OnDuty) -> None:
        if person.staff in self._paused:
            self._leave_out(person, "paused")
        else:
            self._found.setdefault(person.staff, person)

    def _leave_out(self, person: OnDuty, reason: str) -> None:
        self._left_out.setdefault(person.staff, LeftOut(person.staff, person.tier, f"{person.why} · {reason}"))


def _everyone_once(people: Iterable[OnDuty]) -> list[OnDuty]:
    first: dict[StaffId, OnDuty] = {}
    for person in people:
        first.setdefault(person.staff, person)
    return list(first.values())


def _standing_in(cover: Cover, rota: Rota) -> tuple[OnDuty, ...]:
    if cover.stands_in is None:
        return ()
    instead_of = f" · instead of {cover.instead_of}" if cover.instead_of else ""
    return (OnDuty(cover.stands_in, rota.tier, f"{rota.key} · {Layer.COVER}{instead_of}", Layer.COVER),)
