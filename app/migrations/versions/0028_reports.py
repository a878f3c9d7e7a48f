"""Notes on the time axis, and mail about reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE_OR_WHOLE, raise_wall, tear_down_wall

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_BEFORE = ("untaken", "unmanned", "follow_ups", "absent_follow_ups")
_KINDS = (*_BEFORE, "report")


def upgrade() -> None:
    """Make the table, and let the outbox take the mail."""
    op.create_table(
        "time_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.String(length=64), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_time_note_version_positive")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_time_note_text_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_note")),
    )
    op.create_index("uq_time_note_token", "time_note", ["token"], unique=True)
    op.create_index("ix_time_note_organisation_day", "time_note", ["organisation", "day"], unique=False)
    raise_wall(op.get_bind(), "time_note", BY_LINE_OR_WHOLE)
    _take(_KINDS)


def downgrade() -> None:
    """Undo it; the notes are gone, and mail about reports that is in the outbox."""
    op.execute("DELETE FROM outgoing_mail WHERE kind = 'report'")
    _take(_BEFORE)
    tear_down_wall(op.get_bind(), "time_note")
    op.drop_table("time_note")


def _take(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outgoing_mail") as table:
        table.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        table.create_check_constraint(
            op.f("ck_outgoing_mail_kind"), f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
        )
