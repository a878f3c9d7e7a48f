"""The list of referrals, the social services of municipalities, and whether somebody wants single keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_ORGANISATION, raise_wall, tear_down_wall

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("referral", "social_office")


def upgrade() -> None:
    """Make the tables, behind the wall of their organisation; single keys stay on."""
    op.create_table(
        "referral",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("hours", sa.String(length=120), nullable=True),
        sa.Column("whom", sa.String(length=160), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        *_changes(),
        sa.CheckConstraint("version >= 0", name=op.f("ck_referral_version_not_negative")),
        sa.CheckConstraint("position > 0", name=op.f("ck_referral_position_positive")),
        sa.PrimaryKeyConstraint("organisation", "key", name=op.f("pk_referral")),
    )
    op.create_table(
        "social_office",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("day_number", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        *_changes(),
        sa.CheckConstraint("version >= 0", name=op.f("ck_social_office_version_not_negative")),
        sa.PrimaryKeyConstraint("organisation", "municipality", name=op.f("pk_social_office")),
    )
    for table in _TABLES:
        raise_wall(op.get_bind(), table, BY_ORGANISATION)
    op.add_column("account", sa.Column("single_keys", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("account", "single_keys")
    for table in reversed(_TABLES):
        tear_down_wall(op.get_bind(), table)
        op.drop_table(table)


def _changes() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.String(length=64), nullable=False),
    ]
