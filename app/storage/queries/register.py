"""The register of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.models import RegisterCounter, RegisterEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.storage.models import Consultation

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def is_registered(session: Session, record: Consultation) -> bool:
    """Whether the record has a number of the organisation that it belongs to now."""
    mine = (RegisterEntry.consultation_id == record.id, RegisterEntry.organisation == record.organisation)
    return bool(session.scalar(select(exists().where(*mine))))


def entries_of(session: Session, record: Consultation) -> Sequence[RegisterEntry]:
    """Every number that the record has."""
    return session.scalars(select(RegisterEntry).where(RegisterEntry.consultation_id == record.id)).all()


def next_number(session: Session, organisation: str, year: int) -> int:
    """The number after the last one, from 1. Others wait for theirs until this transaction ends, so no hole is left."""
    insert = _INSERT[session.get_bind().dialect.name]
    first = insert(RegisterCounter).values(organisation=organisation, year=year, last=1)
    key = [RegisterCounter.organisation, RegisterCounter.year]
    counted = first.on_conflict_do_update(  # type: ignore[attr-defined] # both dialects have it
        index_elements=key, set_={"last": RegisterCounter.last + 1}
    )
    number: int = session.execute(counted.returning(RegisterCounter.last)).scalar_one()
    return number
