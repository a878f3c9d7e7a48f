"""Finding records, cases, calls and follow-ups in lists of a million, and saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_ORGANISATION, behind, raise_wall, tear_down_wall

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_HELD = "held_at IS NOT NULL"
_INDEXES = (
    ("ix_consultation_list", "consultation", (), _HELD),
    ("ix_consultation_list_staff", "consultation", ("staff_id",), _HELD),
    ("ix_consultation_list_municipality", "consultation", ("municipality",), f"{_HELD} AND municipality IS NOT NULL"),
    ("ix_consultation_list_to_do", "consultation", (), f"{_HELD} AND closed_at IS NULL"),
    ("ix_cases_list", "cases", (), ""),
    ("ix_cases_list_staff", "cases", ("staff_id",), ""),
    ("ix_cases_list_open", "cases", (), "ended_at IS NULL"),
)
"""Name, table, what is looked for, and which rows."""
_OF_FOLLOW_UPS = {"ix_follow_up_list_open": "ended_at IS NULL", "ix_follow_up_list_ended": "ended_at IS NOT NULL"}

# Not with EXISTS, as before: PostgreSQL would read every record there is before a page of those with a tag.
_BEHIND_RECORD = (
    "current_setting('radrum.scope', true) = 'all' OR coalesce("
    "(SELECT true FROM consultation AS parent WHERE parent.id = {table}.consultation_id), false)"
)
_FILL = "SET line = record.line, opened_at = record.opened_at FROM consultation AS record"
_FILL_ALL = f"UPDATE consultation_tag {_FILL} WHERE record.id = consultation_tag.consultation_id"
_ON_POSTGRESQL = (
    """CREATE FUNCTION tag_follows_record() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        SELECT record.line, record.opened_at INTO NEW.line, NEW.opened_at
        FROM consultation AS record WHERE record.id = NEW.consultation_id;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER consultation_tag_is_in_order BEFORE INSERT ON consultation_tag
    FOR EACH ROW EXECUTE FUNCTION tag_follows_record()""",
    """CREATE FUNCTION record_leads_tags() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        UPDATE consultation_tag SET line = NEW.line, opened_at = NEW.opened_at WHERE consultation_id = NEW.id;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER consultation_leads_tags AFTER UPDATE OF line, opened_at ON consultation
    FOR EACH ROW WHEN (OLD.line <> NEW.line OR OLD.opened_at <> NEW.opened_at) EXECUTE FUNCTION record_leads_tags()""",
)
_ON_SQLITE = (
    f"""CREATE TRIGGER consultation_tag_is_in_order AFTER INSERT ON consultation_tag BEGIN
        UPDATE consultation_tag {_FILL}
        WHERE record.id = NEW.consultation_id AND consultation_id = NEW.consultation_id
        AND kind = NEW.kind AND code = NEW.code;
    END""",
    """CREATE TRIGGER consultation_leads_tags AFTER UPDATE OF line, opened_at ON consultation
    WHEN OLD.line <> NEW.line OR OLD.opened_at <> NEW.opened_at BEGIN
        UPDATE consultation_tag SET line = NEW.line, opened_at = NEW.opened_at WHERE consultation_id = NEW.id;
    END""",
)


def upgrade() -> None:
    """Make the indexes, give each tag its record's line and instant, and make the table of views."""
    connection = op.get_bind()
    for name, table, sought, where in _INDEXES:
        _index(name, table, ("organisation", "line", *sought, "opened_at", "id"), where)
    for name, where in _OF_FOLLOW_UPS.items():
        _index(name, "follow_up", ("organisation", "line", "promised_at", "id"), where)
    op.add_column("consultation_tag", sa.Column("line", sa.String(length=64), nullable=True))
    op.add_column("consultation_tag", sa.Column("opened_at", _INSTANT, nullable=True))
    connection.exec_driver_sql(_FILL_ALL)
    in_order = ("kind", "code", "line", "opened_at", "consultation_id")
    _index("ix_consultation_tag_in_order", "consultation_tag", in_order, "")
    for trigger in _ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE:
        connection.exec_driver_sql(trigger)
    tear_down_wall(connection, "consultation_tag")
    raise_wall(connection, "consultation_tag", _BEHIND_RECORD)
    _make_views()
    raise_wall(connection, "saved_view", BY_ORGANISATION)


def downgrade() -> None:
    """Undo it."""
    connection = op.get_bind()
    tear_down_wall(connection, "consultation_tag")
    raise_wall(connection, "consultation_tag", behind("consultation", "consultation_id"))
    tear_down_wall(connection, "saved_view")
    op.drop_table("saved_view")
    is_postgresql = connection.dialect.name == "postgresql"
    for name, table in (
        ("consultation_leads_tags", "consultation"),
        ("consultation_tag_is_in_order", "consultation_tag"),
    ):
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}" if is_postgresql else f"DROP TRIGGER {name}")
    if is_postgresql:
        connection.exec_driver_sql("DROP FUNCTION record_leads_tags(), tag_follows_record()")
    op.drop_index("ix_consultation_tag_in_order", "consultation_tag")
    for column in ("opened_at", "line"):
        connection.exec_driver_sql(f"ALTER TABLE consultation_tag DROP COLUMN {column}")
    for name in _OF_FOLLOW_UPS:
        op.drop_index(name, "follow_up")
    for name, table, *_ in reversed(_INDEXES):
        op.drop_index(name, table)


def _make_views() -> None:
    lists = ("records", "calls", "cases", "follow_ups")
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column(
            "list", sa.Enum(*lists, name="list", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("sought", sa.JSON(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_view_name_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "list", "name", name=op.f("uq_saved_view_account_id_list_name")),
    )
    op.create_index(op.f("ix_saved_view_organisation"), "saved_view", ["organisation"], unique=False)


def _index(name: str, table: str, columns: tuple[str, ...], where: str) -> None:
    rows = sa.text(where) if where else None
    op.create_index(name, table, list(columns), unique=False, sqlite_where=rows, postgresql_where=rows)
