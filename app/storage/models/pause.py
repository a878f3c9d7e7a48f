"""Who is on duty and takes no calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant

_OPEN = text("ends IS NULL")


class Pause(Base):
    """A person takes no calls in ``[begins, ends)``; without an end, until they say so. One such at most."""

    __tablename__ = "pause"
    __table_args__ = (
        Index(None, "staff_id", "ends"),
        Index("uq_pause_open_staff_id", "staff_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("ends IS NULL OR ends > begins", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    begins: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime | None] = mapped_column(Instant, index=True)
    reason: Mapped[str] = mapped_column(String(32), default="")
    """A short code for pages, as ``lunch``; may be empty."""
