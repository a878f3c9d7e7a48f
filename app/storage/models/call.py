"""One Twilio CallSid that reached us, or should have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calls import Outcome, Source
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_OPEN = text("ended_at IS NULL")
_WAITING = text("holding_since IS NOT NULL")


class Call(Base):
    """A call and the facts about it. The caller's number is not among them."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_it_starts"),
        CheckConstraint("turn >= 0", name="turn_not_negative"),
        CheckConstraint("length(sid) = 34", name="sid_whole"),
        Index("ix_call_line_started_at", "line", "started_at"),
        # All that says whose it is: PostgreSQL else looks up all calls of the organisation, for each week anew.
        Index("ix_call_reach_started_at", "organisation", "line", "started_at"),
        Index("ix_call_line_outcome_started_at", "line", "outcome", "started_at"),
        Index("ix_call_started_at_id", "started_at", "id"),
        Index("ix_call_open", "last_heard_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_call_waiting", "holding_since", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    line: Mapped[str] = mapped_column(String(64))
    """The dialled line."""
    organisation: Mapped[str] = mapped_column(String(64))
    """The dialled line's organisation."""
    source: Mapped[Source] = mapped_column(closed_set(Source, "source"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_heard_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    arrived: Mapped[bool]
    """Whether its first webhook reached us."""
    turn: Mapped[int] = mapped_column(default=0)
    """The number of the next turn: of the event that we wait for."""
    position: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Where the caller stands in the callflow."""
    holding_since: Mapped[datetime | None] = mapped_column(Instant)
    """Set while the caller is on hold: since when, for first come, first served."""
    verdict: Mapped[Outcome | None] = mapped_column(closed_set(Outcome, "verdict"))
    verdict_reason: Mapped[str] = mapped_column(String(100), default="")
    outcome: Mapped[Outcome] = mapped_column(closed_set(Outcome, "outcome"))
    """Settled from the facts whenever one of them changes (domain.calls.settle)."""
    reason: Mapped[str] = mapped_column(String(100), default="")
