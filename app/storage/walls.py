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
BY_LINE_OR_NONE = f"{_ALL} OR ({_ORGANISATION} AND ({_LINE} OR {{table}}.line = ''))"
"""For a table some of whose rows are their organisation's and no line's."""
BY_LINE_ALONE = f"{_ALL} OR (current_setting('radrum.scope', true) = 'desk' AND {_LINE})"
"""For a table that has a line and no organisation: the lines in reach are all of the asker's own."""
BY_LINE_OR_WHOLE = f"{_ALL} OR ({_ORGANISATION} AND ({{table}}.line IS NULL OR {_LINE}))"
"""For a table whose rows are of one line, or of their whole organisation."""


def behind(parent: str, column: str, *, key: str = "id", otherwise: str | None = None) -> str:
    """Seen by whoever sees the parent's row. ``otherwise``: the column that names it where the first names nobody."""
    child = f"coalesce({{table}}.{column}, {{table}}.{otherwise})" if otherwise else f"{{table}}.{column}"
    asked = f"SELECT 1 FROM {parent} AS parent WHERE parent.{key} = {child}"  # noqa: S608 - names of ours
    return f"{_ALL} OR EXISTS ({asked})"


_SIGNING_IN = "asked before it is known who asks"
_NOBODYS = "belongs to the service as a whole, and names nobody"
OPEN = {
    "account": _SIGNING_IN,
    "account_line": _SIGNING_IN,
    "account_role": _SIGNING_IN,
    "api_token": _SIGNING_IN,
    "passkey": _SIGNING_IN,
    "recovery_code": _SIGNING_IN,
    "sign_in_attempt": _SIGNING_IN,
    "web_session": _SIGNING_IN,
    "audit_head": "the end of the one chain that everybody appends to: a number and a hash",
    "dirty_day": "a line's key and a day on which something changed; whoever counts it anew is told nothing else",
    "job_lease": _NOBODYS,
    "job_occurrence": _NOBODYS,
    "published_year": "is for everybody to read, and holds nothing that was withheld",
    "temporary_schedule": "a rota's key and times; its people are behind the wall, and one without people has no owner",
}
"""The tables that have no wall, each with the reason."""


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
