"""Training occasions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.consultations import PlaceKind
from app.domain.training import TrainingKind
from app.storage.base import Base
from app.storage.models.consultation import PLACE
from app.storage.types import Instant, closed_set


class TrainingOccasion(Base):
    """One occasion. Whom it was for is in ``training_service``."""

    __tablename__ = "training_occasion"
    __table_args__ = (
        CheckConstraint("participants BETWEEN 1 AND 5000", name="participants_in_range"),
        CheckConstraint("minutes BETWEEN 15 AND 2400", name="minutes_in_range"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint(PLACE, name="place_as_its_kind"),
        Index("uq_training_occasion_token", "token", unique=True),
        Index("ix_training_occasion_organisation_held_on", "organisation", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(String(64))
    held_on: Mapped[date]
    participants: Mapped[int]
    minutes: Mapped[int]
    kind: Mapped[TrainingKind] = mapped_column(closed_set(TrainingKind, "kind"))
    place: Mapped[PlaceKind] = mapped_column(closed_set(PlaceKind, "place"))
    municipality: Mapped[str | None] = mapped_column(String(4))
    county: Mapped[str | None] = mapped_column(String(2))
    version: Mapped[int]
    """Grows with each change."""
    token: Mapped[str] = mapped_column(String(32))
    """Random; of the form that it was added by."""
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[str] = mapped_column(String(64))
    """The account."""
