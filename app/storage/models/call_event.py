"""What happened to a call, in an append-only log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class CallEvent(Base):
    """One event and the step that answered it. Never changed; never holds a number or a TwiML document.

    ``kind`` and ``key`` are unique within a call, so that a repeat is known for one: ("turn", "3"), ("leg", "token:2"),
    ("status", "completed"), ("accept", token).
    """

    __tablename__ = "call_event"
    __table_args__ = (UniqueConstraint("call_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    what: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The event: which sort, and for a menu which key. Never the digits of a number."""
    step: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The answer that was given (a Step), for turns."""
    idempotency_token: Mapped[str | None] = mapped_column(String(64))
