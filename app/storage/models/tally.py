"""What was counted of one day or one month: made from the rows, and made anew whenever one of them changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.tallies import Grain, TallyUnit
from app.storage.base import Base
from app.storage.types import closed_set


class Tally(Base):
    """One number: of one line, one day, month, quarter or year on its wall clock, one question, one answer.

    A month is the sum of its days, and what was destroyed of it by decision; longer ones are sums of months. The key
    begins with what is asked for: the numbers of one question lie side by side, in the order of time.
    """

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    organisation: Mapped[str] = mapped_column(String(64), primary_key=True)
    line: Mapped[str] = mapped_column(String(64), primary_key=True)
    grain: Mapped[Grain] = mapped_column(closed_set(Grain, "grain"), primary_key=True)
    unit: Mapped[TallyUnit] = mapped_column(closed_set(TallyUnit, "unit"), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(16), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]
