"""Row-level security: what PostgreSQL shows of a table, whatever it is asked. See ``storage.scope``.

A migration calls ``raise_wall`` for each table with an organisation's rows that it makes, and a test finds those that
have none. A rule that asks another table sees of it what the asker sees. The owner of the tables is bound too; a
superuser isn't, nor is a role with BYPASSRLS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

_ALL = "current_setting('radrum.scope', true) = 'all'"
_ORGANISATION = (
    "current_setting('radrum.scope', true) = 'desk'"
    " AND {table}.organisation = current_setting('radrum.organisation', true)"
)
_LINE = "{table}.line = ANY (string_to_array(current_setting('radrum.lines', true), ','))"

BY_ORGANISATION = f"{_ALL} OR ({_ORGANISATION})"
BY_LINE = f"{_ALL} OR ({_ORGANISATION} AND {_LINE})"


def behind(parent: str, column: str, *, key: str = "id") -> str:
    """Seen by whoever sees the parent's row."""
    asked = f"SELECT 1 FROM {parent} AS parent WHERE parent.{key} = {{table}}.{column}"  # noqa: S608 - names of ours
    return f"{_ALL} OR EXISTS ({asked})"


OPEN = {
    "account": "asked before it is known who asks",
    "api_token": "asked before it is known who asks",
}
"""Tables whose rows are an organisation's, and which have no wall; each with the reason."""


def raise_wall(connection: Connection, table: str, rule: str) -> None:
    """Show and take only rows that keep the rule. On SQLite nothing happens."""
    if connection.dialect.name != "postgresql":
        return
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY wall ON {table} USING ({rule.format(table=table)})",
    ):
        connection.execute(text(statement))


def tear_down_wall(connection: Connection, table: str) -> None:
    """Undo ``raise_wall``."""
    if connection.dialect.name != "postgresql":
        return
    for statement in (
        f"DROP POLICY wall ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ):
        connection.execute(text(statement))


def who_walks_through(session: Session) -> str | None:
    """The name of our own role, if PostgreSQL's walls don't bind it; ``None`` on SQLite, too."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    unbound = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
    role: str | None = session.scalar(text(unbound))
    return role
