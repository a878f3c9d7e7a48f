"""What ran when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.due import Result
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class JobOccurrence(Base):
    """One run of a job that was due at one instant. ``ended_at`` is written after the effect, never before."""

    __tablename__ = "job_occurrence"
    __table_args__ = (
        UniqueConstraint("job", "due_at"),
        CheckConstraint("(ended_at IS NULL) = (result IS NULL)", name="ended_with_a_result"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[datetime] = mapped_column(Instant)
    fence: Mapped[int]
    """The lease under which it was last begun."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    result: Mapped[Result | None] = mapped_column(closed_set(Result, "result"))
    detail: Mapped[str] = mapped_column(String(200), default="")
    """A few words for operators, about nobody."""
    seconds: Mapped[float | None] = mapped_column(Double)
    """How long the effect took, by a clock that nobody sets."""
