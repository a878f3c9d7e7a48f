"""What was chosen from the taxonomy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class ConsultationTag(Base):
    """One code of one group, chosen for one consultation; the first of a group has ``position`` 1.

    Codes are the taxonomy's, which is data: old ones stay when it changes, so the schema has no list of them.
    """

    __tablename__ = "consultation_tag"
    __table_args__ = (
        CheckConstraint("position > 0", name="position_positive"),
        # Counting a code asks for its consultations, and for nothing else of the row.
        Index("ix_consultation_tag_kind_code_consultation_id", "kind", "code", "consultation_id"),
        # A line's records with a code, in their order.
        Index("ix_consultation_tag_in_order", "kind", "code", "line", "opened_at", "consultation_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """The group's key."""
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int]
    line: Mapped[str | None] = mapped_column(String(64))
    """The consultation's, as ``opened_at``: the database itself writes both, and keeps them so (migration 0017)."""
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
