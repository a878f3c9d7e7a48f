"""Mail to staff, and which calls it told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_ORGANISATION, behind, raise_wall, tear_down_wall

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KINDS = ("untaken", "unmanned")
_STATES = ("waiting", "sent", "given_up", "withdrawn")
_WALLS = {"outgoing_mail": BY_ORGANISATION, "told_call": behind("call", "call_id")}
_WAITING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make both tables, empty, behind their walls."""
    _make_outgoing_mail()
    op.create_table(
        "told_call",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_told_call_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_told_call")),
    )
    for table, rule in _WALLS.items():
        raise_wall(op.get_bind(), table, rule)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(_WALLS):
        tear_down_wall(op.get_bind(), table)
        op.drop_table(table)


def _make_outgoing_mail() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("kind", _one_of(_KINDS, "kind"), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=False)
            for name in ("begins", "ends", "queued_at", "next_try_at", "give_up_at")
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", _one_of(_STATES, "state"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.CheckConstraint("number IS NULL OR number > 0", name=op.f("ck_outgoing_mail_number_positive")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outgoing_mail_tries_not_negative")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'waiting')", name=op.f("ck_outgoing_mail_ended_unless_waiting")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outgoing_mail_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
    )
    op.create_index(op.f("ix_outgoing_mail_account_id"), "outgoing_mail", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_outgoing_mail_kind_about"), "outgoing_mail", ["kind", "about", "queued_at"], unique=False
    )
    op.create_index(
        op.f("ix_outgoing_mail_waiting"),
        "outgoing_mail",
        ["next_try_at"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
