"""Who is on duty for a line over a period, and what lies over its rotas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain.errors import Problem, RejectedInput
from app.domain.layers import UNTIL_FURTHER_NOTICE
from app.domain.lines import StaffId
from app.domain.rotas import RotaKey
from app.domain.timetable import final_schedule
from app.domain.wall_clock import ONE_DAY, instant_at
from app.services.rota.duty import dated_changes, memberships, schedule_of
from app.services.rota.layers import layers_during
from app.services.rota.rota_changes import Kind, no_such
from app.storage.queries.layers import layer_rows
from app.storage.queries.staff import known_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.domain.timetable import FinalSchedule
    from app.storage.queries.layers import LayerRow

_KINDS = list(Kind)
_LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something that lies over a rota, or over all rotas of a person; people are told by their aliases."""

    kind: Kind
    number: int
    begins: datetime
    ends: datetime | None
    """None: until further notice."""
    rota: RotaKey | None
    people: tuple[str, ...]
    """Who is on duty, stands in, is absent or pauses; none: nobody."""
    instead_of: str | None


def duty_during(session: Session, policy: Policy, line: LineKey, begins: datetime, ends: datetime) -> FinalSchedule:
    """The final schedule of ``[begins, ends)``, as routing would find it. A few queries, however long it is.

    Raises ``NotFound`` for no such line, ``ValueError`` for a period that is empty or outside the calendar.
    """
    schedule = schedule_of(policy, line)
    changes = dated_changes(session, line, begins.astimezone(schedule.hours.zone).date())
    people = memberships(session, schedule.rotas)
    layers = layers_during(session, schedule, begins, ends)
    return final_schedule(schedule.hours, changes, schedule.rotas, people, begins, ends, layers)


def duty_on_days(session: Session, policy: Policy, line: LineKey, first: date, last: date) -> FinalSchedule:
    """The final schedule of the local dates from ``first`` to ``last``, both included.

    Raises ``NotFound`` for no such line, ``RejectedInput`` for a period that ends before it begins, is longer than a
    year, or outside the calendar.
    """
    hours = schedule_of(policy, line).hours
    latest = min(first + _LONGEST, date(hours.calendar.last_year, 12, 30))
    if not hours.calendar.covers(first):
        allowed = f"a day of the years {hours.calendar.first_year} to {hours.calendar.last_year}"
        raise RejectedInput([Problem("", "from", str(first), allowed)])
    if not first <= last <= latest:
        raise RejectedInput([Problem("", "to", str(last), f"a day from {first} to {latest}")])
    begins, ends = (instant_at(day, time.min, hours.zone) for day in (first, last + ONE_DAY))
    return duty_during(session, policy, line, begins, ends)


def aliases(session: Session, policy: Policy, line: LineKey) -> Mapping[StaffId, str]:
    """The aliases of all who answer for the line's organisation."""
    organisation = policy.lines[line].organisation
    return {StaffId(staff): alias for staff, of, alias in known_people(session) if of == organisation}


def agreed(session: Session, policy: Policy, line: LineKey, *, now: datetime) -> tuple[Agreed, ...]:
    """What lies over the line's rotas and its organisation's people now or later, by kind and beginning.

    Raises ``NotFound`` for no such line.
    """
    rotas = [rota.key for rota in schedule_of(policy, line).rotas]
    names = aliases(session, policy, line)
    coming = (now, UNTIL_FURTHER_NOTICE)
    rows = [row for row in layer_rows(session, rotas, coming, coming) if row.rota or row.staff in names]
    rows.sort(key=lambda row: (_KINDS.index(Kind(row.kind)), row.begins, row.id, row.place))
    return tuple(_agreed(list(of_one), names) for _, of_one in groupby(rows, key=lambda row: (row.kind, row.id)))


def agreed_with_number(
    session: Session, policy: Policy, kind: Kind, number: int, *, now: datetime
) -> tuple[LineKey, Agreed]:
    """The one of that kind and number, and a line whose duty it is about.

    Raises ``NotFound`` when there is none, or when it is over.
    """
    found = (
        (line, one)
        for line in policy.schedules
        for one in agreed(session, policy, line, now=now)
        if (one.kind, one.number) == (kind, number)
    )
    line_and_one = next(found, None)
    if line_and_one is None:
        raise no_such(kind, number)
    return line_and_one


def _agreed(rows: list[LayerRow], names: Mapping[StaffId, str]) -> Agreed:
    first = rows[0]
    return Agreed(
        kind=Kind(first.kind),
        number=first.id,
        begins=first.begins,
        ends=first.ends,
        rota=RotaKey(first.rota) if first.rota else None,
        people=tuple(_aliases((row.staff for row in rows), names)),
        instead_of=next(_aliases([first.instead_of], names), None),
    )


def _aliases(staff: Iterable[str], names: Mapping[StaffId, str]) -> Iterator[str]:
    return (names.get(StaffId(one), one) for one in staff if one)
