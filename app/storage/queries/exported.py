"""Rows that leave in files: one line's, a batch after another, along an index in the order of time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from sqlalchemy import Select, and_, literal, select, tuple_

from app.domain.calls import AttemptState
from app.domain.consultations import Answers
from app.domain.taxonomy import Code, GroupKey
from app.storage.models import Account, Attempt, Call, Consultation, ConsultationTag, DataExport
from app.storage.queries.consultations import place_of
from app.storage.queries.counted_rows import CallRow, TakenRow
from app.storage.queries.finding import only_in_order
from app.storage.queries.scoped import dialled, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.domain.calls import Source
    from app.domain.channels import Channel
    from app.domain.finding import Key
    from app.domain.lines import LineKey
    from app.domain.permissions import Actor

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])


class OfLine(NamedTuple):
    """One line's rows in ``[begins, ends)``."""

    line: LineKey
    begins: datetime
    ends: datetime


class Record(NamedTuple):
    """A consultation, without its note; ``call``: the SID of its call."""

    id: int
    organisation: str
    line: LineKey
    opened_at: datetime
    held_at: datetime | None
    staff: str | None
    channel: Channel
    call: str | None
    source: Source
    closed_at: datetime | None
    answers: Answers


class Taken(NamedTuple):
    """A call; ``record``: its consultation, where it was held and is the actor's to see, else ``None``."""

    call: CallRow
    sid: str
    line: LineKey
    source: Source
    reason: str
    record: int | None
    attempts: Sequence[TakenRow]
    """Those that were accepted, in their order; of a call whose record isn't the actor's none."""


RECORD: Final = (
    Consultation.id,
    Consultation.organisation,
    Consultation.line,
    Consultation.opened_at,
    Consultation.held_at,
    Consultation.staff_id,
    Consultation.channel,
    Call.sid,
    Consultation.source,
    Consultation.closed_at,
    Consultation.place,
    Consultation.municipality,
    Consultation.county,
    Consultation.exposed,
)
"""What ``records_of`` reads, of consultations joined with their calls."""


def records_after(session: Session, actor: Actor, of: OfLine, after: Key | None, most: int) -> Sequence[Record]:
    """Consultations by when they were held."""
    one = Consultation
    query = select(*RECORD).outerjoin(Call, Call.id == one.call_id)
    query = visible(query, one, actor).where(one.line == of.line, one.withdrawn_at.is_(None))
    with only_in_order(session):
        rows = session.execute(_after(query, one.held_at, one.id, of, after, most)).all()
    return records_of(session, rows)


def records_of(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Record, ...]:
    """What rows of ``RECORD`` say, and what was chosen in each."""
    chosen = _chosen(session, [row.id for row in rows])
    return tuple(
        Record._make((*row[:10], Answers(chosen.get(row.id, {}), place_of(*row[10:13]), row.exposed))) for row in rows
    )


def calls_after(session: Session, actor: Actor, of: OfLine, after: Key | None, most: int) -> Sequence[Taken]:
    """Calls to the line, by when they came."""
    record = Consultation
    is_ours = and_(
        record.call_id == Call.id,
        record.organisation == actor.organisation,
        record.line.in_(sorted(actor.lines)),
        record.held_at.is_not(None),
    )
    query = select(
        Call.id, Call.started_at, Call.ended_at, Call.outcome, Call.sid, Call.line, Call.source, Call.reason,
        record.id.label("record"),
    ).outerjoin(record, is_ours)  # fmt: skip
    query = dialled(query, actor).where(Call.line == of.line)
    with only_in_order(session):
        rows = session.execute(_after(query, Call.started_at, Call.id, of, after, most)).all()
    attempts = _taken(session, [row.id for row in rows if row.record is not None])
    return [
        Taken(CallRow(*row[:4]), row.sid, row.line, row.source, row.reason, row.record, attempts.get(row.id, ()))
        for row in rows
    ]


def export_with(session: Session, actor: Actor, number: int) -> DataExport | None:
    """A file of the actor's own account."""
    query = visible(select(DataExport), DataExport, actor)
    return session.scalar(query.where(DataExport.id == number, DataExport.account_id == actor.account_id))


def exports(session: Session, actor: Actor, most: int) -> Sequence[tuple[DataExport, str]]:
    """The latest files of the organisation, each with the alias of who took it."""
    query = visible(select(DataExport, Account.alias), DataExport, actor)
    query = query.outerjoin(Account, Account.id == DataExport.account_id)
    rows = session.execute(query.order_by(DataExport.begun_at.desc(), DataExport.id.desc()).limit(most))
    return [(one, alias or "") for one, alias in rows]


def _chosen(session: Session, records: Collection[int]) -> Mapping[int, Mapping[GroupKey, tuple[Code, ...]]]:
    tag = ConsultationTag
    query = select(tag.consultation_id, tag.kind, tag.code).where(tag.consultation_id.in_(records))
    found: dict[int, dict[GroupKey, tuple[Code, ...]]] = defaultdict(dict)
    for record, kind, code in session.execute(query.order_by(tag.consultation_id, tag.position)):
        group = GroupKey(kind)
        found[record][group] = (*found[record].get(group, ()), Code(code))
    return found


def _taken(session: Session, calls: Collection[int]) -> Mapping[int, Sequence[TakenRow]]:
    one = Attempt
    columns = (one.call_id, one.state, one.bridged, one.accepted_at, one.ended_at, one.dial_seconds, one.leg_seconds)
    query = select(*columns, one.staff_id).where(one.call_id.in_(calls), one.state == AttemptState.ACCEPTED)
    found: dict[int, list[TakenRow]] = defaultdict(list)
    for row in session.execute(query.order_by(one.id)):
        found[row.call_id].append(TakenRow(*row))
    return found


def _after(
    query: _Query,
    at: InstrumentedAttribute[Any],
    row: InstrumentedAttribute[int],
    of: OfLine,
    after: Key | None,
    most: int,
) -> _Query:
    """From where the batch before ended. The instant is said twice, so that the index begins there."""
    query = query.where(at >= (after.at if after else of.begins), at < of.ends)
    if after is not None:
        query = query.where(tuple_(at, row) > tuple_(literal(after.at, at.type), literal(after.id, row.type)))
    return query.order_by(at, row).limit(most)
