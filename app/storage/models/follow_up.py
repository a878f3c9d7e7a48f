"""Promises to ring back within two weeks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.followups import FollowUpEnd
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_OPEN = text("ended_at IS NULL")
_ENDED = text("ended_at IS NOT NULL")


def _of_lists(name: str, where: TextClause) -> Index:
    return Index(name, "organisation", "line", "promised_at", "id", sqlite_where=where, postgresql_where=where)


class FollowUp(Base):
    """One promise, made in one consultation. Whoever is responsible for the case keeps it. When it is due is computed.

    A case waits for one follow-up at a time.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("within_days BETWEEN 1 AND 14", name="within_two_weeks"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_as_something"),
        Index("uq_follow_up_open_case_id", "case_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        _of_lists("ix_follow_up_list_open", _OPEN),
        _of_lists("ix_follow_up_list_ended", _ENDED),
        Index("ix_follow_up_line_promised_at", "line", "promised_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    """The one that it was promised in."""
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    line: Mapped[str] = mapped_column(String(64))
    promised_at: Mapped[datetime] = mapped_column(Instant)
    """When that consultation began."""
    within_days: Mapped[int]
    moved_to: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_as: Mapped[FollowUpEnd | None] = mapped_column(closed_set(FollowUpEnd, "ended_as"))
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
