"""Insert unless it is there: one statement, so that no two processes both think they were first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.storage.base import Base

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_once(session: Session, model: type[Base], **values: Any) -> bool:  # noqa: ANN401 - column values
    """Insert a row unless one with the same unique key exists; say whether it was inserted."""
    insert = _INSERT[session.get_bind().dialect.name]
    statement = insert(model).values(**values).on_conflict_do_nothing().returning(literal(1))  # type: ignore[attr-defined] # both dialects have it
    return session.execute(statement).first() is not None
