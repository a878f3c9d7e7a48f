"""How the social services of each municipality are reached, as an organisation knows it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class SocialOffice(Base):
    """One municipality's; without a row nobody has filled it in yet."""

    __tablename__ = "social_office"
    __table_args__ = (CheckConstraint("version >= 0", name="version_not_negative"),)

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(4), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    """Of socialjouren."""
    hours: Mapped[str] = mapped_column(String(120))
    day_number: Mapped[str] = mapped_column(String(40))
    """Of socialtjänsten in the daytime."""
    note: Mapped[str] = mapped_column(String(300))
    verified_on: Mapped[date | None]
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[str] = mapped_column(String(64))
