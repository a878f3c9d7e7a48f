"""How many case references that no case has were keyed in on a line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class ReferenceGuesses(Base):
    """One row per line, for its latest hour with such a reference in it. Holds no digit, and nothing of a caller."""

    __tablename__ = "reference_guesses"
    __table_args__ = (CheckConstraint("unknown >= 0", name="unknown_not_negative"),)

    line: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    """When the first of them was keyed in."""
    unknown: Mapped[int]
