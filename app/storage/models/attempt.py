"""One try to reach one specialist for a call."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calls import AttemptState
from app.domain.rotas import Tier
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_LIVE = text("ended_at IS NULL")


class Attempt(Base):
    """A specialist's phone that rings, or rang, for a call. A specialist has at most one live attempt."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("call_id", "turn"),
        Index("uq_attempt_live_staff_id", "staff_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_at_an_instant"),
        CheckConstraint("state <> 'ringing' OR ended_at IS NULL", name="ringing_is_live"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    """Random; names the attempt in the URLs of its leg."""
    turn: Mapped[int]
    """The turn of the call whose answer rang the phone: one attempt per Dial."""
    tier: Mapped[Tier] = mapped_column(closed_set(Tier, "tier"))
    overflow_line: Mapped[str | None] = mapped_column(String(64))
    """The line whose staff it is, where that isn't the dialled one."""
    state: Mapped[AttemptState] = mapped_column(closed_set(AttemptState, "state"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    screened_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the phone was picked up."""
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    bridged: Mapped[bool | None]
    """Twilio's word (DialBridged) on whether caller and specialist were joined; unknown until it comes."""
    dial_seconds: Mapped[int | None]
    """Twilio's DialCallDuration."""
    leg_seconds: Mapped[int | None]
    """Twilio's CallDuration of the specialist's leg."""
