"""What was published of a line's year, once and for all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class PublishedYear(Base):
    """The numbers that everybody may read, as they were shown first: two versions would tell of what lies between.

    What was withheld isn't in it.
    """

    __tablename__ = "published_year"

    line: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = mapped_column(Instant)
    rows: Mapped[list[Any]] = mapped_column(JSON)
    """Each: unit, dimension, code, and the number or null."""
