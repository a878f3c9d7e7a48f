"""Work that two processes mustn't do at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext(:name))")


def one_at_a_time(session: Session, name: str) -> None:
    """Wait until nobody else is at it, and keep others from it until this transaction ends.

    On SQLite every transaction that writes has the whole database to itself already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"name": name})
