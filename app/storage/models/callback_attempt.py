"""One try to ring a caller back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.callbacks import BackState
from app.domain.calls import CallStatus
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_LIVE = text("ended_at IS NULL")


class CallbackAttempt(Base):
    """A specialist's phone that rings, or rang, so that they are put through to who asked to be rung back.

    No number is in it. A specialist has at most one live try, and so has a request; and nobody has a live try and a
    live ``attempt`` of an incoming call at once (see ``services.callback.ring_back``).
    """

    __tablename__ = "callback_attempt"
    __table_args__ = (
        Index("uq_callback_attempt_live_staff_id", "staff_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(
            "uq_callback_attempt_live_request_id", "request_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index("ix_callback_attempt_line_began_at", "line", "began_at"),
        CheckConstraint("talk_seconds IS NULL OR talk_seconds >= 0", name="talk_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("callback_request.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    """Random; names the try in the URLs of its legs."""
    sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    """Twilio's name for the specialist's leg; empty while we don't know whether Twilio rings at all."""
    state: Mapped[BackState] = mapped_column(closed_set(BackState, "state"))
    """Settled from the facts whenever one of them changes (domain.callbacks.settle_back)."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    heard_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the last webhook about it came."""
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the specialist pressed 1."""
    declined_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the caller's phone was picked up."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    staff_status: Mapped[CallStatus | None] = mapped_column(closed_set(CallStatus, "staff_status"))
    caller_status: Mapped[CallStatus | None] = mapped_column(closed_set(CallStatus, "caller_status"))
    talk_seconds: Mapped[int | None]
