"""What is another as soon as a first page would show other follow-ups, hand-overs or absent colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from app.domain.permissions import Permission, allowed
from app.storage.models import Absence, Account, Case, CaseEvent, CaseHandOver, DatedHours, FollowUpEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Select

    from app.domain.permissions import Actor


def signs_of_follow_ups(actor: Actor, now: datetime, since: datetime) -> Iterator[Select[Any]]:
    """One number or instant each. Whatever happens to a follow-up leaves an event, and a hand-over a row."""
    if not allowed(actor, Permission.SEE_CASES):
        return
    yield select(func.max(FollowUpEvent.id))
    yield select(func.max(CaseHandOver.id))
    # A day that closes brings what is due on it forward.
    dated = (DatedHours.line.in_(sorted(actor.lines)), DatedHours.day >= since.date())
    yield select(func.count()).select_from(DatedHours).where(*dated)
    yield select(func.max(DatedHours.made_at)).where(*dated)
    if actor.staff_id is not None:
        unseen = (CaseHandOver.to_id == actor.staff_id, CaseHandOver.seen_at.is_(None))
        yield select(func.count(CaseHandOver.id)).where(*unseen)
    if allowed(actor, Permission.HAND_OVER):
        yield from _signs_of_absence(now)


def _signs_of_absence(now: datetime) -> Iterator[Select[Any]]:
    yield select(func.max(Case.id))
    yield select(func.max(CaseEvent.id))
    yield select(func.max(Absence.id))
    yield select(func.count(Absence.id)).where(Absence.ends > now, Absence.withdrawn_at.is_(None))
    signs_in = exists().where(Account.staff_id == Case.staff_id, Account.active.is_(True))
    yield select(func.count(Case.id)).where(Case.ended_at.is_(None), ~signs_in)
