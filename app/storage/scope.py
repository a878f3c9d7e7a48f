"""Whose rows a transaction may touch: the second wall between organisations, kept by PostgreSQL itself.

The policies of ``storage.walls`` ask the setting ``radrum.scope``. A connection of ours begins with "all" (see
``storage.engine``), for callers, jobs and commands; a session of the desk is narrowed to its actor and stays so, over
every transaction that it begins. A connection without the setting sees nothing. SQLite has no such wall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, text
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import SessionTransaction

    from app.domain.permissions import Actor

EVERYTHING = "all"
_KEY = "radrum_scope"
_NARROW = text(
    "SELECT set_config('radrum.scope', 'desk', true), set_config('radrum.organisation', :organisation, true),"
    " set_config('radrum.lines', :lines, true)"
)


def narrow(session: Session, actor: Actor) -> None:
    """From now on the session sees what its actor may see, whatever is asked for. There is no way back."""
    session.info[_KEY] = {"organisation": actor.organisation, "lines": ",".join(sorted(actor.lines))}
    if session.in_transaction():
        session.flush()
        _apply(session.connection(), session.info[_KEY])


@event.listens_for(Session, "after_begin")
def _narrow_again(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    del transaction
    if scope := session.info.get(_KEY):
        _apply(connection, scope)


def _apply(connection: Connection, scope: dict[str, str]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_NARROW, scope)
