"""Which process may do what has its time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import Instant


class JobLease(Base):
    """One row for each role that only one process may have at a time."""

    __tablename__ = "job_lease"
    __table_args__ = (CheckConstraint("fence > 0", name="fence_positive"),)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))
    """Host, process and a random part: a process that begins anew is another holder."""
    fence: Mapped[int]
    """Grows whenever the lease changes hands or comes back after it had run out. An older number can't write."""
    expires_at: Mapped[datetime] = mapped_column(Instant)
