"""The chronological register: every record's serial number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.register import RecordKind
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class RegisterEntry(Base):
    """A record's number within its organisation and year; numbers follow one another without a hole.

    An entry outlives its record: what was destroyed under a retention rule stays as a number and a day.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("destroyed_at IS NULL OR consultation_id IS NULL", name="destroyed_is_gone"),
        CheckConstraint("(destroyed_at IS NULL) = (decision_id IS NULL)", name="destroyed_by_decision"),
        CheckConstraint("withdrawn_at IS NULL OR consultation_id IS NULL", name="withdrawn_is_gone"),
        UniqueConstraint("consultation_id", "organisation"),
        Index("ix_register_entry_organisation_registered_at", "organisation", "registered_at"),
    )

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    """Of the day on which the record was made, on the line's wall clock."""
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(String(64))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id"))
    """Empty once the record is destroyed, or withdrawn."""
    registered_at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[RecordKind] = mapped_column(
        closed_set(RecordKind, "kind"), default=RecordKind.CALL, server_default=RecordKind.CALL.value
    )
    destroyed_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("retention_decision.id"), index=True)
    """By which it was destroyed."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    """When a record that was opened by mistake was taken back: the number stays, and stands for nothing."""
