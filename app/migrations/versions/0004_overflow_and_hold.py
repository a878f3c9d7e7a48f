"""Attempts for another line's staff, and callers who wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITING = sa.text("holding_since IS NOT NULL")


def upgrade() -> None:
    """Add the columns; every attempt so far was for the dialled line, and nobody waits while this runs."""
    op.add_column("attempt", sa.Column("overflow_line", sa.String(length=64), nullable=True))
    op.add_column("call", sa.Column("holding_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_call_waiting"),
        "call",
        ["holding_since"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_call_waiting"), table_name="call", sqlite_where=_WAITING, postgresql_where=_WAITING)
    op.drop_column("call", "holding_since")
    op.drop_column("attempt", "overflow_line")
