"""Pages of calls and consultations for the API: newest first, by key, three queries a page however long it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, literal, or_, select, tuple_

from app.storage.models import Attempt, Call, Consultation
from app.storage.queries.exported import RECORD, records_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.domain.calls import CallSid, Outcome
    from app.storage.queries.exported import Record


_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: the instant and the row's id of its last item."""

    at: datetime
    row: int


@dataclass(frozen=True, slots=True)
class Which:
    """Which rows: of an organisation, of a line, begun in ``[since, until)``. ``None`` is no limit.

    A call is its dialled line's, and also the organisation's whose staff answered it by overflow.
    """

    organisation: str | None = None
    line: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call with its attempts, in order, and its consultation."""

    call: Call
    attempts: tuple[Attempt, ...]
    consultation: Consultation | None


def calls_page(
    session: Session, which: Which, outcome: Outcome | None, after: Key | None, most: int
) -> tuple[CallRecord, ...]:
    """At most ``most`` calls that come after ``after``."""
    query = select(Call)
    if which.organisation is not None:
        # Joined by the index on a consultation's call: EXISTS would have PostgreSQL read all that the organisation has.
        query = query.outerjoin(Consultation, Consultation.call_id == Call.id)
        query = query.where(
            or_(Call.organisation == which.organisation, Consultation.organisation == which.organisation)
        )
    query = _filtered(query, Call, which, Call.started_at)
    if outcome is not None:
        query = query.where(Call.outcome == outcome)
    return _with_their_rows(session, session.scalars(_page(query, Call.started_at, Call.id, after, most)).all())


def call_with(session: Session, sid: CallSid) -> CallRecord | None:
    """One call, whosever it is."""
    found = _with_their_rows(session, session.scalars(select(Call).where(Call.sid == sid)).all())
    return found[0] if found else None


def consultations_page(
    session: Session, which: Which, after: Key | None, most: int, *, held_alone: bool
) -> tuple[Record, ...]:
    """At most ``most`` consultations that come after ``after``, with what was answered in them."""
    query = select(*RECORD).outerjoin(Call, Call.id == Consultation.call_id)
    query = query.where(Consultation.withdrawn_at.is_(None))
    if held_alone:
        query = query.where(Consultation.held_at.is_not(None))
    if which.organisation is not None:
        query = query.where(Consultation.organisation == which.organisation)
    query = _filtered(query, Consultation, which, Consultation.opened_at)
    rows = session.execute(_page(query, Consultation.opened_at, Consultation.id, after, most)).all()
    return records_of(session, rows)


def _filtered(
    query: _Query, of: type[Call | Consultation], which: Which, begun: InstrumentedAttribute[datetime]
) -> _Query:
    if which.line is not None:
        query = query.where(of.line == which.line)
    if which.since is not None:
        query = query.where(begun >= which.since)
    if which.until is not None:
        query = query.where(begun < which.until)
    return query


def _page(
    query: _Query,
    begun: InstrumentedAttribute[datetime],
    row: InstrumentedAttribute[int],
    after: Key | None,
    most: int,
) -> _Query:
    if after is not None:
        query = query.where(tuple_(begun, row) < tuple_(literal(after.at, begun.type), literal(after.row, row.type)))
    return query.order_by(begun.desc(), row.desc()).limit(most)


def _with_their_rows(session: Session, calls: Sequence[Call]) -> tuple[CallRecord, ...]:
    ids = [call.id for call in calls]
    attempts = defaultdict[int, list[Attempt]](list)
    for attempt in session.scalars(select(Attempt).where(Attempt.call_id.in_(ids)).order_by(Attempt.id)):
        attempts[attempt.call_id].append(attempt)
    records = session.scalars(select(Consultation).where(Consultation.call_id.in_(ids)))
    consultations = {record.call_id: record for record in records}
    return tuple(CallRecord(call, tuple(attempts[call.id]), consultations.get(call.id)) for call in calls)
