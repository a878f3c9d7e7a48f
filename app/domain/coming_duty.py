"""What comes next on a line: when the people on duty change, and when somebody's own turn begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING

from app.domain.duty import roster_at
from app.domain.hours import open_spans
from app.domain.timetable import final_schedule
from app.domain.wall_clock import ONE_DAY, instant_at, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from app.domain.hours import DatedChange, Span
    from app.domain.layers import Layers
    from app.domain.lines import StaffId
    from app.domain.policy import Schedule
    from app.domain.rosters import Roster
    from app.domain.rotas import Membership
    from app.domain.timetable import DutySpan

DAYS_AHEAD = 14


@dataclass(frozen=True, slots=True)
class LinePlan:
    """All that the duty of one line depends on, from now to ``DAYS_AHEAD`` days ahead."""

    schedule: Schedule
    changes: Mapping[date, DatedChange]
    memberships: Sequence[Membership]
    layers: Layers

    def roster(self, at: datetime) -> Roster:
        """Who is on duty at ``at``, and whom a layer keeps off."""
        return roster_at(self.schedule.hours, self.changes, self.schedule.rotas, self.memberships, at, self.layers)

    def spans(self, begins: datetime, ends: datetime) -> tuple[DutySpan, ...]:
        """The open time between two instants, by who is on duty."""
        hours, rotas = self.schedule.hours, self.schedule.rotas
        return final_schedule(hours, self.changes, rotas, self.memberships, begins, ends, self.layers).spans

    def as_agreed(self) -> LinePlan:
        """The same without what is of the moment: pauses, and the minutes after calls."""
        return replace(self, layers=replace(self.layers, pauses=(), wrap_ups=()))


def gap_at(plan: LinePlan, now: datetime, closes_at: datetime) -> datetime | None:
    """Until when nobody is on duty, if nobody is on duty now. The line is open until ``closes_at``."""
    spans = plan.spans(now, closes_at)
    return spans[0].ends if spans and not spans[0].on_duty else None


def next_change(plan: LinePlan, now: datetime) -> DutySpan | None:
    """The first open time in which others are on duty than now, or the same in another order, as agreed on.

    While the line is closed it is the first open time. ``None``: nothing changes in the days ahead.
    """
    agreed = plan.as_agreed()
    is_open = any(span.opens <= now < span.closes for span in _open_on(plan, now))
    people = _people_at(agreed, now) if is_open else None
    coming = (span for span in _coming(agreed, now) if span.begins > now)
    return next((span for span in coming if tuple(one.staff for one in span.on_duty) != people), None)


def next_turn(plan: LinePlan, person: StaffId, now: datetime) -> DutySpan | None:
    """The first open time after ``now`` in which the person is on duty, as agreed on; ``None``: none in sight."""
    agreed = plan.as_agreed()
    coming = (span for span in _coming(agreed, now) if span.begins > now)
    return next((span for span in coming if person in {one.staff for one in span.on_duty}), None)


def _open_on(plan: LinePlan, now: datetime) -> Sequence[Span]:
    hours = plan.schedule.hours
    return open_spans(hours, plan.changes, local_time(now, hours.zone).date())


def _people_at(plan: LinePlan, now: datetime) -> tuple[StaffId, ...]:
    return tuple(one.staff for one in plan.roster(now).on_duty)


def _coming(plan: LinePlan, now: datetime) -> Iterator[DutySpan]:
    """Day by day, so that no more is worked out than somebody asks for."""
    zone, calendar = plan.schedule.hours.zone, plan.schedule.hours.calendar
    day, begins = local_time(now, zone).date(), now
    for _ in range(DAYS_AHEAD + 1):
        day += ONE_DAY
        if not calendar.covers(day):
            return
        ends = instant_at(day, time.min, zone)
        yield from plan.spans(begins, ends)
        begins = ends
