"""The lines in somebody's reach just now: open or closed, who is on duty and what they do, and what comes next.

Six queries, however many lines there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.coming_duty import DAYS_AHEAD, LinePlan, gap_at, next_change
from app.domain.hours import DatedChange, opening_at
from app.domain.lines import LineKey, StaffId
from app.domain.today import Doing, PersonNow, doing_of
from app.services.rota.duty import LOOK_BACK, interval, memberships
from app.services.rota.layers import layers_of_lines
from app.storage.queries.duty import changed_days_of
from app.storage.queries.practice import aliases_of
from app.storage.queries.today import busy_among, pauses_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.domain.hours import Opening
    from app.domain.layers import Layer
    from app.domain.lines import Line
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.rosters import LeftOut, OnDuty, Roster
    from app.domain.rotas import Tier
    from app.storage.models import Pause

_PAUSED = " · paused"
_INSTEAD_OF = " · instead of "


@dataclass(frozen=True, slots=True)
class PauseNow:
    """A pause that lasts. ``id`` names it, so that a page can say which one it showed."""

    id: int
    reason: str
    """A ``PauseReason``, another short code, or empty."""
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class DutyPerson:
    """One person of a line's list, and what they do."""

    staff: StaffId
    alias: str
    tier: Tier
    layer: Layer | None
    """Why: the rota, a cover, a temporary schedule; unknown of somebody who pauses."""
    instead_of: str | None
    doing: Doing
    pause: PauseNow | None


@dataclass(frozen=True, slots=True)
class NextChange:
    """When others are on duty, and who, in ringing order; nobody is an answer too."""

    at: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineNow:
    """One line."""

    line: Line
    zone: ZoneInfo
    opening: Opening
    people: tuple[DutyPerson, ...]
    """In ringing order, and after them those who pause."""
    on_duty: tuple[OnDuty, ...]
    gap_until: datetime | None
    """Until when nobody takes calls, though the line is open."""
    next: NextChange | None


@dataclass(frozen=True, slots=True)
class DutyNow:
    """All lines, and what they were worked out from."""

    lines: tuple[LineNow, ...]
    plans: Mapping[LineKey, LinePlan]
    busy: Mapping[StaffId, Doing]
    pauses: Mapping[StaffId, PauseNow]


def duty_now(session: Session, policy: Policy, actor: Actor, now: datetime) -> DutyNow:
    """The lines in the actor's reach, in the order of the configuration."""
    lines = [line for line in policy.lines.values() if line.key in actor.lines]
    plans = _plans(session, policy, [line.key for line in lines], now)
    rosters = {key: plan.roster(now) for key, plan in plans.items()}
    changes = {key: next_change(plan, now) for key, plan in plans.items()}
    people = {one.staff for roster in rosters.values() for one in roster.on_duty}
    people |= {one.staff for roster in rosters.values() for one in roster.left_out}
    people |= {one.staff for span in changes.values() if span for one in span.on_duty}
    people |= {StaffId(one) for roster in rosters.values() for one in map(_replaced_by, roster.on_duty) if one}
    people |= {actor.staff_id} if actor.staff_id else set()
    names = aliases_of(session, people)
    busy, pauses = busy_among(session, people), _pauses(session, people, now)
    found = _Found(names, busy, pauses)
    shown = []
    for line in lines:
        plan, change = plans[line.key], changes[line.key]
        opening = opening_at(plan.schedule.hours, plan.changes, now)
        gap = gap_at(plan, now, opening.closes_at) if opening.closes_at and not rosters[line.key].on_duty else None
        coming = NextChange(change.begins, found.named(one.staff for one in change.on_duty)) if change else None
        people_here = tuple(found.people(rosters[line.key]))
        zone, on_duty = plan.schedule.hours.zone, rosters[line.key].on_duty
        shown.append(LineNow(line, zone, opening, people_here, on_duty, gap, coming))
    return DutyNow(tuple(shown), plans, busy, pauses)


@dataclass(frozen=True, slots=True)
class _Found:
    names: Mapping[str, str]
    busy: Mapping[StaffId, Doing]
    pauses: Mapping[StaffId, PauseNow]

    def named(self, people: Iterator[StaffId]) -> tuple[str, ...]:
        return tuple(self.names.get(one, "") for one in people)

    def people(self, roster: Roster) -> Iterator[DutyPerson]:
        for one in roster.on_duty:
            instead_of = self.names.get(_replaced_by(one))
            yield self._person(one, one.layer, instead_of, wraps_up=one.wraps_up, is_paused=False)
        for left_out in roster.left_out:
            if left_out.why.endswith(_PAUSED):
                yield self._person(left_out, None, None, wraps_up=False, is_paused=True)

    def _person(
        self, one: OnDuty | LeftOut, layer: Layer | None, instead_of: str | None, *, wraps_up: bool, is_paused: bool
    ) -> DutyPerson:
        now = PersonNow(self.busy.get(one.staff), is_paused=is_paused, wraps_up=wraps_up, is_on_duty=True)
        alias, pause = self.names.get(one.staff, ""), self.pauses.get(one.staff)
        return DutyPerson(one.staff, alias, one.tier, layer, instead_of, doing_of(now), pause)


def _replaced_by(one: OnDuty) -> str:
    return one.why.partition(_INSTEAD_OF)[2].partition(" · ")[0]


def _plans(session: Session, policy: Policy, keys: Sequence[LineKey], now: datetime) -> Mapping[LineKey, LinePlan]:
    schedules = [policy.schedules[key] for key in keys]
    people = memberships(session, [rota for schedule in schedules for rota in schedule.rotas])
    layers = layers_of_lines(session, schedules, now, now + timedelta(days=DAYS_AHEAD + 1))
    changes: dict[LineKey, dict[date, DatedChange]] = defaultdict(dict)
    for row in changed_days_of(session, keys, (now - LOOK_BACK).date()):
        changes[LineKey(row.line)][row.day] = DatedChange(row.day, tuple(map(interval, row.intervals)), row.because)
    return {
        key: LinePlan(schedule, changes[key], people, lying_over)
        for key, schedule, lying_over in zip(keys, schedules, layers, strict=True)
    }


def _pauses(session: Session, people: Collection[StaffId], now: datetime) -> Mapping[StaffId, PauseNow]:
    return {StaffId(one.staff_id): pause_now(one) for one in pauses_of(session, people, now)}


def pause_now(pause: Pause) -> PauseNow:
    """What a page shows of a pause."""
    return PauseNow(pause.id, pause.reason, pause.begins, pause.ends)
