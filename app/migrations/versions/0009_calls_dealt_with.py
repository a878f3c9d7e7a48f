"""What was done about calls that nobody took, and the indexes that the first page reads by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE, raise_wall, tear_down_wall

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_DEALT_AS = ("rang_again", "reached", "duty_changed", "fault_reported", "nothing_to_do")
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Make the table, behind the wall of the line, and the indexes."""
    op.create_table(
        "call_dealt_with",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column(
            "dealt_as",
            sa.Enum(*_DEALT_AS, name="dealt_as", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_dealt_with_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_dealt_with")),
    )
    op.create_index(op.f("ix_call_dealt_with_line_dealt_at"), "call_dealt_with", ["line", "dealt_at"], unique=False)
    op.create_index(
        op.f("ix_call_line_outcome_started_at"), "call", ["line", "outcome", "started_at"], unique=False
    )
    op.create_index(
        op.f("ix_callback_request_open"),
        "callback_request",
        ["organisation", "confirmed_at"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    raise_wall(op.get_bind(), "call_dealt_with", BY_LINE)


def downgrade() -> None:
    """Drop them."""
    tear_down_wall(op.get_bind(), "call_dealt_with")
    op.drop_index(
        op.f("ix_callback_request_open"), table_name="callback_request", sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.drop_index(op.f("ix_call_line_outcome_started_at"), table_name="call")
    op.drop_table("call_dealt_with")
