"""Figures of a line that were published elsewhere, before it counted here."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.history import LONGEST_SOURCE, SeriesUnit
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class EarlierFigure(Base):
    """One published number. Periods of one line and unit never overlap: a service sees to it, one at a time."""

    __tablename__ = "earlier_figure"
    __table_args__ = (
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint("first_day <= last_day", name="period_has_days"),
        CheckConstraint("source <> ''", name="has_a_source"),
    )

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    line: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit: Mapped[SeriesUnit] = mapped_column(closed_set(SeriesUnit, "unit"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE))
    imported_at: Mapped[datetime] = mapped_column(Instant)
    imported_by_id: Mapped[str | None] = mapped_column(String(64))
    """The account; nobody's, for a command. Not a reference: it outlives the account."""
