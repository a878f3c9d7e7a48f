"""The order in which the people of a rota take turns, as people join and leave."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from app.domain.lines import StaffId
    from app.domain.rotas import Membership, Rota
    from app.domain.slots import HourlySlots, Slot, Slots
_NOBODY: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class _Turn:
    """The turn that was served last: whose, and how many of its slots are left."""

    last: Membership | None = None
    slots_left: int = 0


def in_turn(
    rota: Rota, memberships: Sequence[Membership], slots: Slots | HourlySlots, slot: Slot, day: date
) -> tuple[Membership, ...]:
    """The people of the rota on ``day``, while ``slot`` lasts: the one whose turn it is, then those who come next.

    ``day`` is not before the slot's. Everyone once; empty before the first membership.
    """
    turn, people, begun = _Turn(), _NOBODY, 0
    for since, changed in _lists(rota, memberships, day):
        until = slots.count_before(since)
        turn, people, begun = _served(turn, people, until - begun, rota.length), changed, until
    turn = _served(turn, people, slot.number + 1 - begun, rota.length)
    first = _place_of(turn.last, people)
    return people[first:] + people[:first]


def _lists(rota: Rota, memberships: Iterable[Membership], until: date) -> Iterator[tuple[date, tuple[Membership, ...]]]:
    """Every version of the list up to ``until``, each with its first date; everyone once, in the order of the turns."""
    mine = [one for one in memberships if one.rota == rota.key and (one.ends is None or one.begins < one.ends)]
    joining = {begins: tuple(group) for begins, group in groupby(sorted(mine, key=_order), lambda one: one.begins)}
    leaving = {one.ends for one in mine if one.ends is not None}
    people = _NOBODY
    for day in sorted(joining.keys() | leaving):
        if day > until:
            return
        people = tuple(one for one in people if one.ends is None or day < one.ends) + joining.get(day, _NOBODY)
        yield day, _everyone_once(people)


def _served(turn: _Turn, people: tuple[Membership, ...], slots: int, length: int) -> _Turn:
    """The turn that was served last, when ``people`` have served that many slots more."""
    if slots == 0:
        return turn
    if not people:
        return _Turn(turn.last)
    place = _place_of(turn.last, people)
    goes_on = turn.last is not None and people[place].staff == turn.last.staff
    left = turn.slots_left if goes_on else length
    turns_begun = -(-max(0, slots - left) // length)
    last = people[(place + turns_begun) % len(people)]
    return _Turn(last, left + turns_begun * length - slots)


def _place_of(last: Membership | None, people: Sequence[Membership]) -> int:
    """Where they stand who served last; if they have left, who comes after them."""
    if last is None:
        return 0
    same = (place for place, one in enumerate(people) if one.staff == last.staff)
    after = (place for place, one in enumerate(people) if _order(one) > _order(last))
    return next(chain(same, after), 0)


def _everyone_once(people: Iterable[Membership]) -> tuple[Membership, ...]:
    first: dict[StaffId, Membership] = {}
    for one in people:
        first.setdefault(one.staff, one)
    return tuple(first.values())


def _order(one: Membership) -> tuple[date, int, StaffId]:
    return one.begins, one.position, one.staff
