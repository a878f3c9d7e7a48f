"""Who is on duty at an instant, in ringing order, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from app.domain.hours import is_open, local_at
from app.domain.rotas import RotaUnit, Tier
from app.domain.rounds import in_turn
from app.domain.slots import daily_slots, weekly_slots
from app.domain.wall_clock import ONE_DAY, instant_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.lines import StaffId
    from app.domain.rotas import Membership, Rota
    from app.domain.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person on duty.

    ``why`` is made of data, for staff and the API: the rota, the date on which its slot began, and the person's place
    among those whom that rota has on duty ("skane · 2026-11-23 · 1/2").
    """

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
    """Everyone on duty at ``at``, in ringing order, nobody twice; empty when the line is closed.

    Depends on its arguments alone. Dated changes open and close the line but never move a turn.

    - Persons take turns in the order of (begins, position), so a newcomer comes last in the round.
    - Whoever joins is, from their first date on, among those who come next. The turn that is running goes on; after it
      comes the one who follows in the new order.
    - Whoever leaves isn't on duty from that date on: those who come next move up, and a new turn begins with the next
      slot.

    Raises ValueError for a naive ``at``, and where it or an anchor is in a year that the calendar doesn't know.
    """
    if not is_open(hours, changes, at):
        return ()
    found: dict[StaffId, OnDuty] = {}
    for tier in Tier:
        for rota in (one for one in rotas if one.tier is tier):
            for person in _serving(hours, rota, memberships, at):
                found.setdefault(person.staff, person)
    return tuple(found.values())


def slot_at(hours: OpeningHours, rota: Rota, at: datetime) -> Slot | None:
    """The slot that lasts at ``at``, open or closed; None before the rota's first. Raises as ``on_duty`` does."""
    day = _latest_handover(hours, rota, at)
    return _slots(hours, rota, until=day).latest(day)


def _serving(hours: OpeningHours, rota: Rota, memberships: Sequence[Membership], at: datetime) -> Iterator[OnDuty]:
    day = _latest_handover(hours, rota, at)
    today = local_at(hours, at).date()
    slots = _slots(hours, rota, until=today)
    slot = slots.latest(day)
    if slot is None:
        return
    people = in_turn(rota, memberships, slots, slot, today)[: rota.at_once]
    for place, person in enumerate(people, start=1):
        yield OnDuty(person.staff, rota.tier, why=f"{rota.key} · {slot.day} · {place}/{len(people)}")


def _latest_handover(hours: OpeningHours, rota: Rota, at: datetime) -> date:
    """The latest local date on which the time of the hand-over has come."""
    today = local_at(hours, at).date()
    has_come = instant_at(today, rota.handover, hours.zone) <= at.astimezone(UTC)
    return today if has_come else today - ONE_DAY


def _slots(hours: OpeningHours, rota: Rota, until: date) -> Slots:
    if rota.anchor.year < hours.calendar.first_year:
        message = f"rota {rota.key} begins on {rota.anchor}: the calendar begins with {hours.calendar.first_year}"
        raise ValueError(message)
    if rota.unit is RotaUnit.DAY:
        return daily_slots(hours, rota.weekdays, rota.anchor)
    return weekly_slots(hours, rota.weekdays, rota.handover_weekday, rota.anchor, until)
