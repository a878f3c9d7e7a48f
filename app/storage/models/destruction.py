"""What was destroyed under which rule."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.retention import RecordClass
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_OPEN = text("ended_at IS NULL")


class Destruction(Base):
    """One run over one class of records: how many went, under which decision. Nothing of what they said.

    The number grows in the transactions that destroy, so it is right whenever somebody is interrupted; the next run
    goes on with the row.
    """

    __tablename__ = "destruction"
    __table_args__ = (
        CheckConstraint("number >= 0", name="number_not_negative"),
        Index("uq_destruction_open", "decision_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_destruction_organisation_began_at", "organisation", "began_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    record_class: Mapped[RecordClass] = mapped_column(closed_set(RecordClass, "record_class"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("retention_decision.id"))
    before: Mapped[datetime] = mapped_column(Instant)
    """Nothing that happened at this instant or later was taken."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    number: Mapped[int]
