"""The record: every call opens one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calls import Source
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class Consultation(Base):
    """One consultation. It is held once a specialist has answered; figures count those that were held."""

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("held_at IS NULL OR staff_id IS NOT NULL", name="held_by_somebody"),
        Index("ix_consultation_opened_at_id", "opened_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), unique=True)
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    """Who owns the record: the organisation that answered, else the dialled line's."""
    line: Mapped[str] = mapped_column(String(64))
    source: Mapped[Source] = mapped_column(closed_set(Source, "source"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
