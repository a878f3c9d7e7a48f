"""Published figures of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.domain.history import SeriesUnit
from app.domain.lines import LineKey
from app.storage.models import EarlierFigure
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor

Series = tuple[LineKey, SeriesUnit]


def figures(session: Session, actor: Actor, lines: Collection[LineKey]) -> Sequence[EarlierFigure]:
    """All that was taken in of these lines, in the order of time."""
    query = visible(select(EarlierFigure), EarlierFigure, actor).where(EarlierFigure.line.in_(sorted(lines)))
    order = (EarlierFigure.line, EarlierFigure.unit, EarlierFigure.first_day)
    return session.scalars(query.order_by(*order)).all()


def figures_of(session: Session, lines: Collection[LineKey]) -> Sequence[EarlierFigure]:
    """The same for a command, and for whoever has these lines in reach."""
    query = select(EarlierFigure).where(EarlierFigure.line.in_(sorted(lines)))
    order = (EarlierFigure.line, EarlierFigure.unit, EarlierFigure.first_day)
    return session.scalars(query.order_by(*order)).all()


def take_away(session: Session, series: Series) -> int:
    """Delete what was taken in of this line and unit; gives how many figures it was."""
    line, unit = series
    query = delete(EarlierFigure).where(EarlierFigure.line == line, EarlierFigure.unit == unit)
    return len(session.scalars(query.returning(EarlierFigure.first_day)).all())
