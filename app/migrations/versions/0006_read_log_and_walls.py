"""The read and change log, and the walls between organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.domain.audit import BEGINNING
from app.storage.walls import BY_LINE, BY_ORGANISATION, behind, raise_wall, tear_down_wall

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WHAT = (
    "opened_record",
    "created_record",
    "changed_record",
    "opened_callback",
    "changed_callback",
    "rang_back",
    "showed_number",
    "exported",
    "erased",
    "signed_in",
    "signed_out",
    "refused_sign_in",
    "changed_account",
    "changed_staff",
    "changed_rota",
    "changed_referrals",
    "rotated_keys",
)
_WALLS = {
    "audit_entry": BY_ORGANISATION,
    "attempt": behind("staff", "staff_id"),
    # The organisation that answered sees the call too, by its record. Not with EXISTS: for a page of calls PostgreSQL
    # would read every record there is before the first.
    "call": f"{BY_LINE} OR coalesce((SELECT true FROM consultation AS record WHERE record.call_id = {{table}}.id), false)",
    "call_event": behind("call", "call_id"),
    "callback_request": BY_LINE,
    "consultation": BY_LINE,
    "staff": BY_ORGANISATION,
}
_REFUSED = "the read log is only ever appended to"
_ON_POSTGRESQL = (
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$""",
    """CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.sequence <> OLD.sequence + 1) EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_is_not_emptied BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
_ON_SQLITE = (
    f"CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry {_REFUSE}",
    f"CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry {_REFUSE}",
    f"CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head {_REFUSE}",
    f"CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head WHEN NEW.sequence <> OLD.sequence + 1 {_REFUSE}",
)


def upgrade() -> None:
    """Make the log, with an empty chain that nobody can take back, and raise the walls."""
    _make_tables()
    connection = op.get_bind()
    connection.execute(sa.text(f"INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '{BEGINNING}')"))
    for trigger in _ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE:
        connection.exec_driver_sql(trigger)
    for table, rule in _WALLS.items():
        raise_wall(connection, table, rule)


def downgrade() -> None:
    """Drop them; their triggers go along."""
    connection = op.get_bind()
    for table in reversed(_WALLS):
        tear_down_wall(connection, table)
    op.drop_table("audit_entry")
    op.drop_table("audit_head")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION audit_refuse()")


def _make_tables() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("organisation", sa.String(length=64), nullable=True),
        sa.Column(
            "what",
            sa.Enum(*_WHAT, name="what", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("record", sa.String(length=64), nullable=True),
        sa.Column("fields", sa.String(length=1700), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_audit_entry_sequence_positive")),
        sa.CheckConstraint("length(previous) = 64 AND length(hash) = 64", name=op.f("ck_audit_entry_hashes_whole")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_record_sequence"), "audit_entry", ["record", "sequence"], unique=False)
    op.create_index(op.f("ix_audit_entry_account_id_sequence"), "audit_entry", ["account_id", "sequence"], unique=False)
