"""What happened to follow-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.followups import FollowUpEventKind, Moved
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class FollowUpEvent(Base):
    """One thing that somebody did about a follow-up. Rows are added and never changed."""

    __tablename__ = "follow_up_event"
    __table_args__ = (
        CheckConstraint("(kind = 'moved') = (moved_to IS NOT NULL)", name="moved_to_a_day"),
        CheckConstraint("(kind = 'moved') = (reason IS NOT NULL)", name="moved_for_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[FollowUpEventKind] = mapped_column(closed_set(FollowUpEventKind, "kind"))
    moved_to: Mapped[date | None]
    reason: Mapped[Moved | None] = mapped_column(closed_set(Moved, "reason"))
