"""Follow-ups: promised in a consultation, kept by whoever is responsible for the case. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.domain.followups import (
    FURTHEST_DAYS,
    WITHIN_DAYS,
    FollowUpEnd,
    FollowUpEventKind,
    FollowUpState,
    Moved,
    Promise,
    due_on,
    is_open_on,
    state_on,
)
from app.domain.lines import LineKey, StaffId
from app.domain.wall_clock import ONE_DAY, local_time
from app.services.case import cases
from app.services.keeping import audit
from app.services.rota.duty import dated_changes, local_day, schedule_of
from app.storage.insert import insert_once
from app.storage.models import Consultation, FollowUp, FollowUpEvent
from app.storage.queries import cases as queries
from app.storage.queries.callbacks import aliases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.storage.models import Case


@dataclass(frozen=True, slots=True)
class Listed:
    """A follow-up that is still to be done."""

    id: int
    case_id: int
    reference: str
    line: LineKey
    staff_id: StaffId
    """Who is responsible."""
    responsible: str
    """An alias."""
    is_mine: bool
    due: date
    state: FollowUpState
    is_moved: bool
    tried: int = 0
    """How often nobody was reached."""


@dataclass(frozen=True, slots=True)
class Days:
    """The opening days of one line, around an instant."""

    hours: OpeningHours
    changes: Mapping[date, DatedChange]

    def day(self, at: datetime) -> date:
        """The date on the line's wall clock."""
        return local_time(at, self.hours.zone).date()

    def due(self, follow_up: FollowUp) -> date:
        """When it is due."""
        return self.due_of(Promise(self.day(follow_up.promised_at), follow_up.within_days, follow_up.moved_to))

    def due_of(self, promise: Promise) -> date:
        """When it would be. Where no open day is known any more, on the last day of the promise, open or not."""
        try:
            return due_on(self.hours, self.changes, promise)
        except (LookupError, ValueError):
            return promise.latest


def promise(session: Session, actor: Actor, record: int, now: datetime, within_days: int = WITHIN_DAYS) -> FollowUp:
    """Promise to ring back within so many days of the record's consultation; its case is opened if it has none.

    A case that waits for a follow-up keeps that one. Raises as ``cases.open_case`` does, ``RejectedInput`` for other
    days than 1 to 14, and ``Conflict`` for a case that has ended.
    """
    if not 1 <= within_days <= WITHIN_DAYS:
        raise RejectedInput([Problem("", "within_days", str(within_days), f"1 to {WITHIN_DAYS} days")])
    case = cases.open_case(session, actor, record, now)
    if case.ended_at is not None:
        message = "the case has ended: open it again first"
        raise Conflict(message)
    consultation = session.get_one(Consultation, record)
    made = insert_once(
        session,
        FollowUp,
        case_id=case.id,
        consultation_id=record,
        organisation=case.organisation,
        line=case.line,
        promised_at=consultation.opened_at,
        within_days=within_days,
    )
    found = queries.open_follow_up(session, case)
    assert found is not None  # noqa: S101 - made now, or there before: the case is held
    if made:
        _note(session, actor, found, _Event(FollowUpEventKind.PROMISED), now)
    return found


def move(session: Session, policy: Policy, actor: Actor, follow_up: int, to: date, why: Moved, now: datetime) -> None:
    """Keep it on another day. Raises ``NotFound``, ``Conflict`` when it is over, ``RejectedInput`` for a closed day."""
    one, _ = _held_open(session, actor, follow_up)
    days = days_of(session, policy, LineKey(one.line), now)
    today = days.day(now)
    furthest = today + FURTHEST_DAYS * ONE_DAY
    allowed = f"a day on which the line is open, from {today} to {furthest}"
    is_usable = today <= to <= furthest and days.hours.calendar.covers(to)
    if not is_usable or not is_open_on(days.hours, days.changes, to):
        raise RejectedInput([Problem("", "to", str(to), allowed)])
    one.moved_to = to
    _note(session, actor, one, _Event(FollowUpEventKind.MOVED, to, why), now)


def not_reached(session: Session, actor: Actor, follow_up: int, now: datetime) -> None:
    """Tried in vain; it is still to be done. Raises ``NotFound``, and ``Conflict`` when it is over."""
    one, _ = _held_open(session, actor, follow_up)
    _note(session, actor, one, _Event(FollowUpEventKind.NOT_REACHED), now)


def end(session: Session, actor: Actor, follow_up: int, how: FollowUpEnd, now: datetime) -> None:
    """Done, or dropped. Raises ``NotFound``, and ``Conflict`` when it is over already."""
    one, _ = _held_open(session, actor, follow_up)
    one.ended_at, one.ended_as, one.ended_by_id = now, how, actor.staff_id
    _note(session, actor, one, _Event(FollowUpEventKind.ENDED), now)


def to_do(session: Session, policy: Policy, actor: Actor, now: datetime) -> Sequence[Listed]:
    """Everything that is promised on the actor's lines and isn't done, what is due first."""
    return listed(session, policy, actor, queries.open_follow_ups(session, actor), now)


def listed(
    session: Session, policy: Policy, actor: Actor, found: Sequence[tuple[FollowUp, Case]], now: datetime
) -> Sequence[Listed]:
    """How these stand, what is due first. The caller has looked whether they are the actor's to see."""
    since = {one.line: one.promised_at for one, _ in sorted(found, key=_promised, reverse=True)}
    days = {line: days_of(session, policy, LineKey(line), at) for line, at in since.items()}
    tries = queries.tries_in_vain(session, [one.id for one, _ in found])
    names = aliases(session, {case.staff_id for _, case in found})
    rows = [_listed(one, case, days[one.line], names, actor, now) for one, case in found]
    return sorted((replace(one, tried=tries[one.id]) for one in rows), key=lambda one: (one.due, one.id))


def days_of(session: Session, policy: Policy, line: LineKey, since: datetime) -> Days:
    """The opening days of a line, from a fortnight before ``since`` on. Raises ``NotFound`` for no such line."""
    schedule = schedule_of(policy, line)
    return Days(schedule.hours, dated_changes(session, line, local_day(schedule, since)))


@dataclass(frozen=True, slots=True)
class _Event:
    kind: FollowUpEventKind
    moved_to: date | None = None
    reason: Moved | None = None


def _promised(row: tuple[FollowUp, Case]) -> datetime:
    return row[0].promised_at


def _listed(one: FollowUp, case: Case, days: Days, names: Mapping[str, str], actor: Actor, now: datetime) -> Listed:
    due = days.due(one)
    return Listed(
        id=one.id,
        case_id=case.id,
        reference=case.reference,
        line=LineKey(one.line),
        staff_id=StaffId(case.staff_id),
        responsible=names.get(case.staff_id, ""),
        is_mine=case.staff_id == actor.staff_id,
        due=due,
        state=state_on(due, days.day(now), None),
        is_moved=one.moved_to is not None,
    )


def _held_open(session: Session, actor: Actor, follow_up: int) -> tuple[FollowUp, Case]:
    held = queries.held_follow_up(session, follow_up, actor)
    if held is None:
        message = f"there is no follow-up {follow_up}"
        raise NotFound(message)
    if held[0].ended_at is not None:
        message = f"follow-up {follow_up} is over already"
        raise Conflict(message)
    return held


def _note(session: Session, actor: Actor, one: FollowUp, event: _Event, now: datetime) -> None:
    session.add(
        FollowUpEvent(
            follow_up_id=one.id,
            at=now,
            staff_id=actor.staff_id,
            kind=event.kind,
            moved_to=event.moved_to,
            reason=event.reason,
        )
    )
    session.flush()
    audit.note_change(session, actor, f"follow_up:{one.id}", [event.kind.value], now)
