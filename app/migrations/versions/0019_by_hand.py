"""How a consultation took place; training occasions; notes on gaps and good examples."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.storage.walls import BY_ORGANISATION, behind, raise_wall, tear_down_wall

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_CHANNELS = "'call', 'call_back', 'email', 'meeting', 'visit', 'phone'"
_INSTANT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
_PLACES = ("KOMMUN", "LAN", "HELA_LAN", "UTOMLANDS", "OKAND")
_PLACE = (
    "CASE place WHEN 'KOMMUN' THEN municipality IS NOT NULL AND county IS NOT NULL"
    " WHEN 'LAN' THEN municipality IS NULL AND county IS NOT NULL"
    " WHEN 'HELA_LAN' THEN municipality IS NULL AND county IS NOT NULL"
    " ELSE municipality IS NULL AND county IS NULL END"
)
_WALLS = {
    "training_occasion": BY_ORGANISATION,
    "training_service": behind("training_occasion", "training_id"),
    "observation": BY_ORGANISATION,
}
"""In the order in which the tables are made."""


def upgrade() -> None:
    """Say of each record how it took place, and make the tables."""
    _add_to_records()
    _make_training()
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=16), nullable=True),
        sa.Column("county", sa.String(length=2), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        *_changes(),
        sa.CheckConstraint("version > 0", name=op.f("ck_observation_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index("uq_observation_token", "observation", ["token"], unique=True)
    op.create_index("ix_observation_organisation_noted_on", "observation", ["organisation", "noted_on"], unique=False)
    for table, rule in _WALLS.items():
        raise_wall(op.get_bind(), table, rule)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(_WALLS):
        tear_down_wall(op.get_bind(), table)
        op.drop_table(table)
    op.drop_index("uq_consultation_opening_token", table_name="consultation")
    op.execute("ALTER TABLE register_entry DROP COLUMN withdrawn_at")
    for column in ("withdrawn_at", "opening_token", "channel"):
        op.execute(f"ALTER TABLE consultation DROP COLUMN {column}")


def _add_to_records() -> None:
    # Written out: SQLite takes constraints with a new column, but adds none to a table that it wouldn't make anew.
    instant = _INSTANT[op.get_bind().dialect.name]
    op.execute(
        "ALTER TABLE consultation ADD COLUMN channel VARCHAR(32) DEFAULT 'call' NOT NULL"
        f" CONSTRAINT ck_consultation_channel CHECK (channel IN ({_CHANNELS}))"
        " CONSTRAINT ck_consultation_by_hand_without_a_call"
        " CHECK (channel IN ('call', 'call_back') OR call_id IS NULL)"
    )
    op.execute("ALTER TABLE consultation ADD COLUMN opening_token VARCHAR(32)")
    op.create_index("uq_consultation_opening_token", "consultation", ["opening_token"], unique=True)
    op.execute(
        f"ALTER TABLE consultation ADD COLUMN withdrawn_at {instant}"
        " CONSTRAINT ck_consultation_withdrawn_is_empty"
        " CHECK (withdrawn_at IS NULL OR (held_at IS NULL AND version = 0))"
    )
    op.execute(
        f"ALTER TABLE register_entry ADD COLUMN withdrawn_at {instant}"
        " CONSTRAINT ck_register_entry_withdrawn_is_gone CHECK (withdrawn_at IS NULL OR consultation_id IS NULL)"
    )
    op.execute(
        "UPDATE consultation SET channel = 'call_back' WHERE held_at IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM callback_request AS asked WHERE asked.call_id = consultation.call_id"
        " AND asked.talked_at = consultation.held_at AND asked.closed_by_id = consultation.staff_id)"
    )
    # What wasn't a call was made by hand, and nobody said how: by phone, as the others.
    op.execute("UPDATE consultation SET channel = 'phone' WHERE call_id IS NULL")


def _make_training() -> None:
    op.create_table(
        "training_occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of(("lecture", "workshop", "webinar", "other"), "kind"), nullable=False),
        sa.Column("place", _one_of(_PLACES, "place"), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=True),
        sa.Column("county", sa.String(length=2), nullable=True),
        *_changes(),
        sa.CheckConstraint(
            "participants BETWEEN 1 AND 5000", name=op.f("ck_training_occasion_participants_in_range")
        ),
        sa.CheckConstraint("minutes BETWEEN 15 AND 2400", name=op.f("ck_training_occasion_minutes_in_range")),
        sa.CheckConstraint("version > 0", name=op.f("ck_training_occasion_version_positive")),
        sa.CheckConstraint(_PLACE, name=op.f("ck_training_occasion_place_as_its_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_occasion")),
    )
    op.create_index("uq_training_occasion_token", "training_occasion", ["token"], unique=True)
    op.create_index(
        "ix_training_occasion_organisation_held_on", "training_occasion", ["organisation", "held_on"], unique=False
    )
    op.create_table(
        "training_service",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_training_service_position_positive")),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_occasion.id"], name=op.f("fk_training_service_training_id_training_occasion")
        ),
        sa.PrimaryKeyConstraint("training_id", "code", name=op.f("pk_training_service")),
    )


def _changes() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.String(length=64), nullable=False),
    ]


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
