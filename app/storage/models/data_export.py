"""A file that somebody took out of the service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.columns import Dataset, Form
from app.storage.base import Base
from app.storage.types import Instant, SealedText, closed_set


class DataExport(Base):
    """One file: what was in it, who took it, and what for. The read log names its row."""

    __tablename__ = "data_export"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="period_in_order"),
        CheckConstraint("row_count >= 0", name="row_count_not_negative"),
        CheckConstraint("(row_count IS NULL) = (ended_at IS NULL)", name="counted_once_it_ended"),
        Index("ix_data_export_organisation_begun_at", "organisation", "begun_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    """The account's."""
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    """When its last row had left; ``None``: it was never taken whole."""
    what: Mapped[Dataset] = mapped_column(closed_set(Dataset, "what"))
    form: Mapped[Form] = mapped_column(closed_set(Form, "form"))
    lines: Mapped[list[str]] = mapped_column(JSON)
    first_day: Mapped[date]
    last_day: Mapped[date]
    """The period on the lines' wall clocks, both included."""
    purpose: Mapped[str] = mapped_column(SealedText("data_export.purpose"))
    """In somebody's own words, so sealed: they may hold a name after all."""
    row_count: Mapped[int | None]
    """How many left."""
