"""Files that were taken out: who, what, and what for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_ORGANISATION, raise_wall, tear_down_wall

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "data_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("what", _one_of("what", "consultations", "calls", "tallies"), nullable=False),
        sa.Column("form", _one_of("form", "csv", "xlsx"), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_data_export_period_in_order")),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_data_export_row_count_not_negative")),
        sa.CheckConstraint("(row_count IS NULL) = (ended_at IS NULL)", name=op.f("ck_data_export_counted_once_it_ended")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_data_export_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
    )
    op.create_index("ix_data_export_organisation_begun_at", "data_export", ["organisation", "begun_at"])
    raise_wall(op.get_bind(), "data_export", BY_ORGANISATION)


def downgrade() -> None:
    """Undo it; who took which file stays in the read log."""
    tear_down_wall(op.get_bind(), "data_export")
    op.drop_table("data_export")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
