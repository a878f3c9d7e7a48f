"""Tries to sign in, counted so that nobody can guess for long."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class SignInAttempt(Base):
    """One try, as it counts against one subject: an account name, a network, or everybody together."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    """A keyed digest: neither names nor addresses are kept."""
    at: Mapped[datetime] = mapped_column(Instant, index=True)
