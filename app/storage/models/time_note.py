"""Notes on the time axis of the trends."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.time_notes import LONGEST
from app.storage.base import Base
from app.storage.types import Instant


class TimeNote(Base):
    """One note, of a line or of the whole organisation."""

    __tablename__ = "time_note"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("text <> ''", name="text_not_empty"),
        Index("uq_time_note_token", "token", unique=True),
        Index("ix_time_note_organisation_day", "organisation", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    line: Mapped[str | None] = mapped_column(String(64))
    """``None``: the whole organisation."""
    day: Mapped[date]
    text: Mapped[str] = mapped_column(String(LONGEST))
    version: Mapped[int]
    """Grows with each change."""
    token: Mapped[str] = mapped_column(String(32))
    """Random; of the form that it was added by."""
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[str] = mapped_column(String(64))
    """The account."""
