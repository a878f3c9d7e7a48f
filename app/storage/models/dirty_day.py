"""What has changed since it was counted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class DirtyDay(Base):
    """Something that began on this day of UTC has changed. The database itself says so, in the change's transaction.

    Rows are only ever added, so that no writer waits for another; whoever counts the day anew takes away those it saw.
    """

    __tablename__ = "dirty_day"
    # Every writer asks on SQLite whether its day is marked.
    __table_args__ = (Index("ix_dirty_day_organisation", "organisation", "line", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
