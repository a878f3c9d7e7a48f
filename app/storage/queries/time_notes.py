"""Notes on the time axis, as far as they are the asker's to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.storage.models import TimeNote
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor
    from app.domain.trends import Period


def between(session: Session, actor: Actor, lines: Collection[LineKey], period: Period) -> Sequence[TimeNote]:
    """Those of these lines or of the whole organisation, of these days; the earliest first."""
    query = visible(select(TimeNote), TimeNote, actor)
    query = query.where(or_(TimeNote.line.is_(None), TimeNote.line.in_(sorted(lines))))
    query = query.where(TimeNote.day.between(period.first, period.last))
    return session.scalars(query.order_by(TimeNote.day, TimeNote.id)).all()


def all_of(session: Session, actor: Actor) -> Sequence[TimeNote]:
    """All that the actor may see, the latest first."""
    query = visible(select(TimeNote), TimeNote, actor)
    return session.scalars(query.order_by(TimeNote.day.desc(), TimeNote.id.desc())).all()
