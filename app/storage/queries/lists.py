"""What each list is looked through by, and the rows of a page, each with what the page says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, literal, select

from app.domain.calls import Outcome
from app.domain.finding import CaseState, RecordState
from app.storage.base import Base
from app.storage.models import Attempt, Call, Case, Consultation, ConsultationTag, FollowUp, Staff
from app.storage.queries.finding import Looked, Part
from app.storage.queries.scoped import seen, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.finding import Key, Sought
    from app.domain.permissions import Actor
    from app.domain.taxonomy import Code, GroupKey
    from app.storage.queries.finding import OfLine


@dataclass(frozen=True, slots=True)
class Consultations:
    """How many consultations a case has, and the id of the first."""

    number: int
    first: int


_Of = TypeVar("_Of", Call, Case, Consultation, FollowUp)


def records(sought: Sought, actor: Actor, lines: tuple[OfLine, ...]) -> Looked:
    """Records that were held, by when they began."""
    held = (Consultation.organisation == actor.organisation, Consultation.held_at.is_not(None))

    def part(*equal: ColumnElement[bool]) -> Part:
        asks = equal[0] if equal else None
        return Part(Consultation.opened_at, Consultation.id, Consultation.line, (*held, *equal), asks)

    parts = [_tagged(group, code, held) for group, code in sought.tags.items()]
    if sought.staff is not None:
        parts.append(part(Consultation.staff_id == sought.staff))
    if sought.municipality is not None:
        parts.append(part(Consultation.municipality == sought.municipality))
    if sought.state == RecordState.TO_COMPLETE:
        parts.append(part(Consultation.closed_at.is_(None)))
    complete = (Consultation.closed_at.is_not(None),) if sought.state == RecordState.COMPLETE else ()
    return Looked(lines, part(), tuple(parts), complete)


def calls(sought: Sought, actor: Actor, lines: tuple[OfLine, ...]) -> Looked:
    """Calls to these lines, whoever answered them, by when they began."""
    own = (Call.organisation == actor.organisation,)
    outcome = next((one for one in Outcome if one == sought.state), None)
    whole = Part(Call.started_at, Call.id, Call.line, own)
    if outcome is None:
        return Looked(lines, whole)
    ended_so = Call.outcome == outcome
    return Looked(lines, whole, (Part(Call.started_at, Call.id, Call.line, (*own, ended_so), ended_so),))


def cases(sought: Sought, actor: Actor, lines: tuple[OfLine, ...]) -> Looked:
    """Cases by when their first consultation began."""
    own = (Case.organisation == actor.organisation,)

    def part(*equal: ColumnElement[bool]) -> Part:
        return Part(Case.opened_at, Case.id, Case.line, (*own, *equal), equal[0] if equal else None)

    parts = []
    if sought.staff is not None:
        parts.append(part(Case.staff_id == sought.staff))
    if sought.state == CaseState.OPEN:
        parts.append(part(Case.ended_at.is_(None)))
    ended = (Case.ended_at.is_not(None),) if sought.state == CaseState.ENDED else ()
    return Looked(lines, part(), tuple(parts), ended)


def ended_follow_ups(actor: Actor, lines: tuple[OfLine, ...]) -> Looked:
    """Follow-ups that are over, by when they were promised."""
    ended = (FollowUp.organisation == actor.organisation, FollowUp.ended_at.is_not(None))
    return Looked(lines, Part(FollowUp.promised_at, FollowUp.id, FollowUp.line, ended))


def rows_of(session: Session, of: type[_Of], keys: Sequence[Key], actor: Actor) -> list[_Of]:
    """The rows with these keys, in this order."""
    query = seen(select(of).where(of.id.in_([key.id for key in keys])), of, actor)
    found = {row.id: row for row in session.scalars(query)}
    return [found[key.id] for key in keys if key.id in found]


def staff_of(session: Session, actor: Actor) -> Mapping[str, str]:
    """The aliases of everybody of the organisation who answers or did, by id, in order of alias."""
    query = visible(select(Staff.id, Staff.alias), Staff, actor).order_by(Staff.alias)
    return {row.id: row.alias for row in session.execute(query)}


def attempts_of(session: Session, calls: Collection[int]) -> Mapping[int, Sequence[Attempt]]:
    """The tries to reach somebody, by call, in order."""
    found: dict[int, list[Attempt]] = {call: [] for call in calls}
    for one in session.scalars(select(Attempt).where(Attempt.call_id.in_(calls)).order_by(Attempt.id)):
        found[one.call_id].append(one)
    return found


def records_of_calls(session: Session, calls: Collection[int], actor: Actor) -> Mapping[int, int]:
    """The records of calls that are the actor's to see and were held, by call."""
    query = seen(select(Consultation.call_id, Consultation.id), Consultation, actor)
    query = query.where(Consultation.call_id.in_(calls), Consultation.held_at.is_not(None))
    return {call: record for call, record in session.execute(query) if call is not None}


def consultations_in(session: Session, cases: Collection[int]) -> Mapping[int, Consultations]:
    """By case."""
    query = select(Consultation.case_id, func.count(), func.min(Consultation.id))
    query = query.where(Consultation.case_id.in_(cases)).group_by(Consultation.case_id)
    return {case: Consultations(number, first) for case, number, first in session.execute(query) if case is not None}


def cases_with(session: Session, ids: Collection[int], actor: Actor) -> Mapping[int, Case]:
    """Cases by id."""
    return {one.id: one for one in session.scalars(seen(select(Case).where(Case.id.in_(ids)), Case, actor))}


def _tagged(group: GroupKey, code: Code, held: tuple[ColumnElement[bool], ...]) -> Part:
    tag = ConsultationTag
    # Not EXISTS: PostgreSQL would make a join of it, and might read all records with the code before the first row.
    has_it = select(literal(1)).where(tag.consultation_id == Consultation.id, tag.kind == group, tag.code == code)
    return Part(
        at=tag.opened_at,
        id=tag.consultation_id,
        line=tag.line,
        through=(tag.kind == group, tag.code == code),
        asks=has_it.correlate(Consultation).scalar_subquery().is_not(None),
        source=Base.metadata.tables["consultation_tag"].join(
            Base.metadata.tables["consultation"], Consultation.id == tag.consultation_id
        ),
        besides=held,
    )
