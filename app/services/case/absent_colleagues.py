"""Whose follow-ups and cases need somebody else: colleagues who are away, and those who don't sign in any more.

Nothing of what is in a case is read here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.away import away_until
from app.domain.followups import FollowUpState
from app.domain.hours import Span
from app.domain.lines import LineKey, StaffId
from app.domain.wall_clock import local_time
from app.services.case.followups import days_of, listed
from app.storage.queries import follow_ups as stored
from app.storage.queries import hand_overs as queries
from app.storage.queries.callbacks import aliases

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.case.followups import Listed


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who isn't there, and what they have on the actor's lines."""

    staff_id: StaffId
    alias: str
    line: LineKey
    """One of those on which they have cases: by its wall clock is told when they are back."""
    until: datetime | None
    """When they are back; ``None``: nobody signs in as them any more."""
    cases: int
    """Open ones."""
    follow_ups: Sequence[Listed]
    """What they have promised and not done, what is due first."""
    pressing: int
    """Of these, how many are overdue, or due before they are back."""

    @property
    def has_left(self) -> bool:
        """Whether nobody signs in as them any more."""
        return self.until is None


def absent_colleagues(session: Session, policy: Policy, actor: Actor, now: datetime) -> Sequence[Absent]:
    """Everybody but the actor who has open cases and isn't there, those with pressing follow-ups first."""
    rows = {key: number for key, number in stored.who_has_cases(session, actor).items() if key[0] != actor.staff_id}
    cases: dict[StaffId, dict[LineKey, int]] = defaultdict(dict)
    for (staff, line), number in rows.items():
        cases[staff][line] = number
    away = _away(session, policy, cases, now)
    there = queries.who_signs_in(session, cases)
    absent = [staff for staff in cases if staff in away or staff not in there]
    promised: dict[StaffId, list[Listed]] = defaultdict(list)
    for one in listed(session, policy, actor, stored.open_of(session, actor, absent), now) if absent else ():
        promised[one.staff_id].append(one)
    names = aliases(session, absent)
    found = [
        _absent(policy, staff, names.get(staff, ""), away.get(staff) if staff in there else None, cases, promised)
        for staff in absent
    ]
    return sorted(found, key=lambda one: (-one.pressing, one.alias))


def _absent(
    policy: Policy,
    staff: StaffId,
    alias: str,
    until: datetime | None,
    cases: Mapping[StaffId, Mapping[LineKey, int]],
    promised: Mapping[StaffId, Sequence[Listed]],
) -> Absent:
    follow_ups = promised.get(staff, ())
    return Absent(
        staff_id=staff,
        alias=alias,
        line=min(cases[staff]),
        until=until,
        cases=sum(cases[staff].values()),
        follow_ups=follow_ups,
        pressing=sum(_is_pressing(policy, one, until) for one in follow_ups),
    )


def _is_pressing(policy: Policy, one: Listed, until: datetime | None) -> bool:
    """Somebody who comes back within a day can still do what is due on it."""
    if until is None or one.state is FollowUpState.OVERDUE:
        return True
    return one.due < local_time(until, policy.schedules[one.line].hours.zone).date()


def _away(
    session: Session, policy: Policy, people: Mapping[StaffId, Collection[LineKey]], now: datetime
) -> Mapping[StaffId, datetime]:
    """Until when those are away who are, by the hours of a line on which they have cases."""
    absences: dict[StaffId, list[Span]] = defaultdict(list)
    for row in queries.absences_from(session, people, now):
        absences[StaffId(row.staff_id)].append(Span(row.begins, row.ends))
    lines = {line for staff in absences for line in people[staff]}
    days = {line: days_of(session, policy, line, now) for line in lines}
    found: dict[StaffId, datetime] = {}
    for staff, spans in absences.items():
        ends = [away_until(days[line].hours, days[line].changes, spans, now) for line in people[staff]]
        back = max((one for one in ends if one), default=None)
        if back:
            found[staff] = back
    return found
