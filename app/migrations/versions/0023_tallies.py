"""Tallies for the trends, and the marks of what has to be counted anew, which the database sets by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE, raise_wall, tear_down_wall

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_UNITS = ("call", "consultation", "person", "follow_up", "training", "participant", "observation")
_OWN = "SELECT {row}.organisation, {row}.line, {row}.{at} WHERE {row}.{at} IS NOT NULL"
# A consultation tells of the later ones in its case whether the specialist was the same.
_IN_CASE = "SELECT organisation, line, held_at FROM consultation WHERE case_id = {row}.case_id AND held_at IS NOT NULL"
_OF_CALL = "SELECT organisation, line, started_at FROM call WHERE id = {row}.call_id AND {row}.accepted_at IS NOT NULL"
_MARKS = (
    ("consultation", (_OWN.replace("{at}", "held_at"), _IN_CASE)),
    ("call", (_OWN.replace("{at}", "started_at"),)),
    ("attempt", (_OF_CALL,)),
    ("follow_up", (_OWN.replace("{at}", "promised_at"),)),
)
"""For each table, whose days a row of it is counted in."""
_CHANGES = {
    "consultation": "organisation, line, held_at, staff_id, version, case_id, channel",
    "call": "organisation, line, started_at, ended_at, outcome",
    "attempt": "state, accepted_at, ended_at, bridged, dial_seconds, leg_seconds",
    "follow_up": "organisation, line, promised_at, ended_at, ended_as",
}
"""The columns that a count depends on. What is answered in a record never changes without its version."""
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def upgrade() -> None:
    """Make the tables, have changes marked, and mark all that there is."""
    connection = op.get_bind()
    _make_tables()
    raise_wall(connection, "tally", BY_LINE)
    is_postgresql = connection.dialect.name == "postgresql"
    for statement in _on_postgresql() if is_postgresql else _on_sqlite():
        connection.exec_driver_sql(statement)
    for table, at in (("consultation", "held_at"), ("call", "started_at"), ("follow_up", "promised_at")):
        marked = f"SELECT DISTINCT organisation, line, {_day(at, is_postgresql=is_postgresql)} FROM {table}"  # noqa: S608 - names of ours
        connection.exec_driver_sql(f"INSERT INTO dirty_day (organisation, line, day) {marked} WHERE {at} IS NOT NULL")


def downgrade() -> None:
    """Undo it; nothing is lost that can't be counted again."""
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    for table, event in _triggers():
        name = f"{table}_{event.lower()}_marks_day"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{f' ON {table}' if is_postgresql else ''}")
        if is_postgresql:
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")
    tear_down_wall(connection, "tally")
    op.drop_table("tally")
    op.drop_table("dirty_day")


def _make_tables() -> None:
    op.create_table(
        "dirty_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dirty_day")),
    )
    op.create_index(op.f("ix_dirty_day_organisation"), "dirty_day", ["organisation", "line", "day"], unique=False)
    op.create_table(
        "tally",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("grain", _one_of("grain", "day", "month", "quarter", "year"), nullable=False),
        sa.Column("unit", _one_of("unit", *_UNITS), nullable=False),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_tally_number_positive")),
        sa.PrimaryKeyConstraint(
            "organisation", "line", "grain", "unit", "dimension", "first_day", "code", name=op.f("pk_tally")
        ),
    )


def _triggers() -> Iterator[tuple[str, str]]:
    return ((table, event) for table, _ in _MARKS for event in _ROWS)


def _on_sqlite() -> Iterator[str]:
    """One writer at a time: a day that is marked needs no second mark."""
    day = _day("at", is_postgresql=False)
    unmarked = f"NOT EXISTS (SELECT 1 FROM dirty_day AS d WHERE d.organisation = o AND d.line = l AND d.day = {day})"
    for table, event in _triggers():
        inserts = "".join(
            f"INSERT INTO dirty_day (organisation, line, day) SELECT DISTINCT o, l, {day}"
            f" FROM (SELECT NULL AS o, NULL AS l, NULL AS at WHERE 0 UNION ALL {marked}) WHERE {unmarked}; "
            for marked in _marked(table, event)
        )
        yield f"CREATE TRIGGER {table}_{event.lower()}_marks_day AFTER {_event(table, event)} ON {table} BEGIN {inserts}END"


def _on_postgresql() -> Iterator[str]:
    """Always one more mark: one that is there may just be taken away by somebody who hasn't seen this change."""
    for table, event in _triggers():
        name = f"{table}_{event.lower()}_marks_day"
        marked = " UNION ".join(_marked(table, event))
        day = _day("at", is_postgresql=True)
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" INSERT INTO dirty_day (organisation, line, day) SELECT DISTINCT o, l, {day}"
            f" FROM ({marked}) AS marked (o, l, at); RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} AFTER {_event(table, event)} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _marked(table: str, event: str) -> Iterator[str]:
    return (mark.format(row=row) for row in _ROWS[event] for mark in dict(_MARKS)[table])


def _event(table: str, event: str) -> str:
    return f"UPDATE OF {_CHANGES[table]}" if event == "UPDATE" else event


def _day(at: str, *, is_postgresql: bool) -> str:
    return f"({at} AT TIME ZONE 'UTC')::date" if is_postgresql else f"substr({at}, 1, 10)"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
