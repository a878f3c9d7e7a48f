"""Agreed changes to a rota."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class Cover(Base):
    """``stands_in`` answers instead of ``instead_of`` in ``[begins, ends)``; one of them alone is added, or removed.

    Covers act in the order of their ids, which is that in which they were agreed.
    """

    __tablename__ = "cover"
    __table_args__ = (
        Index(None, "rota", "ends"),
        CheckConstraint("ends > begins", name="ends_after_it_begins"),
        CheckConstraint("stands_in_id IS NOT NULL OR instead_of_id IS NOT NULL", name="names_somebody"),
        CheckConstraint("stands_in_id <> instead_of_id", name="nobody_for_themselves"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rota: Mapped[str] = mapped_column(String(64))
    begins: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)
    stands_in_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    instead_of_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    """It has no effect from then on; what it did before stays true."""
