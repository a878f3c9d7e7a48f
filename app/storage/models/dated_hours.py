"""Another day's opening hours."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class DatedHours(Base):
    """Hours that replace all rules of a line on one day; no intervals: closed."""

    __tablename__ = "dated_hours"
    __table_args__ = (UniqueConstraint("line", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    intervals: Mapped[list[str]] = mapped_column(JSON)
    """["13:00-16:00"], on the line's wall clock."""
    because: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)
