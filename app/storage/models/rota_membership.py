"""Who is in which rota, from which date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class RotaMembership(Base):
    """A person in a rota in ``[begins, ends)``; turns go in the order of (begins, position)."""

    __tablename__ = "rota_membership"
    __table_args__ = (
        UniqueConstraint("rota", "staff_id", "begins"),
        CheckConstraint("ends IS NULL OR ends > begins", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rota: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    begins: Mapped[date]
    ends: Mapped[date | None]
    position: Mapped[int]
