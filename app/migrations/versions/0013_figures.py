"""Counting held consultations by the instant at which they were held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0008"
branch_labels = None
depends_on = None

_HELD = sa.text("held_at IS NOT NULL")


def upgrade() -> None:
    """Make the index that the figures are counted by."""
    op.create_index(
        "ix_consultation_line_held_at",
        "consultation",
        ["line", "held_at"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_consultation_line_held_at", "consultation")
