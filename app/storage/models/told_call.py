"""Which calls that nobody took were told of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class ToldCall(Base):
    """A call that is counted in a mail to each of its line's managers; written together with them."""

    __tablename__ = "told_call"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(Instant)
