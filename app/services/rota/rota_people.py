"""Who is in which rota: people taken out of rotas, and rotas that nobody is in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.rotas import RotaKey, Tier
from app.services.rota.staff_file import shown
from app.storage.queries.staff import all_memberships, all_staff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.storage.models import RotaMembership, Staff

_ONE_DAY = timedelta(days=1)
_BEFORE_ALL_ROTAS = date(2000, 1, 1)
"""No membership begins before, as a staff file may say it, and no rota has its anchor before."""
_END_OF_DAYS = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One person taken out of one rota."""

    alias: str
    rota: RotaKey
    day: date
    """The first day without them."""
    left: tuple[str, ...]
    """Who is in the rota on that day."""


@dataclass(frozen=True, slots=True)
class Departure:
    """One person, and the rotas that they were taken out of; none, if they were in none of those asked about."""

    organisation: OrganisationKey
    staff: StaffId
    alias: str
    rotas: tuple[Leaving, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A rota of the configuration without anybody, on the days ``[begins, ends)``."""

    rota: RotaKey
    line: LineKey
    tier: Tier
    begins: date
    ends: date | None
    """``None``: nobody is to join."""
    is_now: bool
    others: tuple[RotaKey, ...]
    """The line's rotas that have somebody when the gap begins."""


def rotas_of(policy: Policy, line: LineKey) -> tuple[RotaKey, ...]:
    """The rotas of a line. Raises ``NotFound`` when there is no such line."""
    if line not in policy.schedules:
        message = f"there is no line {line}; the lines are {', '.join(policy.schedules)}"
        raise NotFound(message)
    return tuple(rota.key for rota in policy.schedules[line].rotas)


def known_rota(policy: Policy, rota: str) -> RotaKey:
    """The rota of that name. Raises ``NotFound`` when the configuration has none."""
    keys = [one.key for schedule in policy.schedules.values() for one in schedule.rotas]
    if rota not in keys:
        message = f"there is no rota {rota}; the rotas are {', '.join(keys)}"
        raise NotFound(message)
    return RotaKey(rota)


def take_out(
    session: Session, policy: Policy, alias: str, rotas: Collection[RotaKey] | None, day: date | None, *, now: datetime
) -> Departure:
    """Take ``alias`` out of ``rotas`` (``None``: all) from ``day`` on; by default today, on the line's wall clock.

    Raises ``NotFound`` for an alias that nobody has, ``RejectedInput`` for one that two organisations have where the
    rotas don't tell them apart, and for a day that has passed: who was on duty then stays. Doesn't commit.
    """
    person = _person(policy, all_staff(session), alias, rotas)
    mine: dict[str, list[RotaMembership]] = defaultdict(list)
    everyone = all_memberships(session)
    for one in everyone:
        if one.staff_id == person.id and (rotas is None or one.rota in rotas):
            mine[one.rota].append(one)
    last_days = {rota: day or _today(policy, rota, now) for rota in mine}
    _refuse_what_has_passed(policy, last_days, now)
    ended = [rota for rota in mine if _end(mine[rota], last_days[rota])]
    session.flush()
    aliases = {one.id: one.alias for one in all_staff(session)}
    return Departure(
        OrganisationKey(person.organisation),
        StaffId(person.id),
        person.alias,
        tuple(
            Leaving(person.alias, RotaKey(rota), last_days[rota], _aliases_in(everyone, rota, last_days[rota], aliases))
            for rota in ended
        ),
    )


def gaps(session: Session, policy: Policy, now: datetime) -> tuple[Gap, ...]:
    """The first gap, from today on, of every rota that has one; in the order of the configuration."""
    members: dict[str, list[RotaMembership]] = defaultdict(list)
    for one in all_memberships(session):
        members[one.rota].append(one)
    return tuple(_gaps(policy, members, now))


def _gaps(policy: Policy, members: Mapping[str, Sequence[RotaMembership]], now: datetime) -> Iterator[Gap]:
    for line, schedule in policy.schedules.items():
        today = now.astimezone(schedule.hours.zone).date()
        for rota in schedule.rotas:
            begins = _first_day_without(members.get(rota.key, ()), today)
            if begins is None:
                continue
            yield Gap(
                rota=rota.key,
                line=line,
                tier=rota.tier,
                begins=begins,
                ends=min((one.begins for one in members.get(rota.key, ()) if one.begins > begins), default=None),
                is_now=begins == today,
                others=tuple(
                    other.key
                    for other in schedule.rotas
                    if any(_is_in(one, begins) for one in members.get(other.key, ()))
                ),
            )


def _first_day_without(members: Sequence[RotaMembership], day: date) -> date | None:
    while present := [one for one in members if _is_in(one, day)]:
        ends = [one.ends for one in present if one.ends is not None]
        if len(ends) < len(present):
            return None
        day = max(ends)
    return day


def _is_in(one: RotaMembership, day: date) -> bool:
    return one.begins <= day and (one.ends is None or day < one.ends)


def _person(policy: Policy, staff: Sequence[Staff], alias: str, rotas: Collection[RotaKey] | None) -> Staff:
    wanted = " ".join(alias.split()).casefold()
    called_so = [one for one in staff if one.alias.casefold() == wanted]
    lines = [policy.line_of(rota) for rota in rotas or ()]
    organisations = {line.organisation for line in lines if line}
    found = [one for one in called_so if not organisations or one.organisation in organisations]
    if not found:
        of = f" in {', '.join(sorted(organisations))}" if called_so else ""
        message = f"nobody{of} has the alias {shown(alias)}; radrum staff list shows all"
        raise NotFound(message)
    if len(found) > 1:
        whose = " and ".join(one.organisation for one in found)
        raise RejectedInput([Problem("staff", "alias", f"one person each of {whose}", "one of them: add --line KEY")])
    return found[0]


def _today(policy: Policy, rota: str, now: datetime) -> date:
    line = policy.line_of(RotaKey(rota))
    return now.astimezone(policy.schedules[line.key].hours.zone).date() if line else now.date()


def _refuse_what_has_passed(policy: Policy, days: Mapping[str, date], now: datetime) -> None:
    for rota, day in days.items():
        today = _today(policy, rota, now)
        if not today <= day < _END_OF_DAYS:
            raise RejectedInput([Problem("staff", "from", str(day), f"a day from {today} to 2099-12-31")])


def _end(memberships: Sequence[RotaMembership], day: date) -> bool:
    """End them by ``day``; say whether that changed anything."""
    changed = False
    for one in memberships:
        if one.ends is not None and one.ends <= day:
            continue
        if one.begins >= day:
            _never_begin(one, memberships)
        else:
            one.ends = day
        changed = True
    return changed


def _never_begin(one: RotaMembership, memberships: Sequence[RotaMembership]) -> None:
    """A membership ends after it begins, so one that was to begin later is kept as a day before all rotas."""
    taken = {other.begins for other in memberships}
    one.begins = next(day for back in count(1) if (day := _BEFORE_ALL_ROTAS - back * _ONE_DAY) not in taken)
    one.ends = one.begins + _ONE_DAY


def _aliases_in(
    everyone: Sequence[RotaMembership], rota: str, day: date, aliases: Mapping[str, str]
) -> tuple[str, ...]:
    present = sorted(
        (one.begins, one.position, aliases[one.staff_id]) for one in everyone if one.rota == rota and _is_in(one, day)
    )
    return tuple(dict.fromkeys(alias for _, _, alias in present))
