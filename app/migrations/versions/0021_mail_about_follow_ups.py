"""Mail about follow-ups: two kinds more, and how many are overdue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = ("untaken", "unmanned")
_KINDS = (*_BEFORE, "follow_ups", "absent_follow_ups")


def upgrade() -> None:
    """Let the outbox take them."""
    with op.batch_alter_table("outgoing_mail") as table:
        table.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        table.create_check_constraint(op.f("ck_outgoing_mail_kind"), _one_of(_KINDS))
        table.add_column(sa.Column("overdue", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_outgoing_mail_overdue_positive"), "overdue IS NULL OR overdue > 0")


def downgrade() -> None:
    """Forget those that are in it."""
    op.execute("DELETE FROM outgoing_mail WHERE kind IN ('follow_ups', 'absent_follow_ups')")
    with op.batch_alter_table("outgoing_mail") as table:
        table.drop_constraint(op.f("ck_outgoing_mail_overdue_positive"), type_="check")
        table.drop_column("overdue")
        table.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        table.create_check_constraint(op.f("ck_outgoing_mail_kind"), _one_of(_BEFORE))


def _one_of(kinds: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
