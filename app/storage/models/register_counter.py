"""The last serial number that was given."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class RegisterCounter(Base):
    """One row per organisation and year. Whoever takes the next number holds it until their transaction ends."""

    __tablename__ = "register_counter"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
