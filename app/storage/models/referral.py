"""What an organisation wrote over the shipped list of referrals, and its own entries."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class Referral(Base):
    """An entry that was changed or added. A text that is null is the shipped one."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("version >= 0", name="version_not_negative"),
        CheckConstraint("position > 0", name="position_positive"),
    )

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The shipped entry's, or a random one."""
    name: Mapped[str | None] = mapped_column(String(80))
    number: Mapped[str | None] = mapped_column(String(40))
    hours: Mapped[str | None] = mapped_column(String(120))
    whom: Mapped[str | None] = mapped_column(String(160))
    note: Mapped[str | None] = mapped_column(String(300))
    verified_on: Mapped[date | None]
    """``None``: to be verified."""
    position: Mapped[int]
    retired: Mapped[bool]
    version: Mapped[int]
    """Grows with each change, also with the one that gives it back its shipped text."""
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[str] = mapped_column(String(64))
    """The account."""
