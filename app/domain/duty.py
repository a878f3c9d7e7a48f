"""Who is on duty at an instant, in ringing order, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, assert_never

from app.domain.hours import is_open, local_at
from app.domain.layers import NO_LAYERS
from app.domain.rosters import OnDuty, Roster, RosterMaking
from app.domain.rotas import RotaUnit, Tier
from app.domain.rounds import in_turn
from app.domain.slots import ONE_HOUR, HourlySlots, daily_slots, weekly_slots
from app.domain.wall_clock import ONE_DAY, instant_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.layers import Layers
    from app.domain.rotas import Membership, Rota, Window
    from app.domain.slots import Slot, Slots

__all__ = ["OnDuty", "Roster", "on_duty", "roster_at", "slot_at"]

_HOURS_A_DAY = 24


def on_duty(
    hours: OpeningHours,
    changes: Mapping[date, DatedChange],
    rotas: Sequence[Rota],
    memberships: Sequence[Membership],
    at: datetime,
    layers: Layers = NO_LAYERS,
) -> tuple[OnDuty, ...]:
    """Everyone on duty at ``at``, in ringing order, nobody twice; empty when the line is closed.

    Depends on its arguments alone. Dated changes open and close the line but never move a turn.

    - Persons take turns in the order of (begins, position), so a newcomer comes last in the round.
    - Whoever joins is, from their first date on, among those who come next. The turn that is running goes on; after it
      comes the one who follows in the new order.
    - Whoever leaves isn't on duty from that date on: those who come next move up, and a new turn begins with the next
      slot.
    - A temporary schedule goes before covers and absences, and these before the rota; none of them moves a turn or
      calls in anybody else. Covers act one after the other, then the absent are taken out. Last, whatever put them
      there, those who pause are left out, and those who wrap up come last of their tier.

    Raises ValueError for a naive ``at``, and where it or an anchor is in a year that the calendar doesn't know.
    """
    return roster_at(hours, changes, rotas, memberships, at, layers).on_duty


def roster_at(
    hours: OpeningHours,
    changes: Mapping[date, DatedChange],
    rotas: Sequence[Rota],
    memberships: Sequence[Membership],
    at: datetime,
    layers: Layers = NO_LAYERS,
) -> Roster:
    """``on_duty``, and whom a layer keeps off duty. Raises as it does."""
    if not is_open(hours, changes, at):
        return Roster()
    making = RosterMaking(layers, at)
    for tier in Tier:
        for rota in (one for one in rotas if one.tier is tier):
            if (temporary := layers.temporary_at(rota.key, at)) is not None:
                making.add_temporary(rota, temporary)
            else:
                making.add_rota(rota, _serving(hours, rota, memberships, at))
    return making.made()


def slot_at(hours: OpeningHours, rota: Rota, at: datetime) -> Slot | None:
    """The slot that lasts at ``at``, open or closed; None before the rota's first. Raises as ``on_duty`` does."""
    day = _latest_handover(hours, rota, at)
    return _latest(_slots(hours, rota, until=day), day, at)


def _serving(hours: OpeningHours, rota: Rota, memberships: Sequence[Membership], at: datetime) -> Iterator[OnDuty]:
    day = _latest_handover(hours, rota, at)
    today = local_at(hours, at).date()
    slots = _slots(hours, rota, until=today)
    slot = _latest(slots, day, at)
    if slot is None or not _is_within(rota.window, hours, at):
        return
    people = in_turn(rota, memberships, slots, slot, today)[: rota.at_once]
    begins = f"{slot.day} {slot.hour:%H:%M}" if slot.hour else f"{slot.day}"
    for place, person in enumerate(people, start=1):
        yield OnDuty(person.staff, rota.tier, why=f"{rota.key} · {begins} · {place}/{len(people)}")


def _is_within(window: Window | None, hours: OpeningHours, at: datetime) -> bool:
    if window is None:
        return True
    today, instant = local_at(hours, at).date(), at.astimezone(UTC)
    for day in (today, today - ONE_DAY):
        last_day = day + ONE_DAY if window.crosses_midnight else day
        if instant_at(day, window.begins, hours.zone) <= instant < instant_at(last_day, window.ends, hours.zone):
            return True
    return False


def _latest_handover(hours: OpeningHours, rota: Rota, at: datetime) -> date:
    """The latest local date on which the time of the hand-over has come."""
    today = local_at(hours, at).date()
    has_come = instant_at(today, rota.handover, hours.zone) <= at.astimezone(UTC)
    return today if has_come else today - ONE_DAY


def _latest(slots: Slots | HourlySlots, day: date, at: datetime) -> Slot | None:
    return slots.latest(day, at.astimezone(UTC)) if isinstance(slots, HourlySlots) else slots.latest(day)


def _slots(hours: OpeningHours, rota: Rota, until: date) -> Slots | HourlySlots:
    if rota.anchor.year < hours.calendar.first_year:
        message = f"rota {rota.key} begins on {rota.anchor}: the calendar begins with {hours.calendar.first_year}"
        raise ValueError(message)
    match rota.unit:
        case RotaUnit.DAY:
            return daily_slots(hours, rota.weekdays, rota.anchor)
        case RotaUnit.WEEK:
            return weekly_slots(hours, rota.weekdays, rota.handover_weekday, rota.anchor, until)
        case RotaUnit.HOUR:
            days = daily_slots(hours, rota.weekdays, rota.anchor)
            return HourlySlots(days, rota.handover, _hours_a_day(rota.window), hours.zone)
        case _:
            assert_never(rota.unit)


def _hours_a_day(window: Window | None) -> int:
    # The last hour may be shorter than the others.
    return -(-window.length // ONE_HOUR) if window else _HOURS_A_DAY
