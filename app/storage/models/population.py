"""How many people live in each municipality."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.base import Base


class Population(Base):
    """One municipality's in one year, as an organisation took it in: nobody changes what others divide by."""

    __tablename__ = "population"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(4), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
