"""What a specialist noted in words."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base
from app.storage.types import SealedText


class ConsultationNote(Base):
    """The note of one consultation, sealed. In a table of its own, so that no list of records ever loads it."""

    __tablename__ = "consultation_note"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    text: Mapped[str] = mapped_column(SealedText("consultation_note.text"))
