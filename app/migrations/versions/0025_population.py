"""How many people live in each municipality, as an organisation took it in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_ORGANISATION, raise_wall, tear_down_wall

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, behind its wall."""
    op.create_table(
        "population",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_population_number_positive")),
        sa.PrimaryKeyConstraint("organisation", "municipality", "year", name=op.f("pk_population")),
    )
    raise_wall(op.get_bind(), "population", BY_ORGANISATION)


def downgrade() -> None:
    """Drop it."""
    tear_down_wall(op.get_bind(), "population")
    op.drop_table("population")
