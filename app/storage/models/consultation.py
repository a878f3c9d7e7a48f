"""The record: every call opens one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calls import Source
from app.domain.channels import Channel
from app.domain.consultations import PlaceKind
from app.storage.base import Base
from app.storage.types import Instant, closed_set

_TO_DO = text("held_at IS NOT NULL AND closed_at IS NULL")
_HELD = text("held_at IS NOT NULL")
_PLACED = text("held_at IS NOT NULL AND municipality IS NOT NULL")
PLACE = (
    "CASE place WHEN 'KOMMUN' THEN municipality IS NOT NULL AND county IS NOT NULL"
    " WHEN 'LAN' THEN municipality IS NULL AND county IS NOT NULL"
    " WHEN 'HELA_LAN' THEN municipality IS NULL AND county IS NOT NULL"
    " ELSE municipality IS NULL AND county IS NULL END"
)


def _of_lists(name: str, *sought: str, where: TextClause) -> Index:
    columns = ("organisation", "line", *sought, "opened_at", "id")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Consultation(Base):
    """One consultation. It is held once a specialist has answered; figures count those that were held.

    What was chosen from the taxonomy is in ``consultation_tag``, the note in ``consultation_note``.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("held_at IS NULL OR staff_id IS NOT NULL", name="held_by_somebody"),
        CheckConstraint("version >= 0", name="version_not_negative"),
        CheckConstraint("exposed BETWEEN 0 AND 20", name="exposed_in_range"),
        CheckConstraint(PLACE, name="place_as_its_kind"),
        CheckConstraint("channel IN ('call', 'call_back') OR call_id IS NULL", name="by_hand_without_a_call"),
        CheckConstraint("withdrawn_at IS NULL OR (held_at IS NULL AND version = 0)", name="withdrawn_is_empty"),
        Index("uq_consultation_opening_token", "opening_token", unique=True),
        Index("ix_consultation_opened_at_id", "opened_at", "id"),
        Index("ix_consultation_line_opened_at", "line", "opened_at"),
        Index(
            "ix_consultation_reach_held_at",
            "organisation",
            "line",
            "held_at",
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        # Of the lists: whose it is, what is looked for, and then the order in which it is shown.
        _of_lists("ix_consultation_list", where=_HELD),
        _of_lists("ix_consultation_list_staff", "staff_id", where=_HELD),
        _of_lists("ix_consultation_list_municipality", "municipality", where=_PLACED),
        _of_lists("ix_consultation_list_to_do", where=_TO_DO),
        Index("ix_consultation_to_do", "staff_id", "opened_at", sqlite_where=_TO_DO, postgresql_where=_TO_DO),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), unique=True)
    organisation: Mapped[str] = mapped_column(String(64), index=True)
    """Who owns the record: the organisation that answered, else the dialled line's."""
    line: Mapped[str] = mapped_column(String(64))
    source: Mapped[Source] = mapped_column(closed_set(Source, "source"))
    channel: Mapped[Channel] = mapped_column(
        closed_set(Channel, "channel"), default=Channel.CALL, server_default=Channel.CALL.value
    )
    """How it took place."""
    opening_token: Mapped[str | None] = mapped_column(String(32))
    """Random; of the form that it was opened by, so that a button that is pressed twice opens one record."""
    opened_at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Grows with each change of what is answered or noted."""
    taxonomy_version: Mapped[int | None]
    """Of the taxonomy that the last answer was given by."""
    place: Mapped[PlaceKind | None] = mapped_column(closed_set(PlaceKind, "place"))
    municipality: Mapped[str | None] = mapped_column(String(4))
    county: Mapped[str | None] = mapped_column(String(2))
    exposed: Mapped[int | None]
    """How many persons it concerned."""
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it was marked as complete."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it was taken back, having been opened by mistake. Its row stays, so that no other record gets its id."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
