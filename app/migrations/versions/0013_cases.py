"""Cases, who is responsible for them, follow-ups, and the chronological register."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from app.storage.types import Instant
from app.storage.walls import BY_LINE, BY_ORGANISATION, behind, raise_wall, tear_down_wall

if TYPE_CHECKING:
    from sqlalchemy import Connection

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")
_ENDED = "(ended_at IS NULL) = (ended_as IS NULL)"
_WALLS = {
    "cases": BY_LINE,
    "case_hand_over": behind("cases", "case_id"),
    "follow_up": BY_LINE,
    "follow_up_event": behind("follow_up", "follow_up_id"),
    "register_entry": BY_LINE,
    "register_counter": BY_ORGANISATION,
}
"""In the order in which the tables are made."""
_ZONE = ZoneInfo("Europe/Stockholm")  # of every line, when this was written
_AT_ONCE = 1_000


def upgrade() -> None:
    """Make the tables, and register the records that were held so far, in their order."""
    _make_cases()
    _make_follow_ups()
    _make_register()
    # Written out: SQLite takes constraints with a new column, but adds none to a table that it wouldn't make anew.
    reference = "INTEGER CONSTRAINT fk_consultation_case_id_cases REFERENCES cases (id)"
    op.execute(f"ALTER TABLE consultation ADD COLUMN case_id {reference}")
    op.create_index(op.f("ix_consultation_case_id"), "consultation", ["case_id"], unique=False)
    for table, rule in _WALLS.items():
        raise_wall(op.get_bind(), table, rule)
    _register(op.get_bind())


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_consultation_case_id"), table_name="consultation")
    op.execute("ALTER TABLE consultation DROP COLUMN case_id")
    for table in reversed(_WALLS):
        tear_down_wall(op.get_bind(), table)
        op.drop_table(table)


def _make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=7), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_as", _one_of(("finished", "passed_on"), "ended_as"), nullable=True),
        sa.CheckConstraint("length(reference) = 7", name=op.f("ck_cases_reference_whole")),
        sa.CheckConstraint(_ENDED, name=op.f("ck_cases_ended_as_something")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= opened_at", name=op.f("ck_cases_ends_after_it_opens")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_cases_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    _index("cases", "organisation")
    _index("cases", "staff_id")
    op.create_index("ix_cases_line_opened_at", "cases", ["line", "opened_at"], unique=False)
    op.create_index(
        "ix_cases_open",
        "cases",
        ["staff_id", "opened_at"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "case_hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("from_id", sa.String(length=32), nullable=False),
        sa.Column("to_id", sa.String(length=32), nullable=False),
        sa.Column(
            "reason",
            _one_of(("sickness", "holiday", "left", "competence", "workload", "other"), "reason"),
            nullable=False,
        ),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", _INSTANT, nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_case_hand_over_to_somebody_else")),
        _refers("case_hand_over", "case_id", "cases"),
        _refers("case_hand_over", "from_id", "staff"),
        _refers("case_hand_over", "to_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_hand_over")),
    )
    _index("case_hand_over", "case_id")
    op.create_index("ix_case_hand_over_to_id_at", "case_hand_over", ["to_id", "at"], unique=False)


def _make_follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("promised_at", _INSTANT, nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ended_as", _one_of(("done", "not_reached", "no_longer_wanted"), "ended_as"), nullable=True),
        sa.Column("ended_by_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("within_days BETWEEN 1 AND 14", name=op.f("ck_follow_up_within_two_weeks")),
        sa.CheckConstraint(_ENDED, name=op.f("ck_follow_up_ended_as_something")),
        _refers("follow_up", "case_id", "cases"),
        _refers("follow_up", "consultation_id", "consultation"),
        _refers("follow_up", "ended_by_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    for column in ("case_id", "consultation_id", "organisation"):
        _index("follow_up", column)
    op.create_index(
        "uq_follow_up_open_case_id", "follow_up", ["case_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_follow_up_line_promised_at", "follow_up", ["line", "promised_at"], unique=False)
    op.create_table(
        "follow_up_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("kind", _one_of(("promised", "moved", "not_reached", "ended"), "kind"), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column(
            "reason",
            _one_of(("caller_asked", "not_reached", "absence", "waiting", "other"), "reason"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(kind = 'moved') = (moved_to IS NOT NULL)", name=op.f("ck_follow_up_event_moved_to_a_day")
        ),
        sa.CheckConstraint(
            "(kind = 'moved') = (reason IS NOT NULL)", name=op.f("ck_follow_up_event_moved_for_a_reason")
        ),
        _refers("follow_up_event", "follow_up_id", "follow_up"),
        _refers("follow_up_event", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_event")),
    )
    _index("follow_up_event", "follow_up_id")


def _make_register() -> None:
    op.create_table(
        "register_entry",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", _INSTANT, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_register_entry_number_positive")),
        _refers("register_entry", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("organisation", "year", "number", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("consultation_id", "organisation", name=op.f("uq_register_entry_consultation_id_organisation")),
    )
    op.create_index(
        "ix_register_entry_organisation_registered_at",
        "register_entry",
        ["organisation", "registered_at"],
        unique=False,
    )
    op.create_table(
        "register_counter",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_register_counter_last_not_negative")),
        sa.PrimaryKeyConstraint("organisation", "year", name=op.f("pk_register_counter")),
    )


def _register(connection: Connection) -> None:
    held = sa.table(
        "consultation",
        *map(sa.column, ("id", "organisation", "line")),
        sa.column("held_at", Instant),
    )
    entry = sa.table(
        "register_entry",
        *map(sa.column, ("organisation", "year", "number", "line", "consultation_id")),
        sa.column("registered_at", Instant),
    )
    counter = sa.table("register_counter", *map(sa.column, ("organisation", "year", "last")))
    last: Counter[tuple[str, int]] = Counter()
    rows = []
    for one in connection.execute(sa.select(held).where(held.c.held_at.is_not(None)).order_by("held_at", "id")):
        key = (one.organisation, one.held_at.astimezone(_ZONE).year)
        last[key] += 1
        rows.append(
            {
                "organisation": key[0],
                "year": key[1],
                "number": last[key],
                "line": one.line,
                "consultation_id": one.id,
                "registered_at": one.held_at,
            }
        )
    for begin in range(0, len(rows), _AT_ONCE):
        connection.execute(sa.insert(entry), rows[begin : begin + _AT_ONCE])
    if last:
        connection.execute(
            sa.insert(counter), [{"organisation": key[0], "year": key[1], "last": most} for key, most in last.items()]
        )


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
