"""Specialists and other staff who answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.phone import PhoneNumber
from app.storage.base import Base
from app.storage.types import Instant, SealedPhone, SealedText


class Staff(Base):
    """One specialist. Name and phone are sealed; outside the team only the alias is shown."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("organisation", "alias"),
        CheckConstraint("alias <> ''", name="alias_not_empty"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random and stable; the id that the API shows."""
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    alias: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(SealedText("staff.name"))
    phone: Mapped[PhoneNumber] = mapped_column(SealedPhone("staff.phone"))
    competences: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)
