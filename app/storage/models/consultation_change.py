"""Who changed which field of a record last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class ConsultationChange(Base):
    """The last change of one field: by it a save knows whether somebody else changed what it is about to overwrite."""

    __tablename__ = "consultation_change"
    __table_args__ = (CheckConstraint("version > 0", name="version_positive"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(16), primary_key=True)
    """The group's key, or "note"."""
    version: Mapped[int]
    """The record's, that the change made."""
    account_id: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(32))
    """Random; which open page sent it. What a page itself changed never stands in its way."""
    at: Mapped[datetime] = mapped_column(Instant)
