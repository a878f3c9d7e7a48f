"""Whom a training occasion was for."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class TrainingService(Base):
    """One service of one occasion; the first has ``position`` 1."""

    __tablename__ = "training_service"
    __table_args__ = (CheckConstraint("position > 0", name="position_positive"),)

    training_id: Mapped[int] = mapped_column(ForeignKey("training_occasion.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int]
