"""Counting calls by when they began, and held consultations by when they were held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

_HELD = sa.text("held_at IS NOT NULL")


def upgrade() -> None:
    """Make the indexes that the figures are counted by. That of calls begins as the one that it stands in for."""
    op.create_index("ix_call_reach_started_at", "call", ["organisation", "line", "started_at"])
    op.drop_index("ix_call_organisation", "call")
    op.create_index(
        "ix_consultation_reach_held_at",
        "consultation",
        ["organisation", "line", "held_at"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )


def downgrade() -> None:
    """As it was before."""
    op.drop_index("ix_consultation_reach_held_at", "consultation")
    op.create_index("ix_call_organisation", "call", ["organisation"])
    op.drop_index("ix_call_reach_started_at", "call")
