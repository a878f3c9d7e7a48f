"""What was published of each line and year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. It has no wall: what it holds is for everybody."""
    op.create_table(
        "published_year",
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("line", "year", name=op.f("pk_published_year")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("published_year")
