"""Which records are old enough to be destroyed: nothing about them, and nothing that hangs on them, is newer.

Each condition says it of one row; ``Limits`` gives every organisation's instant for each class that has a rule.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from app.domain.register import SWEDEN
from app.domain.retention import RecordClass
from app.domain.wall_clock import local_time
from app.storage.models import (
    Attempt,
    Call,
    CallbackAttempt,
    CallbackRequest,
    CallDealtWith,
    Case,
    CaseHandOver,
    Consultation,
    ConsultationChange,
    ConsultationNote,
    FollowUp,
    FollowUpEvent,
    Observation,
    TrainingOccasion,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    Limits = Mapping[tuple[str, RecordClass], datetime]
    """By organisation and class."""
    _Of = Any
    """A model, or an alias of one: SQLAlchemy's types tell them apart, these conditions don't."""

NOTHING_PLANNED: Final[Limits] = MappingProxyType({})
"""As things stand."""


def case_at_rest(case: _Of, limit: datetime, planned: Limits = NOTHING_PLANNED) -> ColumnElement[bool]:
    """The case has ended, and so has all that was promised in it; nothing about its consultations is newer.

    ``planned``: as of ``may_go``.
    """
    promised, of, event = aliased(FollowUp), aliased(FollowUp), aliased(FollowUpEvent)
    handed, held = aliased(CaseHandOver), aliased(Consultation)
    return and_(
        case.opened_at < limit,
        _over(case.ended_at, limit),
        _none(promised, promised.case_id == case.id, not_(_over(promised.ended_at, limit))),
        _none(event, event.follow_up_id == of.id, of.case_id == case.id, event.at >= limit),
        _none(handed, handed.case_id == case.id, or_(handed.at >= limit, handed.seen_at >= limit)),
        _none(held, held.case_id == case.id, not_(_is_quiet(held, limit, planned))),
    )


def record_at_rest(record: _Of, limit: datetime, planned: Limits = NOTHING_PLANNED) -> ColumnElement[bool]:
    """Nothing about the consultation or its call is newer, its case has ended, and nothing is promised in it.

    ``planned``: as of ``may_go``.
    """
    promised, case = aliased(FollowUp), aliased(Case)
    return and_(
        _is_quiet(record, limit, planned),
        _none(promised, promised.consultation_id == record.id, not_(_over(promised.ended_at, limit))),
        _none(case, case.id == record.case_id, not_(_over(case.ended_at, limit))),
    )


def callback_at_rest(asked: _Of, limit: datetime, _: Limits = NOTHING_PLANNED) -> ColumnElement[bool]:
    """The request was closed, and every try is over."""
    tried = aliased(CallbackAttempt)
    return and_(
        asked.made_at < limit,
        _over(asked.closed_at, limit),
        _none(tried, tried.request_id == asked.id, not_(_over(tried.ended_at, limit))),
    )


def call_at_rest(call: _Of, limit: datetime) -> ColumnElement[bool]:
    """The call and every attempt of it are over, and what was done about it is as old."""
    attempt, dealt = aliased(Attempt), aliased(CallDealtWith)
    return and_(
        call.started_at < limit,
        call.last_heard_at < limit,
        _over(call.ended_at, limit),
        _none(attempt, attempt.call_id == call.id, not_(_over(attempt.ended_at, limit))),
        _none(dealt, dealt.call_id == call.id, dealt.dealt_at >= limit),
    )


def old(kind: RecordClass, organisation: str, limit: datetime) -> Select[*tuple[Any, ...]]:
    """What has begun before, whether it may go or not: instant and id. What has no hour: its day."""
    match kind:
        case RecordClass.NOTES:
            noted = select(Consultation.opened_at, Consultation.id).join(
                ConsultationNote, ConsultationNote.consultation_id == Consultation.id
            )
            return noted.where(Consultation.organisation == organisation, Consultation.opened_at < limit)
        case RecordClass.CALLBACKS:
            return _old(CallbackRequest, CallbackRequest.made_at, organisation, limit)
        case RecordClass.CASES:
            return _old(Case, Case.opened_at, organisation, limit)
        case RecordClass.CONSULTATIONS:
            held = Consultation.held_at.is_not(None)
            return _old(Consultation, Consultation.opened_at, organisation, limit).where(held)
        case RecordClass.CALLS:
            return _old(Call, Call.started_at, organisation, limit)
        case RecordClass.TRAININGS:
            return _old(TrainingOccasion, TrainingOccasion.held_on, organisation, _day_of(limit))
        case RecordClass.OBSERVATIONS:
            return _old(Observation, Observation.noted_on, organisation, _day_of(limit))


def may_go(kind: RecordClass, limit: datetime, planned: Limits) -> ColumnElement[bool]:
    """Whether a row of ``old`` may go. ``planned``: what will be gone by then, if it isn't yet; for a look ahead."""
    match kind:
        case RecordClass.NOTES:
            return record_at_rest(Consultation, limit)
        case RecordClass.CALLBACKS:
            return callback_at_rest(CallbackRequest, limit)
        case RecordClass.CASES:
            return case_at_rest(Case, limit, planned)
        case RecordClass.CONSULTATIONS:
            return and_(record_at_rest(Consultation, limit, planned), *_without_case(Consultation, planned))
        case RecordClass.CALLS:
            return and_(call_at_rest(Call, limit), *_without_records(limit, planned))
        case RecordClass.TRAININGS:
            return and_(TrainingOccasion.held_on < _day_of(limit), TrainingOccasion.changed_at < limit)
        case RecordClass.OBSERVATIONS:
            return and_(Observation.noted_on < _day_of(limit), Observation.changed_at < limit)


def _without_case(record: _Of, planned: Limits) -> tuple[ColumnElement[bool], ...]:
    case, promised, of = aliased(Case), aliased(FollowUp), aliased(Case)
    follows = (promised.consultation_id == record.id, of.id == promised.case_id)
    return (
        _none(case, case.id == record.case_id, not_(_will_be_gone(RecordClass.CASES, case, planned))),
        _none(promised, *follows, not_(_will_be_gone(RecordClass.CASES, of, planned))),
    )


def _without_records(limit: datetime, planned: Limits) -> tuple[ColumnElement[bool], ...]:
    asked, record, change = aliased(CallbackRequest), aliased(Consultation), aliased(ConsultationChange)
    promised = aliased(FollowUp)
    gone = and_(
        _will_be_gone(RecordClass.CONSULTATIONS, record, planned),
        record.held_at.is_not(None),
        *_without_case(record, planned),
    )
    # A consultation that nobody held is no record of its own: it goes with its call.
    is_empty = and_(
        record.held_at.is_(None),
        record.case_id.is_(None),
        _none(change, change.consultation_id == record.id, change.at >= limit),
        _none(promised, promised.consultation_id == record.id),
    )
    return (
        _none(asked, asked.call_id == Call.id, not_(_will_be_gone(RecordClass.CALLBACKS, asked, planned))),
        _none(record, record.call_id == Call.id, not_(or_(gone, is_empty))),
    )


def _will_be_gone(kind: RecordClass, of: _Of, planned: Limits) -> ColumnElement[bool]:
    rests = {
        RecordClass.CALLBACKS: callback_at_rest,
        RecordClass.CASES: case_at_rest,
        RecordClass.CONSULTATIONS: record_at_rest,
    }
    return or_(
        false(),
        *(
            and_(of.organisation == organisation, rests[kind](of, limit, planned))
            for (organisation, of_kind), limit in planned.items()
            if of_kind is kind
        ),
    )


def _old(of: _Of, began: Any, organisation: str, limit: date) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - a column
    return select(began, of.id).where(of.organisation == organisation, began < limit)


def _day_of(limit: datetime) -> date:
    """The day that begins at a limit, which is a midnight in Sweden: a day before it is over by then."""
    return local_time(limit, SWEDEN).date()


def _is_quiet(record: _Of, limit: datetime, planned: Limits) -> ColumnElement[bool]:
    """Nothing was done with the consultation since, its call is over, and nobody waits to be rung back.

    A request to be rung back that goes before it says nothing any more.
    """
    change, call, asked = aliased(ConsultationChange), aliased(Call), aliased(CallbackRequest)
    return and_(
        *(func.coalesce(at, record.opened_at) < limit for at in (record.opened_at, record.held_at, record.closed_at)),
        _none(change, change.consultation_id == record.id, change.at >= limit),
        _none(call, call.id == record.call_id, not_(_over(call.ended_at, limit))),
        _none(
            asked,
            asked.call_id == record.call_id,
            not_(_over(asked.closed_at, limit)),
            not_(_will_be_gone(RecordClass.CALLBACKS, asked, planned)),
        ),
    )


def _over(ended_at: Any, limit: datetime) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Ended before. Never NULL, so that its opposite is right too."""
    return and_(ended_at.is_not(None), ended_at < limit)


def _none(of: _Of, *having: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(select(literal(1)).select_from(of).where(*having).exists())
