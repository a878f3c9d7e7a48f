"""Who is in a temporary schedule."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class TemporaryPerson(Base):
    """One person of a temporary schedule; they are rung in the order of ``place``, which begins with 1."""

    __tablename__ = "temporary_person"
    __table_args__ = (
        UniqueConstraint("schedule_id", "staff_id"),
        CheckConstraint("place > 0", name="place_positive"),
    )

    schedule_id: Mapped[int] = mapped_column(ForeignKey("temporary_schedule.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
