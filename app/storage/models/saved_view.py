"""What somebody looks for in a list: under a name, or for as long as they page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finding import ListName
from app.storage.base import Base
from app.storage.types import Instant, closed_set


class SavedView(Base):
    """One account's filter of one list. Tags stand here, so that no address and no log has them."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("account_id", "list", "name"),
        CheckConstraint("name <> ''", name="name_not_empty"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random: what addresses say instead of what is looked for."""
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    """The account's."""
    list: Mapped[ListName] = mapped_column(closed_set(ListName, "list"))
    name: Mapped[str | None] = mapped_column(String(40))
    """``None``: not kept, but for a while."""
    sought: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As ``domain.finding.Sought`` writes itself down."""
    made_at: Mapped[datetime] = mapped_column(Instant)
