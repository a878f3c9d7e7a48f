"""That a case was ended, and that it was opened again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.cases import CaseEnd, Reopening
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class CaseEvent(Base):
    """One end of a case, or one reopening. Rows are added and never changed; how the case stands is in its own row."""

    __tablename__ = "case_event"
    __table_args__ = (CheckConstraint("(ended_as IS NULL) <> (reopened_as IS NULL)", name="ended_or_reopened"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who did it, if it was a specialist."""
    ended_as: Mapped[CaseEnd | None] = mapped_column(closed_set(CaseEnd, "ended_as"))
    reopened_as: Mapped[Reopening | None] = mapped_column(closed_set(Reopening, "reopened_as"))
