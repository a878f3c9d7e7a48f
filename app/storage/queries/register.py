"""The register of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.models import Consultation, RegisterCounter, RegisterEntry, RetentionDecision
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def is_registered(session: Session, record: Consultation) -> bool:
    """Whether the record has a number of the organisation that it belongs to now."""
    mine = (RegisterEntry.consultation_id == record.id, RegisterEntry.organisation == record.organisation)
    return bool(session.scalar(select(exists().where(*mine))))


def entries_of(session: Session, record: Consultation) -> Sequence[RegisterEntry]:
    """Every number that the record has."""
    return session.scalars(select(RegisterEntry).where(RegisterEntry.consultation_id == record.id)).all()


def next_number(session: Session, organisation: str, year: int, how_many: int = 1) -> int:
    """The last of so many numbers that come after those given, which begin with 1.

    Others wait for theirs until this transaction ends, so no hole is left.
    """
    insert = _INSERT[session.get_bind().dialect.name]
    first = insert(RegisterCounter).values(organisation=organisation, year=year, last=how_many)
    key = [RegisterCounter.organisation, RegisterCounter.year]
    counted = first.on_conflict_do_update(  # type: ignore[attr-defined] # both dialects have it
        index_elements=key, set_={"last": RegisterCounter.last + how_many}
    )
    number: int = session.execute(counted.returning(RegisterCounter.last)).scalar_one()
    return number


def years(session: Session, actor: Actor) -> Sequence[int]:
    """The years that have entries on the actor's lines, the latest first."""
    query = visible(select(RegisterEntry.year).distinct(), RegisterEntry, actor)
    return session.scalars(query.order_by(RegisterEntry.year.desc())).all()


def entries(
    session: Session, actor: Actor, year: int, before: int | None, most: int | None
) -> Sequence[tuple[RegisterEntry, int | None, str | None]]:
    """The latest first, each with the record that the actor may see, and the decision that it was destroyed by."""
    mine = and_(
        Consultation.id == RegisterEntry.consultation_id,
        Consultation.organisation == actor.organisation,
        Consultation.line.in_(sorted(actor.lines)),
    )
    decided = and_(
        RetentionDecision.id == RegisterEntry.decision_id, RetentionDecision.organisation == actor.organisation
    )
    query = visible(select(RegisterEntry, Consultation.id, RetentionDecision.reference), RegisterEntry, actor)
    query = query.outerjoin(Consultation, mine).outerjoin(RetentionDecision, decided).where(RegisterEntry.year == year)
    if before is not None:
        query = query.where(RegisterEntry.number < before)
    rows = session.execute(query.order_by(RegisterEntry.number.desc()).limit(most))
    return [(entry, record, reference) for entry, record, reference in rows]


def entry_of(session: Session, record: Consultation) -> RegisterEntry | None:
    """The record's entry in the register of the organisation that it belongs to now."""
    mine = (RegisterEntry.consultation_id == record.id, RegisterEntry.organisation == record.organisation)
    return session.scalars(select(RegisterEntry).where(*mine)).one_or_none()
