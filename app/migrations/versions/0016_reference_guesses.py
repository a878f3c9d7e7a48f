"""How many case references that no case has were keyed in on each line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE_ALONE, raise_wall, tear_down_wall

revision = "0016"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, behind the wall of the line."""
    op.create_table(
        "reference_guesses",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.CheckConstraint("unknown >= 0", name=op.f("ck_reference_guesses_unknown_not_negative")),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_reference_guesses")),
    )
    raise_wall(op.get_bind(), "reference_guesses", BY_LINE_ALONE)


def downgrade() -> None:
    """Drop it."""
    tear_down_wall(op.get_bind(), "reference_guesses")
    op.drop_table("reference_guesses")
