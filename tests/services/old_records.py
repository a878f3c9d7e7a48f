"""Calls, records, cases and promises of chosen ages, all of one organisation, for the tests of retention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.callbacks import BackState, Closing
from app.domain.callflow.values import NumberSource
from app.domain.calls import AttemptState, Outcome, Source
from app.domain.cases import CaseEnd, HandOver, reference_of
from app.domain.consultations import PlaceKind
from app.domain.followups import FollowUpEnd, FollowUpEventKind
from app.domain.lines import OrganisationKey
from app.domain.missed_calls import DealtAs
from app.domain.phone import PhoneNumber
from app.domain.retention import Decision, RecordClass
from app.domain.rotas import Tier
from app.services.keeping import retention, retention_rules
from app.services.record import register
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
    Staff,
    ToldCall,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DECIDED = date(2026, 1, 15)
OPEN = -1
"""Instead of an age: it isn't over."""
NOTE = "Övning: påhittat, KANARIEFÅGEL."


@dataclass(frozen=True, slots=True)
class Matter:
    """One call and what came of it, by age in days. ``None``: there is no such thing."""

    began: int
    held: bool = True
    closed: int | None = None
    changed: int | None = None
    asked_back: int | None = None
    """When the request was closed, or ``OPEN``."""
    case: int | None = None
    """Which case of ``cases``."""
    promised: int | None = None
    """When its follow-up was over, or ``OPEN``; only in a case."""
    dealt: int | None = None
    """When somebody dealt with the call; only where nobody held it."""
    themes: tuple[str, ...] = ("FYS",)
    municipality: str | None = "1280"
    exposed: int | None = 2
    call_is_over: bool = True
    by: str = "skane"


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def put_people(session: Session) -> None:
    for number, name in enumerate(("skane", "skane-b", "nationell")):
        session.add(
            Staff(
                id=name,
                organisation=name.removesuffix("-b"),
                alias=f"Övning {name}",
                name=f"Övning {name}",
                phone=PhoneNumber(f"+4670174064{number}"),
                competences=[],
                languages=[],
                created_at=NOW,
            )
        )
    session.flush()


def put(session: Session, matters: list[Matter], cases: dict[int, int] | None = None) -> None:
    """``cases``: by number, when each ended, or ``OPEN``; each begins with its first record."""
    for number, ended in sorted((cases or {}).items()):
        inside = [one.began for one in matters if one.case == number]
        _put_case(session, number, max([*inside, ended, 1]), ended)
    for number, one in enumerate(matters, start=1):
        _put_call(session, number, one)
        _put_record(session, number, one)
    session.commit()


def _put_case(session: Session, number: int, opened: int, ended: int) -> None:
    one = Case(id=number, reference=reference_of(100_000 + number).digits, organisation="skane", line="skane")
    one.staff_id, one.opened_at = "skane", ago(opened)
    if ended != OPEN:
        one.ended_at, one.ended_as = ago(ended), CaseEnd.FINISHED
    session.add(one)
    session.flush()
    if ended != OPEN:
        session.add(CaseEvent(case_id=number, at=ago(ended), staff_id="skane", ended_as=CaseEnd.FINISHED))
    handed = CaseHandOver(case_id=number, at=ago(opened), from_id="skane", to_id="skane-b", reason=HandOver.HOLIDAY)
    handed.note = NOTE
    session.add(handed)
    session.flush()


def _put_call(session: Session, number: int, one: Matter) -> None:
    began, ended = ago(one.began), ago(one.began) + timedelta(minutes=9)
    call = Call(id=number, sid=f"CA{number:032x}", line=one.by, organisation=one.by, source=Source.LIVE, turn=1)
    call.started_at = call.last_heard_at = began
    call.arrived, call.outcome = True, Outcome.ANSWERED if one.held else Outcome.UNANSWERED
    call.ended_at = ended if one.call_is_over else None
    session.add(call)
    session.flush()
    attempt = Attempt(call_id=number, staff_id=one.by, token=str(number), turn=1, tier=Tier.PRIMARY)
    attempt.state, attempt.began_at, attempt.ended_at = AttemptState.NO_ANSWER, began, ended
    session.add_all([attempt, CallEvent(call_id=number, kind="turn", key="0", at=began, what={})])
    if one.dealt is not None and not one.held:
        dealt = CallDealtWith(call_id=number, organisation=one.by, line=one.by, dealt_as=next(iter(DealtAs)))
        dealt.dealt_at, dealt.account_id = ago(one.dealt), "somebody"
        session.add_all([dealt, ToldCall(call_id=number, told_at=began)])
    if one.asked_back is not None:
        _put_request(session, number, one)


def _put_request(session: Session, number: int, one: Matter) -> None:
    asked = CallbackRequest(id=number, call_id=number, organisation=one.by, line=one.by)
    asked.number_source, asked.made_at, asked.confirmed_at = NumberSource.CALLER, ago(one.began), ago(one.began)
    if one.asked_back != OPEN and one.asked_back is not None:
        asked.closed_at, asked.closed_as = ago(min(one.asked_back, one.began)), Closing.NOT_REACHED
    session.add(asked)
    session.flush()
    tried = CallbackAttempt(request_id=number, organisation=one.by, line=one.by, staff_id=one.by, token=f"b{number}")
    tried.state, tried.began_at, tried.ended_at = BackState.FAILED, ago(one.began), ago(one.began)
    session.add(tried)


def _put_record(session: Session, number: int, one: Matter) -> None:
    record = Consultation(id=number, call_id=number, organisation=one.by, line=one.by, source=Source.LIVE)
    record.opened_at = ago(one.began)
    if one.held:
        record.staff_id, record.held_at, record.case_id = one.by, ago(one.began), one.case
        record.closed_at = ago(min(one.closed, one.began)) if one.closed is not None else None
        record.exposed = one.exposed
        if one.municipality:
            record.place, record.municipality = PlaceKind.MUNICIPALITY, one.municipality
            record.county = one.municipality[:2]
    session.add(record)
    session.flush()
    if one.changed is not None:
        change = ConsultationChange(consultation_id=number, field="theme", version=1, account_id="a", page="")
        change.at = ago(min(one.changed, one.began))
        session.add(change)
    if not one.held:
        return
    session.add(ConsultationNote(consultation_id=number, text=NOTE))
    for position, code in enumerate(one.themes, start=1):
        session.add(ConsultationTag(consultation_id=number, kind="theme", code=code, position=position))
    register.enter(session, record, ago(one.began))
    if one.case is not None and one.promised is not None:
        _put_promise(session, number, one)


def _put_promise(session: Session, number: int, one: Matter) -> None:
    waiting = select(FollowUp.id).where(FollowUp.case_id == one.case, FollowUp.ended_at.is_(None))
    if one.promised == OPEN and session.scalar(waiting) is not None:
        return  # a case waits for one at a time
    promise = FollowUp(id=number, case_id=one.case, consultation_id=number, organisation=one.by, line=one.by)
    promise.promised_at, promise.within_days = ago(one.began), 14
    if one.promised != OPEN and one.promised is not None:
        promise.ended_at, promise.ended_as = ago(min(one.promised, one.began)), FollowUpEnd.DONE
    session.add(promise)
    session.flush()
    session.add(FollowUpEvent(follow_up_id=number, at=promise.promised_at, kind=FollowUpEventKind.PROMISED))


def decide(session: Session, months: dict[RecordClass, int], organisation: str = "skane") -> None:
    """Rules in force."""
    for kind, keep in months.items():
        decision = Decision(keep, "KS 2026/17, 12 §", DECIDED)
        retention_rules.enter(session, None, OrganisationKey(organisation), kind, decision, NOW)
    session.commit()


def purge(session: Session, at_once: int = 100) -> None:
    """Destroy what is old enough."""
    for _ in retention.run(session, NOW, at_once):
        session.commit()
    session.commit()
