"""Cases, their consultations, and the follow-ups that were promised in them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from app.domain.followups import FollowUpEventKind
from app.storage.models import (
    CallbackRequest,
    Case,
    CaseEvent,
    CaseHandOver,
    Consultation,
    FollowUp,
    FollowUpEvent,
    Staff,
)
from app.storage.queries.scoped import seen, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.cases import Reference
    from app.domain.lines import StaffId
    from app.domain.permissions import Actor


def held_case(session: Session, case: int, actor: Actor) -> Case | None:
    """The case, locked until the transaction ends; ``None`` when there is none, or it isn't the actor's to see."""
    query = visible(select(Case).where(Case.id == case), Case, actor)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def case_with(session: Session, reference: Reference, actor: Actor) -> Case | None:
    """The case that has the reference, if it is the actor's to see."""
    return session.scalars(visible(select(Case).where(Case.reference == reference.digits), Case, actor)).one_or_none()


def consultations_of(session: Session, case: Case, actor: Actor) -> Sequence[tuple[Consultation, str | None]]:
    """In the order in which they came, each with the alias of who held it."""
    query = visible(select(Consultation, Staff.alias), Consultation, actor)
    query = query.outerjoin(Staff, Staff.id == Consultation.staff_id).where(Consultation.case_id == case.id)
    return [(one, alias) for one, alias in session.execute(query.order_by(Consultation.opened_at, Consultation.id))]


def hand_overs_of(session: Session, case: Case) -> Sequence[CaseHandOver]:
    """In order."""
    query = select(CaseHandOver).where(CaseHandOver.case_id == case.id)
    return session.scalars(query.order_by(CaseHandOver.at, CaseHandOver.id)).all()


def events_in(session: Session, case: Case) -> Sequence[CaseEvent]:
    """When it was ended and opened again, in order."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id)
    return session.scalars(query.order_by(CaseEvent.at, CaseEvent.id)).all()


def callbacks_in(session: Session, case: Case, actor: Actor) -> Sequence[CallbackRequest]:
    """What the callers of its consultations asked for, in order; only what they confirmed."""
    query = visible(select(CallbackRequest), CallbackRequest, actor)
    query = query.join(Consultation, Consultation.call_id == CallbackRequest.call_id)
    query = query.where(Consultation.case_id == case.id, CallbackRequest.confirmed_at.is_not(None))
    return session.scalars(query.order_by(CallbackRequest.confirmed_at, CallbackRequest.id)).all()


def follow_ups_of(session: Session, cases: Collection[int]) -> Mapping[int, Sequence[FollowUp]]:
    """By case, in the order in which they were promised."""
    found: dict[int, list[FollowUp]] = {case: [] for case in cases}
    query = select(FollowUp).where(FollowUp.case_id.in_(cases)).order_by(FollowUp.promised_at, FollowUp.id)
    for one in session.scalars(query):
        found[one.case_id].append(one)
    return found


def events_of(session: Session, follow_ups: Collection[int]) -> Mapping[int, Sequence[FollowUpEvent]]:
    """By follow-up, in order."""
    found: dict[int, list[FollowUpEvent]] = {follow_up: [] for follow_up in follow_ups}
    query = select(FollowUpEvent).where(FollowUpEvent.follow_up_id.in_(follow_ups)).order_by(FollowUpEvent.id)
    for one in session.scalars(query):
        found[one.follow_up_id].append(one)
    return found


def tries_in_vain(session: Session, follow_ups: Collection[int]) -> Mapping[int, int]:
    """By follow-up: how often nobody was reached."""
    vain = (FollowUpEvent.follow_up_id.in_(follow_ups), FollowUpEvent.kind == FollowUpEventKind.NOT_REACHED)
    query = select(FollowUpEvent.follow_up_id, func.count()).where(*vain).group_by(FollowUpEvent.follow_up_id)
    return Counter({key: number for key, number in session.execute(query)})  # noqa: C416 - rows, not pairs


def open_cases_of(session: Session, staff: StaffId, actor: Actor) -> Sequence[Case]:
    """Those that somebody is responsible for, oldest first."""
    query = seen(select(Case).where(Case.staff_id == staff, Case.ended_at.is_(None)), Case, actor)
    return session.scalars(query.order_by(Case.opened_at, Case.id)).all()


def open_follow_ups(session: Session, actor: Actor) -> Sequence[tuple[FollowUp, Case]]:
    """Everything that is promised on the actor's lines and isn't done, with its case."""
    query = visible(select(FollowUp, Case), FollowUp, actor).join(Case, Case.id == FollowUp.case_id)
    query = query.where(FollowUp.ended_at.is_(None)).order_by(FollowUp.promised_at, FollowUp.id)
    return [(one, case) for one, case in session.execute(query)]


def held_follow_up(session: Session, follow_up: int, actor: Actor) -> tuple[FollowUp, Case] | None:
    """The follow-up with its case, both locked; ``None`` when there is none, or it isn't the actor's to see."""
    query = visible(select(FollowUp.case_id).where(FollowUp.id == follow_up), FollowUp, actor)
    case_id = session.scalar(query)
    case = held_case(session, case_id, actor) if case_id is not None else None
    if case is None:
        return None
    one = select(FollowUp).where(FollowUp.id == follow_up).execution_options(populate_existing=True)
    return session.scalars(one).one(), case


def open_follow_up(session: Session, case: Case) -> FollowUp | None:
    """What is promised in a case and isn't done."""
    return session.scalars(
        select(FollowUp).where(FollowUp.case_id == case.id, FollowUp.ended_at.is_(None))
    ).one_or_none()


def consultations_in(session: Session, case: Case) -> int:
    """How many consultations a case has."""
    return session.scalar(select(func.count()).where(Consultation.case_id == case.id)) or 0


def is_promised_in(session: Session, record: int) -> bool:
    """Whether a follow-up was promised in this record."""
    return bool(session.scalar(select(exists().where(FollowUp.consultation_id == record))))
