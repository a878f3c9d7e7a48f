"""Destroying records, a few at a time, each with all that hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, func, or_, select, update

from app.domain.retention import RecordClass
from app.storage.models import (
    Attempt,
    Call,
    CallbackAttempt,
    CallbackRequest,
    CallDealtWith,
    CallEvent,
    Case,
    CaseEvent,
    CaseHandOver,
    Consultation,
    ConsultationChange,
    ConsultationNote,
    ConsultationTag,
    FollowUp,
    FollowUpEvent,
    Observation,
    RegisterEntry,
    ToldCall,
    TrainingOccasion,
    TrainingService,
)
from app.storage.queries.at_rest import may_go, old
from app.storage.queries.destroyed_counts import keep_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.storage.models import RetentionDecision
    from app.storage.queries.at_rest import Limits

Place = tuple["date", int]
"""When something began, and its id: where a page ends. An instant, or the day of what has no hour."""
MODELS = {
    RecordClass.NOTES: Consultation,
    RecordClass.CALLBACKS: CallbackRequest,
    RecordClass.CASES: Case,
    RecordClass.CONSULTATIONS: Consultation,
    RecordClass.CALLS: Call,
    RecordClass.TRAININGS: TrainingOccasion,
    RecordClass.OBSERVATIONS: Observation,
}
"""Whose ids the pages of a class hold."""
OF_CONSULTATIONS = (ConsultationNote, ConsultationTag, ConsultationChange)
"""What goes with a consultation. A test finds tables that refer to one, and of which nobody has said what becomes."""
OF_CALLS = (CallEvent, Attempt, CallDealtWith, ToldCall)
OF_CASES = (CaseEvent, CaseHandOver)


def page_of_old(
    session: Session, kind: RecordClass, rule: RetentionDecision, limit: datetime, after: Place | None, most: int
) -> Sequence[Place]:
    """At most ``most`` of what has begun before ``limit``, oldest first, those after ``after``."""
    query = old(kind, rule.organisation, limit)
    began, key = query.selected_columns
    if after is not None:
        query = query.where(_is_after(began, key, after))
    return [(at, number) for at, number in session.execute(query.order_by(began, key).limit(most))]


def held_free(session: Session, kind: RecordClass, limit: datetime, ids: Sequence[int]) -> Sequence[int]:
    """Which of them may go, locked: asked once nobody else can change them any more."""
    model: Any = MODELS[kind]
    mine = select(model.id).where(model.id.in_(ids)).order_by(model.id)
    session.execute(mine.with_for_update()).all()
    return session.scalars(mine.where(may_go(kind, limit, {}))).all()


def ahead(
    session: Session, kind: RecordClass, organisation: str, limit: datetime, planned: Limits
) -> tuple[int, date | None, date | None, int]:
    """How many would go, when the oldest and the newest of them began, and how many as old have to wait.

    When: an instant, or the day of what has no hour.
    """
    everything = old(kind, organisation, limit)
    free = everything.where(may_go(kind, limit, planned)).subquery()
    began = free.c[0]
    number, oldest, newest = session.execute(
        select(func.count(), func.min(began), func.max(began)).select_from(free)
    ).one()
    return number, oldest, newest, how_many(session, everything) - number


def how_many(session: Session, query: Select[*tuple[Any, ...]]) -> int:
    """Rows of a query."""
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def destroy(session: Session, kind: RecordClass, rule: RetentionDecision, ids: Sequence[int], now: datetime) -> None:
    """Count these rows of the class's model, and delete them with what goes with them."""
    keep_count(session, kind, ids)
    match kind:
        case RecordClass.NOTES:
            _delete(session, ConsultationNote, ConsultationNote.consultation_id, ids)
        case RecordClass.CALLBACKS:
            _delete(session, CallbackAttempt, CallbackAttempt.request_id, ids)
            _delete(session, CallbackRequest, CallbackRequest.id, ids)
        case RecordClass.CASES:
            _destroy_cases(session, ids)
        case RecordClass.CONSULTATIONS:
            _destroy_consultations(session, rule, ids, now)
        case RecordClass.CALLS:
            empty = session.scalars(select(Consultation.id).where(Consultation.call_id.in_(ids))).all()
            _destroy_consultations(session, rule, empty, now)
            for model in OF_CALLS:
                _delete(session, model, model.call_id, ids)
            _delete(session, Call, Call.id, ids)
        case RecordClass.TRAININGS:
            _delete(session, TrainingService, TrainingService.training_id, ids)
            _delete(session, TrainingOccasion, TrainingOccasion.id, ids)
        case RecordClass.OBSERVATIONS:
            _delete(session, Observation, Observation.id, ids)


def _destroy_cases(session: Session, ids: Sequence[int]) -> None:
    promised = session.scalars(select(FollowUp.id).where(FollowUp.case_id.in_(ids))).all()
    _delete(session, FollowUpEvent, FollowUpEvent.follow_up_id, promised)
    _delete(session, FollowUp, FollowUp.id, promised)
    for model in OF_CASES:
        _delete(session, model, model.case_id, ids)
    session.execute(_quietly(update(Consultation).where(Consultation.case_id.in_(ids)).values(case_id=None)))
    _delete(session, Case, Case.id, ids)


def _destroy_consultations(session: Session, rule: RetentionDecision, ids: Sequence[int], now: datetime) -> None:
    for model in OF_CONSULTATIONS:
        _delete(session, model, model.consultation_id, ids)
    entries = update(RegisterEntry).where(RegisterEntry.consultation_id.in_(ids))
    session.execute(_quietly(entries.values(consultation_id=None, destroyed_at=now, decision_id=rule.id)))
    _delete(session, Consultation, Consultation.id, ids)


def _delete(session: Session, model: Any, column: Any, ids: Sequence[int]) -> None:  # noqa: ANN401 - any table of ours
    if ids:
        session.execute(_quietly(delete(model).where(column.in_(ids))))


def _quietly(statement: Any) -> Any:  # noqa: ANN401 - a statement
    return statement.execution_options(synchronize_session=False)


def _is_after(began: Any, key: Any, place: Place) -> Any:  # noqa: ANN401 - columns
    at, number = place
    return or_(began > at, (began == at) & (key > number))
