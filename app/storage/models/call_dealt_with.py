"""What was done about calls that nobody took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.missed_calls import DealtAs
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class CallDealtWith(Base):
    """One call that was dealt with, once. A call that nobody took and that has no row here is a task."""

    __tablename__ = "call_dealt_with"
    __table_args__ = (Index("ix_call_dealt_with_line_dealt_at", "line", "dealt_at"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
    """The dialled line, whose task it was."""
    dealt_as: Mapped[DealtAs] = mapped_column(closed_set(DealtAs, "dealt_as"))
    dealt_at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[str] = mapped_column(String(64))
    """Who. Not a reference: it outlives the account."""
