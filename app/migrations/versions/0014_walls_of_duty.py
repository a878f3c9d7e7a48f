"""Walls around who is in which rota, who covers for whom, who is away, and a line's dated hours."""

from __future__ import annotations

from alembic import op

from app.storage.walls import BY_LINE_ALONE, behind, raise_wall, tear_down_wall

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Who is named by one side alone stands for both.
_STANDS_IN = behind("staff", "stands_in_id", otherwise="instead_of_id")
_INSTEAD_OF = behind("staff", "instead_of_id", otherwise="stands_in_id")
_WALLS = {
    "absence": behind("staff", "staff_id"),
    "cover": f"({_STANDS_IN}) AND ({_INSTEAD_OF})",
    "dated_hours": BY_LINE_ALONE,
    "pause": behind("staff", "staff_id"),
    "rota_membership": behind("staff", "staff_id"),
    "temporary_person": behind("staff", "staff_id"),
}


def upgrade() -> None:
    """Raise them."""
    for table, rule in _WALLS.items():
        raise_wall(op.get_bind(), table, rule)


def downgrade() -> None:
    """Tear them down."""
    for table in reversed(_WALLS):
        tear_down_wall(op.get_bind(), table)
