"""Recovery codes: for the day when the phone with the one-time codes is gone."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class RecoveryCode(Base):
    """One code that hasn't been used. Only its digest is kept; using it deletes the row."""

    __tablename__ = "recovery_code"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256, hex."""
