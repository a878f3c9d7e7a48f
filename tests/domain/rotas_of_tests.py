"""Rotas and the people in them, built in a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

from app.domain.duty import on_duty
from app.domain.layers import NO_LAYERS
from app.domain.lines import StaffId
from app.domain.rotas import Membership, Rota, RotaKey, RotaUnit, Tier
from tests.domain.hours_of_tests import opening_hours, wall

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.layers import Layers

SKANE, BACKUP = RotaKey("skane"), RotaKey("skane-backup")
MONDAY_TO_FRIDAY = frozenset(range(5))
ANCHOR = date(2026, 1, 5)

# Turns of one day, changing at nine, from Monday 5 January 2026.
DAILY = Rota(
    key=SKANE,
    tier=Tier.PRIMARY,
    unit=RotaUnit.DAY,
    length=1,
    weekdays=MONDAY_TO_FRIDAY,
    handover=time(9),
    handover_weekday=0,
    at_once=1,
    anchor=ANCHOR,
)
# Turns of one week, changing on Mondays at nine.
WEEKLY = replace(DAILY, unit=RotaUnit.WEEK)


def people(*names: str, rota: RotaKey = SKANE, begins: date = ANCHOR) -> list[Membership]:
    """Members from the anchor on, in that order."""
    return [Membership(rota, StaffId(name), begins, position) for position, name in enumerate(names)]


def member(name: str, begins: str, ends: str | None = None, position: int = 0, rota: RotaKey = SKANE) -> Membership:
    """A member from one date until another."""
    until = date.fromisoformat(ends) if ends else None
    return Membership(rota, StaffId(name), date.fromisoformat(begins), position, until)


def names_on_duty(
    rotas: Rota | Iterable[Rota],
    members: Iterable[Membership],
    at: str | datetime,
    *,
    hours: OpeningHours | None = None,
    changes: Mapping[date, DatedChange] | None = None,
    layers: Layers = NO_LAYERS,
) -> list[str]:
    """Who is on duty, in ringing order, by name."""
    all_rotas = [rotas] if isinstance(rotas, Rota) else list(rotas)
    instant = wall(at) if isinstance(at, str) else at
    found = on_duty(hours or opening_hours(), changes or {}, all_rotas, list(members), instant, layers)
    return [one.staff for one in found]


def each_day(rota: Rota, members: Iterable[Membership], days: str, at: str = "10:00") -> list[str]:
    """Who is on duty on each of the days ("2026-01-05 2026-01-06"), the names of a day joined by +, or - for nobody."""
    listed = list(members)
    return ["+".join(names_on_duty(rota, listed, f"{day} {at}")) or "-" for day in days.split()]
