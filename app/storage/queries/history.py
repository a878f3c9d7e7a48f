"""Published figures of a line, and how many cases it opened by the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, literal, select, union_all

from app.domain.history import SeriesUnit
from app.domain.lines import LineKey
from app.domain.retention import RecordClass
from app.storage.models import Case, Destruction, EarlierFigure
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

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


def cases_opened(
    session: Session, actor: Actor, line: LineKey, years: Mapping[int, tuple[datetime, datetime]]
) -> Mapping[int, int]:
    """How many cases were opened in each year, whose instants ``[begins, ends)`` are given."""
    parts = [
        visible(select(literal(year), func.count()).select_from(Case), Case, actor).where(
            Case.line == line, Case.opened_at >= begins, Case.opened_at < ends
        )
        for year, (begins, ends) in years.items()
    ]
    return {row[0]: row[1] for row in session.execute(union_all(*parts))} if parts else {}


def cases_destroyed_before(session: Session, actor: Actor) -> datetime | None:
    """Cases that ended before this instant have been destroyed; ``None``: none has."""
    query = visible(select(func.max(Destruction.before)), Destruction, actor)
    return session.scalar(query.where(Destruction.record_class == RecordClass.CASES, Destruction.number > 0))
