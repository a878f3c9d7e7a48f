"""What is answered and noted in a record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import behind, raise_wall, tear_down_wall

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PLACE = (
    "CASE place WHEN 'KOMMUN' THEN municipality IS NOT NULL AND county IS NOT NULL"
    " WHEN 'LAN' THEN municipality IS NULL AND county IS NOT NULL"
    " WHEN 'HELA_LAN' THEN municipality IS NULL AND county IS NOT NULL"
    " ELSE municipality IS NULL AND county IS NULL END"
)
# Written out: SQLite takes a check with a new column, but adds none to a table that it wouldn't make anew. A check that
# names several columns comes with the last of them.
_COLUMNS = {
    "version": "INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_consultation_version_not_negative CHECK (version >= 0)",
    "taxonomy_version": "INTEGER",
    "place": "VARCHAR(32) CONSTRAINT ck_consultation_place"
    " CHECK (place IN ('KOMMUN', 'LAN', 'HELA_LAN', 'UTOMLANDS', 'OKAND'))",
    "municipality": "VARCHAR(4)",
    "county": f"VARCHAR(2) CONSTRAINT ck_consultation_place_as_its_kind CHECK ({_PLACE})",
    "exposed": "INTEGER CONSTRAINT ck_consultation_exposed_in_range CHECK (exposed BETWEEN 0 AND 20)",
}
_TO_DO = sa.text("held_at IS NOT NULL AND closed_at IS NULL")
_BEHIND = ("consultation_tag", "consultation_note", "consultation_change")


def upgrade() -> None:
    """Add the columns, empty, and the tables, behind the wall of the record that they belong to."""
    for name, of in _COLUMNS.items():
        op.execute(f"ALTER TABLE consultation ADD COLUMN {name} {of}")
    op.add_column("consultation", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_consultation_line_opened_at"), "consultation", ["line", "opened_at"], unique=False)
    op.create_index(
        op.f("ix_consultation_to_do"),
        "consultation",
        ["staff_id", "opened_at"],
        unique=False,
        sqlite_where=_TO_DO,
        postgresql_where=_TO_DO,
    )
    _make_tables()
    for table in _BEHIND:
        raise_wall(op.get_bind(), table, behind("consultation", "consultation_id"))


def downgrade() -> None:
    """Drop them."""
    for table in reversed(_BEHIND):
        tear_down_wall(op.get_bind(), table)
        op.drop_table(table)
    op.drop_index(op.f("ix_consultation_to_do"), table_name="consultation", sqlite_where=_TO_DO, postgresql_where=_TO_DO)
    op.drop_index(op.f("ix_consultation_line_opened_at"), table_name="consultation")
    op.execute("ALTER TABLE consultation DROP COLUMN closed_at")
    for name in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE consultation DROP COLUMN {name}")


def _make_tables() -> None:
    op.create_table(
        "consultation_tag",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_consultation_tag_position_positive")),
        _of_consultation("consultation_tag"),
        sa.PrimaryKeyConstraint("consultation_id", "kind", "code", name=op.f("pk_consultation_tag")),
    )
    op.create_index(
        op.f("ix_consultation_tag_kind_code_consultation_id"),
        "consultation_tag",
        ["kind", "code", "consultation_id"],
        unique=False,
    )
    op.create_table(
        "consultation_note",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        _of_consultation("consultation_note"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_consultation_note")),
    )
    op.create_table(
        "consultation_change",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_consultation_change_version_positive")),
        _of_consultation("consultation_change"),
        sa.PrimaryKeyConstraint("consultation_id", "field", name=op.f("pk_consultation_change")),
    )


def _of_consultation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["consultation_id"], ["consultation.id"], name=op.f(f"fk_{table}_consultation_id_consultation")
    )
