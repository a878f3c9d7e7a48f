"""Who isn't there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class Absence(Base):
    """A person isn't there in ``[begins, ends)``. Why is nobody's business: no reason is kept."""

    __tablename__ = "absence"
    __table_args__ = (
        Index(None, "staff_id", "ends"),
        CheckConstraint("ends > begins", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    begins: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant, index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    """It has no effect from then on; what it did before stays true."""
