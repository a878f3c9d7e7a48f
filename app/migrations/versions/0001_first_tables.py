"""Calls, attempts, consultations and staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the first tables."""
    _create_api_token()
    _create_call()
    _create_dated_hours()
    _create_staff()
    _create_attempt()
    _create_call_event()
    _create_callback_request()
    _create_consultation()
    _create_rota_membership()


def downgrade() -> None:
    """Drop them, children first; their indexes go with them."""
    op.drop_table("rota_membership")
    op.drop_table("consultation")
    op.drop_table("callback_request")
    op.drop_table("call_event")
    op.drop_table("attempt")
    op.drop_table("staff")
    op.drop_table("dated_hours")
    op.drop_table("call")
    op.drop_table("api_token")


def _create_api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_api_token_name")),
    )


def _create_call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=34), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("position", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("verdict_reason", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.CheckConstraint("source IN ('live', 'practice', 'reconstructed')", name=op.f("ck_call_source")),
        sa.CheckConstraint(
            "verdict IN ('in_progress', 'answered', 'callback', 'closed', 'referred', 'abandoned', 'unanswered', 'failed')",
            name=op.f("ck_call_verdict"),
        ),
        sa.CheckConstraint(
            "outcome IN ('in_progress', 'answered', 'callback', 'closed', 'referred', 'abandoned', 'unanswered', 'failed')",
            name=op.f("ck_call_outcome"),
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_call_ends_after_it_starts")),
        sa.CheckConstraint("length(sid) = 34", name=op.f("ck_call_sid_whole")),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_call_turn_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("sid", name=op.f("uq_call_sid")),
    )
    op.create_index("ix_call_line_started_at", "call", ["line", "started_at"], unique=False)
    op.create_index("ix_call_open", "call", ["last_heard_at"], unique=False, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index(op.f("ix_call_organisation"), "call", ["organisation"], unique=False)
    op.create_index("ix_call_started_at_id", "call", ["started_at", "id"], unique=False)


def _create_dated_hours() -> None:
    op.create_table(
        "dated_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("intervals", sa.JSON(), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_hours")),
        sa.UniqueConstraint("line", "day", name=op.f("uq_dated_hours_line_day")),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("competences", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("alias <> ''", name=op.f("ck_staff_alias_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("organisation", "alias", name=op.f("uq_staff_organisation_alias")),
    )
    op.create_index(op.f("ix_staff_organisation"), "staff", ["organisation"], unique=False)


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bridged", sa.Boolean(), nullable=True),
        sa.Column("dial_seconds", sa.Integer(), nullable=True),
        sa.Column("leg_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint("tier IN ('primary', 'backup')", name=op.f("ck_attempt_tier")),
        sa.CheckConstraint(
            "state IN ('ringing', 'accepted', 'declined', 'no_answer', 'busy', 'failed', 'silent', 'cancelled')",
            name=op.f("ck_attempt_state"),
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR accepted_at IS NOT NULL", name=op.f("ck_attempt_accepted_at_an_instant")
        ),
        sa.CheckConstraint("state <> 'ringing' OR ended_at IS NULL", name=op.f("ck_attempt_ringing_is_live")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_attempt_call_id_call")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_attempt_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("call_id", "turn", name=op.f("uq_attempt_call_id_turn")),
        sa.UniqueConstraint("token", name=op.f("uq_attempt_token")),
    )
    op.create_index(op.f("ix_attempt_call_id"), "attempt", ["call_id"], unique=False)
    op.create_index(op.f("ix_attempt_staff_id"), "attempt", ["staff_id"], unique=False)
    op.create_index(
        "uq_attempt_live_staff_id", "attempt", ["staff_id"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    )


def _create_call_event() -> None:
    op.create_table(
        "call_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("step", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("idempotency_token", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_event_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_event")),
        sa.UniqueConstraint("call_id", "kind", "key", name=op.f("uq_call_event_call_id_kind_key")),
    )


def _create_callback_request() -> None:
    op.create_table(
        "callback_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_source", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number_source IN ('caller', 'typed')", name=op.f("ck_callback_request_number_source")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_callback_request_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_request")),
        sa.UniqueConstraint("call_id", name=op.f("uq_callback_request_call_id")),
    )
    op.create_index(op.f("ix_callback_request_organisation"), "callback_request", ["organisation"], unique=False)


def _create_consultation() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source IN ('live', 'practice', 'reconstructed')", name=op.f("ck_consultation_source")),
        sa.CheckConstraint("held_at IS NULL OR staff_id IS NOT NULL", name=op.f("ck_consultation_held_by_somebody")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_consultation_call_id_call")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_consultation_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("call_id", name=op.f("uq_consultation_call_id")),
    )
    op.create_index("ix_consultation_opened_at_id", "consultation", ["opened_at", "id"], unique=False)
    op.create_index(op.f("ix_consultation_organisation"), "consultation", ["organisation"], unique=False)
    op.create_index(op.f("ix_consultation_staff_id"), "consultation", ["staff_id"], unique=False)


def _create_rota_membership() -> None:
    op.create_table(
        "rota_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends IS NULL OR ends > begins", name=op.f("ck_rota_membership_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_rota_membership_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_membership")),
        sa.UniqueConstraint("rota", "staff_id", "begins", name=op.f("uq_rota_membership_rota_staff_id_begins")),
    )
    op.create_index(op.f("ix_rota_membership_staff_id"), "rota_membership", ["staff_id"], unique=False)
