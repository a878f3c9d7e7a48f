"""What the first page asks the database. One query for each question, and each by an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.orm import load_only

from app.domain.callbacks import BackState
from app.domain.calls import AttemptState, Outcome
from app.domain.lines import StaffId
from app.domain.missed_calls import MISSED
from app.domain.today import Doing
from app.storage.models import (
    Account,
    Attempt,
    Call,
    CallbackAttempt,
    CallbackRequest,
    CallDealtWith,
    Consultation,
    Pause,
    Staff,
)
from app.storage.queries.scoped import owns, seen, visible
from app.storage.queries.today_follow_ups import signs_of_follow_ups

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor

_SETTLED = tuple(outcome for outcome in Outcome if outcome is not Outcome.IN_PROGRESS)


def busy_among(session: Session, people: Collection[StaffId]) -> Mapping[StaffId, Doing]:
    """Whose phone rings, and who is in a call, of a caller's or of their own to a caller."""
    calls = select(Attempt.staff_id, Attempt.state == AttemptState.ACCEPTED).where(
        Attempt.staff_id.in_(people), Attempt.ended_at.is_(None)
    )
    back = select(CallbackAttempt.staff_id, CallbackAttempt.state != BackState.RINGING).where(
        CallbackAttempt.staff_id.in_(people), CallbackAttempt.ended_at.is_(None)
    )
    rows = session.execute(union_all(calls, back))
    return {StaffId(staff): Doing.IN_CALL if talks else Doing.RINGING for staff, talks in rows}


def pauses_of(session: Session, people: Collection[StaffId], now: datetime) -> Sequence[Pause]:
    """The pauses of these people that last, the latest last."""
    lasting = (Pause.begins <= now, or_(Pause.ends.is_(None), Pause.ends > now))
    return session.scalars(select(Pause).where(Pause.staff_id.in_(people), *lasting).order_by(Pause.id)).all()


def held_alias(session: Session, staff: StaffId) -> str | None:
    """What the specialist is called; held until the transaction ends, so that two changes of theirs take turns."""
    return session.scalar(select(Staff.alias).where(Staff.id == staff).with_for_update())


def going_on(session: Session, actor: Actor) -> Sequence[Call]:
    """The calls that haven't ended, the earliest first."""
    calls = session.scalars(visible(select(Call), Call, actor).where(Call.ended_at.is_(None)))
    # Sorted here: told to sort, SQLite reads all calls there are in their order.
    return sorted(calls, key=_when_it_began)


def ended_since(session: Session, actor: Actor, since: datetime, most: int) -> Sequence[Call]:
    """The calls that began on ``since`` or later and have ended, the latest first."""
    query = visible(select(Call), Call, actor).where(Call.started_at >= since, Call.ended_at.is_not(None))
    return session.scalars(query.order_by(Call.started_at.desc(), Call.id.desc()).limit(most)).all()


def records_of(session: Session, actor: Actor, calls: Collection[int]) -> Mapping[int, Consultation]:
    """By call, the records that are the actor's to see."""
    # Asked for by the call alone: with the line, SQLite reads all records of the line.
    records = session.scalars(select(Consultation).where(Consultation.call_id.in_(calls)))
    return {one.call_id: one for one in records if one.call_id is not None and owns(actor, one)}


def attempts_at(session: Session, actor: Actor, calls: Collection[int]) -> Sequence[tuple[Attempt, str]]:
    """The tries to reach specialists of the actor's organisation for these calls, in order, with their aliases."""
    # An outer join: else SQLite begins with the staff, and reads all that they were ever rung for.
    ours = and_(Staff.id == Attempt.staff_id, Staff.organisation == actor.organisation)
    query = select(Attempt, Staff.alias).outerjoin(Staff, ours).where(Attempt.call_id.in_(calls))
    rows = session.execute(query.order_by(Attempt.id))
    return [(attempt, alias) for attempt, alias in rows if alias]


def to_complete(session: Session, actor: Actor) -> int:
    """How many of the actor's own records aren't complete."""
    query = seen(select(func.count()).select_from(Consultation), Consultation, actor)
    mine = (
        Consultation.staff_id == actor.staff_id,
        Consultation.held_at.is_not(None),
        Consultation.closed_at.is_(None),
    )
    return session.scalar(query.where(*mine)) or 0


def missed_calls(session: Session, actor: Actor, since: datetime) -> Sequence[Call]:
    """The calls of the actor's lines that began since then, that nobody took or dealt with; the earliest first."""
    query = (
        select(Call)
        .options(load_only(Call.line, Call.started_at, Call.last_heard_at, Call.ended_at, Call.outcome))
        .outerjoin(CallDealtWith, CallDealtWith.call_id == Call.id)
        .where(
            Call.organisation == actor.organisation,
            Call.line.in_(sorted(actor.lines)),
            Call.outcome.in_(MISSED),
            Call.started_at >= since,
            CallDealtWith.call_id.is_(None),
        )
    )
    # Sorted here: told to sort, SQLite reads what began since then, however it ended.
    return sorted(session.scalars(query), key=_when_it_began)


def dealt_since(session: Session, actor: Actor, since: datetime) -> Sequence[tuple[CallDealtWith, Call, str | None]]:
    """What was dealt with since then on the actor's lines, the latest first, and by whom."""
    query = (
        select(CallDealtWith, Call, Account.alias)
        .join(Call, Call.id == CallDealtWith.call_id)
        .outerjoin(Account, Account.id == CallDealtWith.account_id)
        .where(
            CallDealtWith.organisation == actor.organisation,
            CallDealtWith.line.in_(sorted(actor.lines)),
            CallDealtWith.dealt_at >= since,
        )
    )
    rows = session.execute(query.order_by(CallDealtWith.dealt_at.desc(), CallDealtWith.call_id))
    return [(dealt, call, alias) for dealt, call, alias in rows]


def dealt_with(session: Session, call: int) -> tuple[CallDealtWith, str | None] | None:
    """What was done about a call, and by whom."""
    query = select(CallDealtWith, Account.alias).outerjoin(Account, Account.id == CallDealtWith.account_id)
    found = session.execute(query.where(CallDealtWith.call_id == call)).first()
    return (found[0], found[1]) if found else None


def signs_of_change(session: Session, actor: Actor, now: datetime, since: datetime) -> Sequence[object]:
    """What is another as soon as the page would show something else, but for what only time or a new rota does.

    One statement of index look-ups; they tell how many and when, never what. ``since``: when the day began.
    """
    lines = sorted(actor.lines)
    called = and_(Call.line.in_(lines), Call.started_at >= since)
    waiting = and_(CallbackRequest.organisation == actor.organisation, CallbackRequest.closed_at.is_(None))
    live, rings_back = Attempt.ended_at.is_(None), CallbackAttempt.ended_at.is_(None)
    mine = and_(
        Consultation.staff_id == actor.staff_id, Consultation.held_at.is_not(None), Consultation.closed_at.is_(None)
    )
    dealt = and_(CallDealtWith.line.in_(lines), CallDealtWith.dealt_at >= since)
    signs = (
        select(func.count(Call.id)).where(Call.ended_at.is_(None)),
        select(func.max(Call.last_heard_at)).where(Call.ended_at.is_(None)),
        select(func.count(Call.id)).where(Call.holding_since.is_not(None)),
        select(func.count(Call.id)).where(called),
        select(func.count(Call.id)).where(called, Call.outcome.in_(_SETTLED)),
        select(func.count(Call.id)).where(called, Call.outcome.in_(MISSED)),
        select(func.max(Attempt.id)).where(live),
        select(func.count(Attempt.id)).where(live, Attempt.state == AttemptState.ACCEPTED),
        select(func.count(Attempt.id)).where(Attempt.ended_at >= since),
        select(func.count(CallbackAttempt.id)).where(rings_back),
        select(func.max(CallbackAttempt.heard_at)).where(rings_back),
        select(func.count(CallbackRequest.id)).where(waiting, CallbackRequest.confirmed_at.is_not(None)),
        select(func.max(CallbackRequest.taken_at)).where(waiting),
        select(func.count(CallbackRequest.staff_id)).where(waiting),
        select(func.count(CallbackRequest.passed_by_id)).where(waiting),
        select(func.count(CallbackRequest.id)).where(waiting, CallbackRequest.is_exposed),
        select(func.count(Consultation.id)).where(mine),
        select(func.count(CallDealtWith.call_id)).where(dealt),
        select(func.max(Pause.id)),
        select(func.count(Pause.id)).where(Pause.ends.is_(None)),
        select(func.count(Pause.id)).where(Pause.ends > now),
        *signs_of_follow_ups(actor, now, since),
    )
    return tuple(session.execute(select(*(one.scalar_subquery() for one in signs))).one())


def _when_it_began(call: Call) -> tuple[datetime, int]:
    return call.started_at, call.id
