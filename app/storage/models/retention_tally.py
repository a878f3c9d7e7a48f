"""What is left of destroyed records: how many there were."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.tallies import TallyUnit
from app.storage.base import Base
from app.storage.types import closed_set


class RetentionTally(Base):
    """How many destroyed records of one line and month had one answer to one question. Never of two questions.

    What is its organisation's and no line's has the line ``NO_LINE``.
    """

    __tablename__ = "retention_tally"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    line: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit: Mapped[TallyUnit] = mapped_column(closed_set(TallyUnit, "unit"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day: when a consultation or a training was held, a call began, or a note was written."""
    dimension: Mapped[str] = mapped_column(String(16), primary_key=True)
    """The question: "all" for how many there were, a group of the taxonomy, "outcome" of calls."""
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
