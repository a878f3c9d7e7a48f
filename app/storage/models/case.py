"""One matter over several consultations, without a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.cases import CaseEnd
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_OPEN = text("ended_at IS NULL")


def _of_open(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


class Case(Base):
    """A case has exactly one responsible specialist at any time: the column is one, and never empty."""

    __tablename__ = "cases"  # CASE is a word of SQL
    __table_args__ = (
        CheckConstraint("length(reference) = 7", name="reference_whole"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_as_something"),
        CheckConstraint("ended_at IS NULL OR ended_at >= opened_at", name="ends_after_it_opens"),
        Index("ix_cases_line_opened_at", "line", "opened_at"),
        # Of the lists: whose it is, what is looked for, and then the order in which it is shown.
        Index("ix_cases_list", "organisation", "line", "opened_at", "id"),
        Index("ix_cases_list_staff", "organisation", "line", "staff_id", "opened_at", "id"),
        _of_open("ix_cases_list_open", "organisation", "line", "opened_at", "id"),
        _of_open("ix_cases_list_staff_open", "organisation", "line", "staff_id", "opened_at", "id"),
        _of_open("ix_cases_open", "staff_id", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(7), unique=True)
    """Six digits and a check digit."""
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    line: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    """The responsible specialist."""
    opened_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_as: Mapped[CaseEnd | None] = mapped_column(closed_set(CaseEnd, "ended_as"))
