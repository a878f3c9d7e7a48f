"""Notes on gaps and good examples."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant, SealedText


class Observation(Base):
    """One note. It refers to no record, and has no municipality; its words are sealed."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_positive"),
        Index("uq_observation_token", "token", unique=True),
        Index("ix_observation_organisation_noted_on", "organisation", "noted_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    noted_on: Mapped[date]
    code: Mapped[str] = mapped_column(String(16))
    """Of the taxonomy's gaps and good examples."""
    service: Mapped[str | None] = mapped_column(String(16))
    county: Mapped[str | None] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(SealedText("observation.text"))
    version: Mapped[int]
    """Grows with each change."""
    token: Mapped[str] = mapped_column(String(32))
    """Random; of the form that it was added by."""
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[str] = mapped_column(String(64))
    """The account."""
