"""Rules of retention, what was destroyed under them and how many there were; what the register says of a record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE, BY_ORGANISATION, raise_wall, tear_down_wall

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None

_CLASSES = ("notes", "callbacks", "cases", "consultations", "calls")
_KINDS = ("call", "email", "meeting", "visit", "other")
_OPEN = sa.text("ended_at IS NULL")
_WALLS = {"retention_decision": BY_ORGANISATION, "destruction": BY_ORGANISATION, "retention_tally": BY_LINE}
"""In the order in which the tables are made."""


def upgrade() -> None:
    """Make the tables, behind their walls; no rule is in force. The entries of the register learn their kind."""
    _make_decisions()
    _make_destructions()
    op.create_table(
        "retention_tally",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("organisation", "line")),
        sa.Column("unit", _one_of(("call", "consultation"), "unit"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_retention_tally_number_positive")),
        sa.PrimaryKeyConstraint(
            "organisation", "line", "unit", "month", "dimension", "code", name=op.f("pk_retention_tally")
        ),
    )
    for table, rule in _WALLS.items():
        raise_wall(op.get_bind(), table, rule)
    _add_to_register()


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_register_entry_decision_id"), table_name="register_entry")
    with op.batch_alter_table("register_entry") as table:
        for check in ("kind", "destroyed_is_gone", "destroyed_by_decision"):
            table.drop_constraint(op.f(f"ck_register_entry_{check}"), type_="check")
        table.drop_constraint(op.f("fk_register_entry_decision_id_retention_decision"), type_="foreignkey")
        for column in ("decision_id", "destroyed_at", "kind"):
            table.drop_column(column)
    for name in reversed(_WALLS):
        tear_down_wall(op.get_bind(), name)
        op.drop_table(name)


def _make_decisions() -> None:
    op.create_table(
        "retention_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("record_class", _one_of(_CLASSES, "record_class"), nullable=False),
        sa.Column("keep_months", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("keep_months BETWEEN 1 AND 1200", name=op.f("ck_retention_decision_keeps_for_months")),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_retention_decision_refers_to_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_decision")),
    )
    op.create_index(
        "uq_retention_decision_active",
        "retention_decision",
        ["organisation", "record_class"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _make_destructions() -> None:
    op.create_table(
        "destruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("record_class", _one_of(_CLASSES, "record_class"), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_destruction_number_not_negative")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["retention_decision.id"], name=op.f("fk_destruction_decision_id_retention_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
    )
    op.create_index(
        "uq_destruction_open", "destruction", ["decision_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index(
        "ix_destruction_organisation_began_at", "destruction", ["organisation", "began_at"], unique=False
    )


def _add_to_register() -> None:
    with op.batch_alter_table("register_entry") as table:
        table.add_column(sa.Column("kind", _one_of(_KINDS, "kind"), server_default="call", nullable=False))
        table.add_column(sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_register_entry_decision_id_retention_decision"), "retention_decision", ["decision_id"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_register_entry_destroyed_is_gone"), "destroyed_at IS NULL OR consultation_id IS NULL"
        )
        table.create_check_constraint(
            op.f("ck_register_entry_destroyed_by_decision"), "(destroyed_at IS NULL) = (decision_id IS NULL)"
        )
    op.create_index(op.f("ix_register_entry_decision_id"), "register_entry", ["decision_id"], unique=False)


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
