"""Who rings callers back, and each try."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_LINE, raise_wall, tear_down_wall

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CLOSINGS = ("talked", "not_reached", "wrong_number", "no_longer_wanted", "expired")
_STATES = (
    "ringing",
    "dialling",
    "talking",
    "reached",
    "caller_busy",
    "caller_no_answer",
    "caller_failed",
    "declined",
    "silent",
    "no_answer",
    "busy",
    "failed",
    "cancelled",
)
_STATUSES = (
    "queued",
    "initiated",
    "ringing",
    "in-progress",
    "completed",
    "busy",
    "failed",
    "no-answer",
    "canceled",
)
# Written out: SQLite takes constraints with a new column, but adds none to a table that it wouldn't make anew.
_LISTED = ", ".join(f"'{one}'" for one in _CLOSINGS)
_STAFF = "VARCHAR(32) CONSTRAINT fk_callback_request_{}_staff REFERENCES staff (id)"
_INSTANT = sa.DateTime(timezone=True)
_COLUMNS: dict[str, str | sa.Column[bool] | sa.DateTime] = {
    "staff_id": _STAFF.format("staff_id"),
    "taken_at": _INSTANT,
    "passed_by_id": _STAFF.format("passed_by_id"),
    "is_exposed": sa.Column("is_exposed", sa.Boolean(), server_default=sa.false(), nullable=False),
    "safe_from": "VARCHAR(5)",
    "safe_until": "VARCHAR(5)",
    "safe_noted_by_id": _STAFF.format("safe_noted_by_id"),
    "closed_at": _INSTANT,
    "closed_by_id": _STAFF.format("closed_by_id"),
    "closed_as": f"VARCHAR(32) CONSTRAINT ck_callback_request_closed_as CHECK (closed_as IN ({_LISTED}))",
    "talked_at": _INSTANT,
}
_LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the columns, empty, and the table, behind the wall of its line."""
    for name, of in _COLUMNS.items():
        match of:
            case sa.Column():
                op.add_column("callback_request", of)
            case str():
                op.execute(f"ALTER TABLE callback_request ADD COLUMN {name} {of}")
            case sa.DateTime():
                op.add_column("callback_request", sa.Column(name, of, nullable=True))
    _make_table()
    raise_wall(op.get_bind(), "callback_attempt", BY_LINE)


def downgrade() -> None:
    """Drop them."""
    tear_down_wall(op.get_bind(), "callback_attempt")
    op.drop_table("callback_attempt")
    for name in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE callback_request DROP COLUMN {name}")


def _make_table() -> None:
    op.create_table(
        "callback_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("sid", sa.String(length=34), nullable=True),
        sa.Column("state", _one_of(_STATES, "state"), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=name != "began_at")
            for name in ("began_at", "heard_at", "accepted_at", "declined_at", "answered_at", "ended_at")
        ),
        sa.Column("staff_status", _one_of(_STATUSES, "staff_status"), nullable=True),
        sa.Column("caller_status", _one_of(_STATUSES, "caller_status"), nullable=True),
        sa.Column("talk_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "talk_seconds IS NULL OR talk_seconds >= 0", name=op.f("ck_callback_attempt_talk_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["callback_request.id"], name=op.f("fk_callback_attempt_request_id_callback_request")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_callback_attempt_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_attempt")),
        sa.UniqueConstraint("sid", name=op.f("uq_callback_attempt_sid")),
        sa.UniqueConstraint("token", name=op.f("uq_callback_attempt_token")),
    )
    op.create_index(op.f("ix_callback_attempt_request_id"), "callback_attempt", ["request_id"], unique=False)
    op.create_index(op.f("ix_callback_attempt_staff_id"), "callback_attempt", ["staff_id"], unique=False)
    op.create_index(op.f("ix_callback_attempt_line_began_at"), "callback_attempt", ["line", "began_at"], unique=False)
    for key in ("request_id", "staff_id"):
        op.create_index(
            op.f(f"uq_callback_attempt_live_{key}"),
            "callback_attempt",
            [key],
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        )


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
