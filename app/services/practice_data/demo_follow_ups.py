"""Practice follow-ups: promised in some of the practice cases, mostly kept, here and there forgotten."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.followups import WITHIN_DAYS, FollowUpEnd, FollowUpEventKind
from app.services.practice_data.demo_volume import SEED
from app.storage.models import Case, Consultation, FollowUp, FollowUpEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

_PROMISED, _FORGOTTEN, _TRIED = 0.6, 0.1, 0.2
_KEPT_AFTER = (5, 13)
"""Days."""


def promise_some(session: Session, now: datetime) -> None:
    """As the staff would have done. The same clock gives the same follow-ups. Doesn't commit."""
    promised: list[tuple[FollowUp, Case, bool]] = []
    for case, record, at in _last_consultations(session):
        # Every case has chances of its own, so that one more or less changes none of the others.
        chance = Random(f"{SEED} follow-up {case.reference}")  # noqa: S311 - practice data, the same everywhere
        if chance.random() >= _PROMISED:
            continue
        done_at = at + timedelta(days=chance.randint(*_KEPT_AFTER))
        is_done = done_at <= now and (case.ended_at is not None or chance.random() >= _FORGOTTEN)
        made = FollowUp(case_id=case.id, consultation_id=record, organisation=case.organisation, line=case.line)
        made.promised_at, made.within_days = at, WITHIN_DAYS
        if is_done:
            made.ended_at, made.ended_as, made.ended_by_id = done_at, FollowUpEnd.DONE, case.staff_id
        promised.append((made, case, chance.random() < _TRIED))
    session.add_all(made for made, _, _ in promised)
    session.flush()
    for made, case, was_tried in promised:
        session.add_all(_events(made, case, now, was_tried=was_tried))
    session.flush()


def _last_consultations(session: Session) -> list[tuple[Case, int, datetime]]:
    last = select(Consultation.case_id, func.max(Consultation.opened_at).label("at")).group_by(Consultation.case_id)
    of = last.where(Consultation.case_id.is_not(None)).subquery()
    query = select(Case, Consultation.id, Consultation.opened_at).join(of, of.c.case_id == Case.id)
    query = query.join(Consultation, (Consultation.case_id == Case.id) & (Consultation.opened_at == of.c.at))
    rows = session.execute(query.order_by(Case.opened_at, Case.id, Consultation.id))
    return list({case.id: (case, record, at) for case, record, at in rows}.values())


def _events(made: FollowUp, case: Case, now: datetime, *, was_tried: bool) -> Iterator[FollowUpEvent]:
    def event(kind: FollowUpEventKind, at: datetime) -> FollowUpEvent:
        return FollowUpEvent(follow_up_id=made.id, at=at, staff_id=case.staff_id, kind=kind)

    yield event(FollowUpEventKind.PROMISED, made.promised_at)
    tried_at = made.promised_at + timedelta(days=3)
    if was_tried and tried_at <= now:
        yield event(FollowUpEventKind.NOT_REACHED, tried_at)
    if made.ended_at:
        yield event(FollowUpEventKind.ENDED, made.ended_at)
