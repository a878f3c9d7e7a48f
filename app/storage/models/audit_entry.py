"""The read and change log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.audit import What
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class AuditEntry(Base):
    """One entry, in its place of the chain (domain.audit). The database refuses to change or delete it.

    Nothing here is a foreign key: the log outlives accounts, staff and records.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("sequence > 0", name="sequence_positive"),
        CheckConstraint("length(previous) = 64 AND length(hash) = 64", name="hashes_whole"),
        Index("ix_audit_entry_record_sequence", "record", "sequence"),
        Index("ix_audit_entry_account_id_sequence", "account_id", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[str | None] = mapped_column(String(64))
    """Who; ``None`` for a command at the terminal, and for whoever isn't signed in."""
    staff_id: Mapped[str | None] = mapped_column(String(32))
    organisation: Mapped[str | None] = mapped_column(String(64))
    """The account's."""
    what: Mapped[What] = mapped_column(closed_set(What, "what"))
    record: Mapped[str | None] = mapped_column(String(64))
    """Table and id, as ``consultation:17``."""
    fields: Mapped[str] = mapped_column(String(1700))
    """Names of fields, never values; comma between."""
    previous: Mapped[str] = mapped_column(String(64))
    """The hash of the entry before."""
    hash: Mapped[str] = mapped_column(String(64))
