"""Who handed a case to whom, and what the next one has to know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.cases import HandOver
from app.storage.base import Base
from app.storage.types import Instant, SealedText, closed_set


class CaseHandOver(Base):
    """One change of responsibility. The note is for whoever has the case now; it keeps the rules of a record's note."""

    __tablename__ = "case_hand_over"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="to_somebody_else"),
        Index("ix_case_hand_over_to_id_at", "to_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    from_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[HandOver] = mapped_column(closed_set(HandOver, "reason"))
    note: Mapped[str | None] = mapped_column(SealedText("case_hand_over.note"))
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the new one opened the case."""
