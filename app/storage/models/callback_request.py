"""Callers who asked to be rung back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.callbacks import Closing
from app.domain.callflow.values import NumberSource
from app.domain.phone import PhoneNumber
from app.storage.base import Base
from app.storage.types import Instant, SealedPhone, closed_set

_OPEN = text("closed_at IS NULL")


class CallbackRequest(Base):
    """A number to ring back. Unconfirmed (keyed in, not yet read back) it lives only as long as its call.

    Never dialled by the machine: a specialist rings, from the work list. When the request is closed the number goes.
    """

    __tablename__ = "callback_request"
    __table_args__ = (
        Index("ix_callback_request_open", "organisation", "confirmed_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    line: Mapped[str] = mapped_column(String(64))
    number: Mapped[PhoneNumber | None] = mapped_column(SealedPhone("callback_request.number"))
    number_source: Mapped[NumberSource] = mapped_column(closed_set(NumberSource, "number_source"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who has it, or whom it was handed to."""
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since when."""
    passed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Who handed it on to them; empty once they took it."""
    is_exposed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is an exposed person or a relative: rung only where a specialist noted that it is safe, and when."""
    safe_from: Mapped[str | None] = mapped_column(String(5))
    """HH:MM on the line's wall clock; together with ``safe_until``, or neither."""
    safe_until: Mapped[str | None] = mapped_column(String(5))
    safe_noted_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Nobody: its time was over."""
    closed_as: Mapped[Closing | None] = mapped_column(closed_set(Closing, "closed_as"))
    talked_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the conversation began that closed it."""
