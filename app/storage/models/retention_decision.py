"""The decisions by which records are destroyed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.retention import LONGEST_REFERENCE, RecordClass
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_ACTIVE = text("ended_at IS NULL")


class RetentionDecision(Base):
    """One organisation's rule for one class of records, for as long as it is in force. A new one ends the one before.

    Rows are never deleted: what was destroyed under a rule names it.
    """

    __tablename__ = "retention_decision"
    __table_args__ = (
        CheckConstraint("keep_months BETWEEN 1 AND 1200", name="keeps_for_months"),
        CheckConstraint("reference <> ''", name="refers_to_something"),
        Index(
            "uq_retention_decision_active",
            "organisation",
            "record_class",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    record_class: Mapped[RecordClass] = mapped_column(closed_set(RecordClass, "record_class"))
    keep_months: Mapped[int]
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE))
    decided_on: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[str | None] = mapped_column(String(64))
    """The account; nobody's, for a command. Not a reference: it outlives the account."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
