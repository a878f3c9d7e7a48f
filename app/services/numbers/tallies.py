"""Keeping the tallies true: each day that changed is counted anew from its rows, and its month from its days.

A change marks its day in its own transaction (``DirtyDay``, written by the database itself). Whoever comes first counts
it: the jobs process every minute, or somebody who wants to read. Nothing here commits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain import trends
from app.domain.calendar_periods import Kind, month_with, months_of, period_with
from app.domain.followups import is_kept
from app.domain.register import SWEDEN
from app.domain.tallies import (
    CASES,
    Continued,
    CountedCall,
    Grain,
    HeldConsultation,
    cells_of,
    cells_of_call,
    cells_of_promise,
    promise_of,
)
from app.domain.trends import Period
from app.domain.wall_clock import ONE_DAY, ONE_SECOND, local_time
from app.services.call_times import conversation_of, talk_seconds, wait_seconds
from app.storage.locks import one_at_a_time
from app.storage.queries import counted_rows, tallies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.domain.tallies import Cell
    from app.storage.queries.counted_rows import CallRow, HeldRow, Owner, TakenRow

_LOCK = "tallies"
_UTC = ZoneInfo("UTC")
Counted = dict["date", Counter["Cell"]]


def is_stale(session: Session) -> bool:
    """Whether something has changed since it was counted."""
    return tallies.is_dirty(session)


def refresh(session: Session, policy: Policy, most_days: int) -> tuple[int, int]:
    """Count up to so many changed days anew; gives how many they were, and how many are left."""
    one_at_a_time(session, _LOCK)
    marks = tallies.dirty(session)
    chosen = sorted(marks)[:most_days]
    for owner, of_owner in groupby(chosen, key=lambda mark: mark[0]):
        zone = _zone(policy, owner)
        days = {local for _, day in of_owner for local in _local_days(day, zone)}
        _count_days(session, owner, zone, days)
    tallies.clean(session, [mark for key in chosen for mark in marks[key]])
    return len(chosen), len(marks) - len(chosen)


def rebuild(session: Session, policy: Policy) -> Iterator[tuple[int, int]]:
    """Count everything anew, month by month; commit after each step. Gives the months that are done, and all."""
    marks = [mark for of_day in tallies.dirty(session).values() for mark in of_day]
    months = _all_months(session, policy)
    for done, (owner, month) in enumerate(months):
        yield done, len(months)
        one_at_a_time(session, _LOCK)
        _count_days(session, owner, _zone(policy, owner), {day.first for day in trends.days_of(month)})
    # What was marked before it was read above is in what was counted since.
    tallies.clean(session, marks)
    yield len(months), len(months)


def _all_months(session: Session, policy: Policy) -> list[tuple[Owner, Period]]:
    found = []
    for owner in sorted(counted_rows.owners(session) | tallies.owners(session)):
        instants = counted_rows.time_of(session, owner) or ()
        known = [*tallies.days_of(session, owner), *(local_time(at, _zone(policy, owner)).date() for at in instants)]
        if known:
            found += [(owner, month) for month in months_of(Period(min(known), max(known)))]
    return found


def _count_days(session: Session, owner: Owner, zone: ZoneInfo, days: Collection[date]) -> None:
    """Count these days anew, and the months, quarters and years that they are in."""
    for run in _runs(days):
        counted = count(session, owner, zone, run)
        tallies.store(
            session, owner, Grain.DAY, {day.first: counted.get(day.first, Counter()) for day in trends.days_of(run)}
        )
    for month in sorted({day.replace(day=1) for day in days}):
        total = tallies.summed_of(session, owner, Grain.DAY, month_with(month))
        total.update(tallies.destroyed(session, owner, month))
        tallies.store(session, owner, Grain.MONTH, {month: total})
    for grain, kind in ((Grain.QUARTER, Kind.QUARTER), (Grain.YEAR, Kind.YEAR)):
        for whole in sorted({period_with(kind, day) for day in days}):
            tallies.store(session, owner, grain, {whole.first: tallies.summed_of(session, owner, Grain.MONTH, whole)})


def count(session: Session, owner: Owner, zone: ZoneInfo, period: Period) -> Counted:
    """What the rows say, day by day; a day without any isn't there."""
    begins, ends = trends.bounds(period, zone)
    counted: Counted = defaultdict(Counter)
    held = counted_rows.held_between(session, owner, begins, ends)
    continued = _continued(session, held)
    for one in held:
        counted_day = counted[local_time(one.held_at, zone).date()]
        for cell, number in cells_of(HeldConsultation(one.answers, one.channel, continued.get(one.id))):
            counted_day[cell] += number
    for call, taken in counted_rows.calls_between(session, owner, begins, ends):
        at = local_time(call.started_at, zone)
        counted[at.date()].update(cells_of_call(_counted_call(at, call, taken)))
    for promised in counted_rows.promised_between(session, owner, begins, ends):
        in_time = promised.ended_at is not None and is_kept(promised.promised_at, promised.ended_at, zone)
        promise = promise_of(promised.ended_as, within_two_weeks=in_time)
        counted[local_time(promised.promised_at, zone).date()].update(cells_of_promise(promise))
    for opened_at in counted_rows.cases_between(session, owner, begins, ends):
        counted[local_time(opened_at, zone).date()][CASES] += 1
    return counted


def _counted_call(at: datetime, call: CallRow, taken: Sequence[TakenRow]) -> CountedCall:
    talked = conversation_of(taken)
    wait = wait_seconds(call, talked) if talked else None
    return CountedCall(at, call.outcome, wait, talk_seconds(call, talked))


def _continued(session: Session, held: Sequence[HeldRow]) -> Mapping[int, Continued]:
    """Of those that aren't the first of their case: whether the specialist is that of the one before."""
    rows = counted_rows.in_cases(session, {one.case for one in held if one.case is not None})
    found: dict[int, Continued] = {}
    for _, of_case in groupby(rows, key=lambda row: row.case):
        before = None
        for row in of_case:
            if before is not None:
                found[row.id] = Continued.SAME if row.staff == before else Continued.OTHER
            before = row.staff
    return found


def _local_days(day: date, zone: ZoneInfo) -> set[date]:
    """The days on a wall clock in ``zone`` that this day of UTC is part of."""
    begins, ends = trends.bounds(Period(day, day), _UTC)
    return {local_time(begins, zone).date(), local_time(ends - ONE_SECOND, zone).date()}


def _runs(days: Collection[date]) -> Iterator[Period]:
    """Days that follow upon each other, together."""
    first = last = None
    for day in sorted(days):
        if last is not None and first is not None and day != last + ONE_DAY:
            yield Period(first, last)
            first = day
        first, last = first or day, day
    if first is not None and last is not None:
        yield Period(first, last)


def _zone(policy: Policy, owner: Owner) -> ZoneInfo:
    schedule = policy.schedules.get(owner.line)
    return schedule.hours.zone if schedule else SWEDEN
