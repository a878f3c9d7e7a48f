"""Cases are counted in the tallies, by the day on which they were opened; the database marks it whenever that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_BEFORE = ("call", "consultation", "person", "follow_up", "training", "participant", "observation")
_UNITS = (*_BEFORE, "case")
_EVENTS = {
    "insert": ("INSERT", ("NEW",)),
    "update": ("UPDATE OF organisation, line, opened_at", ("OLD", "NEW")),
    "delete": ("DELETE", ("OLD",)),
}
"""When a day is marked, and whose: that of the row as it was, as it is, or of both."""
_INTO = "INSERT INTO dirty_day (organisation, line, day) SELECT"


def upgrade() -> None:
    """Take the unit, have changes marked as those of calls are (0023), and mark all that there is."""
    _allow(_UNITS)
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    for statement in _on_postgresql() if is_postgresql else _on_sqlite():
        connection.exec_driver_sql(statement)
    day = _day("opened_at", is_postgresql=is_postgresql)
    connection.exec_driver_sql(f"{_INTO} DISTINCT organisation, line, {day} FROM cases")


def downgrade() -> None:
    """Undo it; nothing is lost that can't be counted again."""
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    for event in _EVENTS:
        name = f"cases_{event}_marks_day"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{' ON cases' if is_postgresql else ''}")
        if is_postgresql:
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM tally WHERE unit = 'case'")
    op.execute("DELETE FROM retention_tally WHERE unit = 'case'")
    _allow(_BEFORE)


def _on_sqlite() -> Iterator[str]:
    """One writer at a time: a day that is marked needs no second mark."""
    for event, (when, rows) in _EVENTS.items():
        marks = ""
        for row in rows:
            day = _day(f"{row}.opened_at", is_postgresql=False)
            same = f"d.organisation = {row}.organisation AND d.line = {row}.line AND d.day = {day}"
            unmarked = f"NOT EXISTS (SELECT 1 FROM dirty_day AS d WHERE {same})"
            marks += f"{_INTO} {row}.organisation, {row}.line, {day} WHERE {unmarked}; "
        yield f"CREATE TRIGGER cases_{event}_marks_day AFTER {when} ON cases BEGIN {marks}END"


def _on_postgresql() -> Iterator[str]:
    """Always one more mark: one that is there may just be taken away by somebody who hasn't seen this change."""
    for event, (when, rows) in _EVENTS.items():
        name = f"cases_{event}_marks_day"
        days = ((row, _day(f"{row}.opened_at", is_postgresql=True)) for row in rows)
        # UNION and not UNION ALL: a change that stays within its day marks it once.
        marked = " UNION SELECT ".join(f"{row}.organisation, {row}.line, {day}" for row, day in days)
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {_INTO} {marked}; RETURN NULL; END $$"
        )
        yield f"CREATE TRIGGER {name} AFTER {when} ON cases FOR EACH ROW EXECUTE FUNCTION {name}()"


def _day(at: str, *, is_postgresql: bool) -> str:
    return f"({at} AT TIME ZONE 'UTC')::date" if is_postgresql else f"substr({at}, 1, 10)"


def _allow(units: tuple[str, ...]) -> None:
    for name in ("tally", "retention_tally"):
        check = op.f(f"ck_{name}_unit")
        with op.batch_alter_table(name) as table:
            table.drop_constraint(check, type_="check")
            table.create_check_constraint(check, f"unit IN ({', '.join(map(repr, units))})")
