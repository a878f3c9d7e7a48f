"""What lies over the rotas: temporary schedules, covers, absences and pauses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN = sa.text("ends IS NULL")


def upgrade() -> None:
    """Make the tables, and the index by which the calls that just ended are found."""
    _create_temporary_schedule()
    _create_temporary_person()
    _create_cover()
    _create_absence()
    _create_pause()
    op.create_index(op.f("ix_attempt_ended_at"), "attempt", ["ended_at"], unique=False)


def downgrade() -> None:
    """Drop them, children first; their indexes go with them."""
    op.drop_index(op.f("ix_attempt_ended_at"), table_name="attempt")
    op.drop_table("pause")
    op.drop_table("absence")
    op.drop_table("cover")
    op.drop_table("temporary_person")
    op.drop_table("temporary_schedule")


def _create_temporary_schedule() -> None:
    op.create_table(
        "temporary_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends > begins", name=op.f("ck_temporary_schedule_ends_after_it_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_temporary_schedule")),
    )
    op.create_index(op.f("ix_temporary_schedule_rota_ends"), "temporary_schedule", ["rota", "ends"], unique=False)


def _create_temporary_person() -> None:
    op.create_table(
        "temporary_person",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_temporary_person_place_positive")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["temporary_schedule.id"], name=op.f("fk_temporary_person_schedule_id_temporary_schedule")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_temporary_person_staff_id_staff")),
        sa.PrimaryKeyConstraint("schedule_id", "place", name=op.f("pk_temporary_person")),
        sa.UniqueConstraint("schedule_id", "staff_id", name=op.f("uq_temporary_person_schedule_id_staff_id")),
    )
    op.create_index(op.f("ix_temporary_person_staff_id"), "temporary_person", ["staff_id"], unique=False)


def _create_cover() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stands_in_id", sa.String(length=32), nullable=True),
        sa.Column("instead_of_id", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends > begins", name=op.f("ck_cover_ends_after_it_begins")),
        sa.CheckConstraint(
            "stands_in_id IS NOT NULL OR instead_of_id IS NOT NULL", name=op.f("ck_cover_names_somebody")
        ),
        sa.CheckConstraint("stands_in_id <> instead_of_id", name=op.f("ck_cover_nobody_for_themselves")),
        sa.ForeignKeyConstraint(["stands_in_id"], ["staff.id"], name=op.f("fk_cover_stands_in_id_staff")),
        sa.ForeignKeyConstraint(["instead_of_id"], ["staff.id"], name=op.f("fk_cover_instead_of_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index(op.f("ix_cover_rota_ends"), "cover", ["rota", "ends"], unique=False)
    op.create_index(op.f("ix_cover_stands_in_id"), "cover", ["stands_in_id"], unique=False)
    op.create_index(op.f("ix_cover_instead_of_id"), "cover", ["instead_of_id"], unique=False)


def _create_absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends > begins", name=op.f("ck_absence_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absence_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_ends"), "absence", ["ends"], unique=False)
    op.create_index(op.f("ix_absence_staff_id_ends"), "absence", ["staff_id", "ends"], unique=False)


def _create_pause() -> None:
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.CheckConstraint("ends IS NULL OR ends > begins", name=op.f("ck_pause_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_pause_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_ends"), "pause", ["ends"], unique=False)
    op.create_index(op.f("ix_pause_staff_id_ends"), "pause", ["staff_id", "ends"], unique=False)
    op.create_index(
        "uq_pause_open_staff_id", "pause", ["staff_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
