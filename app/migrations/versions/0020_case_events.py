"""When and why cases were ended and opened again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import behind, raise_wall, tear_down_wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; cases that have ended until now tell it themselves."""
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("ended_as", _one_of(("finished", "passed_on"), "ended_as"), nullable=True),
        sa.Column("reopened_as", _one_of(("came_back", "by_mistake", "other"), "reopened_as"), nullable=True),
        sa.CheckConstraint(
            "(ended_as IS NULL) <> (reopened_as IS NULL)", name=op.f("ck_case_event_ended_or_reopened")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_event_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"], unique=False)
    op.execute(
        "INSERT INTO case_event (case_id, at, ended_as)"
        " SELECT id, ended_at, ended_as FROM cases WHERE ended_at IS NOT NULL ORDER BY ended_at, id"
    )
    raise_wall(op.get_bind(), "case_event", behind("cases", "case_id"))


def downgrade() -> None:
    """Drop it."""
    tear_down_wall(op.get_bind(), "case_event")
    op.drop_table("case_event")


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
