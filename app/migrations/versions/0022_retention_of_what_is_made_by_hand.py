"""Training occasions and notes on gaps and good examples have rules of retention, and are counted without a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

from app.storage.walls import BY_LINE, BY_LINE_OR_NONE, raise_wall, tear_down_wall

if TYPE_CHECKING:
    from collections.abc import Mapping

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_CLASSES = ("notes", "callbacks", "cases", "consultations", "calls")
_UNITS = ("call", "consultation")

_BEFORE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("retention_decision", "record_class"): _CLASSES,
    ("destruction", "record_class"): _CLASSES,
    ("retention_tally", "unit"): _UNITS,
}
_AFTER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("retention_decision", "record_class"): (*_CLASSES, "trainings", "observations"),
    ("destruction", "record_class"): (*_CLASSES, "trainings", "observations"),
    ("retention_tally", "unit"): (*_UNITS, "person", "follow_up", "training", "participant", "observation"),
}


def upgrade() -> None:
    """Take them, and show an organisation's tallies that are no line's."""
    _allow(_AFTER)
    tear_down_wall(op.get_bind(), "retention_tally")
    raise_wall(op.get_bind(), "retention_tally", BY_LINE_OR_NONE)


def downgrade() -> None:
    """Forget their rules, and how many were destroyed."""
    op.execute("DELETE FROM retention_tally WHERE unit NOT IN ('call', 'consultation')")
    for table in ("destruction", "retention_decision"):
        op.execute(f"DELETE FROM {table} WHERE record_class IN ('trainings', 'observations')")  # noqa: S608 - ours
    tear_down_wall(op.get_bind(), "retention_tally")
    raise_wall(op.get_bind(), "retention_tally", BY_LINE)
    _allow(_BEFORE)


def _allow(sets: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
    for (name, column), values in sets.items():
        check = op.f(f"ck_{name}_{column}")
        with op.batch_alter_table(name) as table:
            table.drop_constraint(check, type_="check")
            table.create_check_constraint(check, f"{column} IN ({', '.join(map(repr, values))})")
