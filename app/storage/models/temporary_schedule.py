"""People instead of a rota, for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class TemporarySchedule(Base):
    """Replaces one rota whole in ``[begins, ends)``; its people are rows of ``temporary_person``, none: nobody.

    The order of the ids is that in which they were agreed: of two for one time, the last holds.
    """

    __tablename__ = "temporary_schedule"
    __table_args__ = (
        Index(None, "rota", "ends"),
        CheckConstraint("ends > begins", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rota: Mapped[str] = mapped_column(String(64))
    begins: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    """It has no effect from then on; what it did before stays true."""
