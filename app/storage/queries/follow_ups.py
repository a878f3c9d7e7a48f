"""Follow-ups by whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import reaches
from app.storage.models import Case, FollowUp
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.domain.followups import FollowUpEnd
    from app.domain.permissions import Actor


def open_of(session: Session, actor: Actor, staff: Collection[StaffId]) -> Sequence[tuple[FollowUp, Case]]:
    """What these people have promised on the actor's lines and haven't done, with its case."""
    # By way of their open cases: else SQLite reads all follow-ups that the lines ever had. A case with something to
    # follow up hasn't ended.
    query = visible(select(FollowUp, Case), Case, actor).join(FollowUp, FollowUp.case_id == Case.id)
    query = query.where(Case.staff_id.in_(staff), Case.ended_at.is_(None), FollowUp.ended_at.is_(None))
    return [(one, case) for one, case in session.execute(query.order_by(FollowUp.promised_at, FollowUp.id))]


def open_in(session: Session, actor: Actor, case: int) -> Sequence[tuple[FollowUp, Case]]:
    """What is promised in this case and isn't done: one at most."""
    query = visible(select(FollowUp, Case), Case, actor).join(FollowUp, FollowUp.case_id == Case.id)
    query = query.where(Case.id == case, FollowUp.ended_at.is_(None))
    return [(one, case) for one, case in session.execute(query)]


def ended_last(session: Session, case: int) -> FollowUpEnd | None:
    """How the follow-up of a case ended that ended last; ``None`` when none has."""
    query = select(FollowUp.ended_as).where(FollowUp.case_id == case, FollowUp.ended_at.is_not(None))
    return session.scalars(query.order_by(FollowUp.ended_at.desc(), FollowUp.id.desc()).limit(1)).first()


def who_has_cases(session: Session, actor: Actor) -> Mapping[tuple[StaffId, LineKey], int]:
    """How many open cases everybody has on each of the actor's lines."""
    # Asked for by what is open alone: with the organisation, SQLite reads all cases that it ever had.
    query = select(Case.organisation, Case.staff_id, Case.line, func.count()).where(Case.ended_at.is_(None))
    rows = session.execute(query.group_by(Case.staff_id, Case.line, Case.organisation))
    return {
        (StaffId(staff), LineKey(line)): cases
        for organisation, staff, line, cases in rows
        if reaches(actor, OrganisationKey(organisation), LineKey(line))
    }


def all_open(session: Session, lines: Collection[str]) -> Sequence[tuple[FollowUp, Case]]:
    """Everything that is promised on these lines and isn't done. For the jobs, which no wall narrows."""
    query = select(FollowUp, Case).join(Case, Case.id == FollowUp.case_id)
    query = query.where(FollowUp.line.in_(lines), FollowUp.ended_at.is_(None))
    return [(one, case) for one, case in session.execute(query.order_by(FollowUp.promised_at, FollowUp.id))]
