"""Who has how many cases, who isn't there, and what was handed to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from app.domain.lines import StaffId
from app.storage.models import Absence, Account, Case, CaseHandOver, Staff
from app.storage.queries.scoped import seen, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor


def open_cases_by_staff(session: Session, actor: Actor) -> Sequence[tuple[Staff, int]]:
    """Everybody who has open cases in the actor's reach, by alias, and how many."""
    counted = visible(select(Case.staff_id, func.count().label("cases")), Case, actor)
    of = counted.where(Case.ended_at.is_(None)).group_by(Case.staff_id).subquery()
    query = select(Staff, of.c.cases).join(of, of.c.staff_id == Staff.id).order_by(Staff.alias)
    return [(one, cases) for one, cases in session.execute(query)]


def who_signs_in(session: Session, staff: Collection[str]) -> frozenset[StaffId]:
    """Those of them who have an account that is in use."""
    query = select(Account.staff_id).where(Account.staff_id.in_(staff), Account.active.is_(True))
    return frozenset(StaffId(one) for one in session.scalars(query) if one)


def absences_from(session: Session, staff: Collection[str], now: datetime) -> Sequence[Absence]:
    """Theirs that aren't over, in order."""
    query = select(Absence).where(
        Absence.staff_id.in_(staff),
        Absence.ends > now,
        or_(Absence.withdrawn_at.is_(None), Absence.withdrawn_at > now),
    )
    return session.scalars(query.order_by(Absence.begins, Absence.id)).all()


def cases_of_ids(session: Session, cases: Collection[int], actor: Actor) -> Sequence[tuple[Case, str]]:
    """These, each with the alias of whoever has it."""
    query = seen(select(Case, Staff.alias).join(Staff, Staff.id == Case.staff_id), Case, actor)
    query = query.where(Case.id.in_(cases)).order_by(Case.opened_at, Case.id)
    return [(case, alias) for case, alias in session.execute(query)]


def handed_to(session: Session, staff: StaffId, since: datetime, actor: Actor) -> Sequence[tuple[CaseHandOver, Case]]:
    """By which hand-over somebody has each of their open cases: what they haven't seen, and what came ``since``."""
    last = select(func.max(CaseHandOver.id)).where(CaseHandOver.case_id == Case.id).correlate(Case).scalar_subquery()
    query = seen(select(CaseHandOver, Case).join(Case, Case.id == CaseHandOver.case_id), Case, actor)
    query = query.where(CaseHandOver.to_id == staff, Case.staff_id == staff, Case.ended_at.is_(None))
    query = query.where(CaseHandOver.id == last, or_(CaseHandOver.seen_at.is_(None), CaseHandOver.at >= since))
    found = session.execute(query.order_by(CaseHandOver.at.desc(), CaseHandOver.id.desc()))
    return [(hand_over, case) for hand_over, case in found]


def mark_seen(session: Session, case: Case, staff: StaffId, now: datetime) -> None:
    """Whoever it was handed to has opened it."""
    theirs = (CaseHandOver.case_id == case.id, CaseHandOver.to_id == staff, CaseHandOver.seen_at.is_(None))
    session.execute(update(CaseHandOver).where(*theirs).values(seen_at=now))
