"""Callers who asked to be rung back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.callflow.values import NumberSource
from app.domain.phone import PhoneNumber
from app.storage.base import Base
from app.storage.types import Instant, SealedPhone, closed_set


class CallbackRequest(Base):
    """A number to ring back. Unconfirmed (keyed in, not yet read back) it lives only as long as its call.

    Never dialled by the machine: a specialist rings, from the work list.
    """

    __tablename__ = "callback_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    line: Mapped[str] = mapped_column(String(64))
    number: Mapped[PhoneNumber | None] = mapped_column(SealedPhone("callback_request.number"))
    number_source: Mapped[NumberSource] = mapped_column(closed_set(NumberSource, "number_source"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
