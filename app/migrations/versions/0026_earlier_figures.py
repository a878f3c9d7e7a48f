"""Figures that were published before a line counted here, with their source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE, raise_wall, tear_down_wall

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_UNITS = ("cases", "exposed_persons", "consultations", "calls")


def upgrade() -> None:
    """Make the table, behind its wall."""
    op.create_table(
        "earlier_figure",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(*_UNITS, name="unit", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("number >= 0", name=op.f("ck_earlier_figure_number_not_negative")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_earlier_figure_period_has_days")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_earlier_figure_has_a_source")),
        sa.PrimaryKeyConstraint("organisation", "line", "unit", "first_day", name=op.f("pk_earlier_figure")),
    )
    raise_wall(op.get_bind(), "earlier_figure", BY_LINE)


def downgrade() -> None:
    """Drop it."""
    tear_down_wall(op.get_bind(), "earlier_figure")
    op.drop_table("earlier_figure")
