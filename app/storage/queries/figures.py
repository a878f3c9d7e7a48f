"""How many calls and held consultations there are between two instants, for many pairs of instants at once.

Each pair is looked up in an index by itself: so a count costs what it counts, whatever else is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Integer, Select, String, and_, column, func, select, values

from app.domain.trends import WRONG_TARGET, Tally
from app.storage.models import Call, Consultation, ConsultationTag
from app.storage.queries.scoped import dialled, visible
from app.storage.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import CTE
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class Bucket:
    """The instants ``[begins, ends)`` of one line, to be counted together. ``number``: what the asker calls it."""

    line: LineKey
    number: int
    begins: datetime
    ends: datetime


Place = tuple[str, int]
"""A bucket's line and number."""


def counted(session: Session, actor: Actor, buckets: Sequence[Bucket]) -> Mapping[Place, Tally]:
    """What there is in each: calls that came to the line, whoever answered them, and consultations that are the line's.

    One statement for all three numbers: most of its time is spent on writing it down.
    """
    asked = _asked(buckets)
    numbers = (_calls(actor, asked), *_held(actor, asked))
    query = select(asked.c.line, asked.c.number, *(one.correlate(asked).scalar_subquery() for one in numbers))
    return {
        (line, number): Tally(calls, held - wrong, wrong) for line, number, calls, held, wrong in session.execute(query)
    }


def first_instant(session: Session, actor: Actor, line: LineKey) -> datetime | None:
    """When the line's first call began, or its first consultation was held."""
    calls = dialled(select(Call.started_at), actor).where(Call.line == line).order_by(Call.started_at)
    held = visible(select(Consultation.held_at), Consultation, actor).where(
        Consultation.line == line, Consultation.held_at.is_not(None)
    )
    firsts = (session.scalar(calls.limit(1)), session.scalar(held.order_by(Consultation.held_at).limit(1)))
    return min((first for first in firsts if first), default=None)


def _calls(actor: Actor, asked: CTE) -> Select[int]:
    return dialled(select(func.count()).select_from(Call), actor).where(_inside(asked, Call.line, Call.started_at))


def _held(actor: Actor, asked: CTE) -> tuple[Select[int], Select[int]]:
    """All that were held, and the wrong targets among them."""
    kind, code = WRONG_TARGET
    is_wrong = and_(
        ConsultationTag.consultation_id == Consultation.id, ConsultationTag.kind == kind, ConsultationTag.code == code
    )
    # An outer join, so that SQLite begins with the few of the bucket, and not with all that were ever tagged so.
    held = select(func.count()).select_from(Consultation)
    wrong = select(func.count(ConsultationTag.code)).select_from(Consultation).outerjoin(ConsultationTag, is_wrong)
    inside = _inside(asked, Consultation.line, Consultation.held_at)
    return visible(held, Consultation, actor).where(inside), visible(wrong, Consultation, actor).where(inside)


def _asked(buckets: Sequence[Bucket]) -> CTE:
    columns = (column("line", String), column("number", Integer), column("begins", Instant), column("ends", Instant))
    rows = [(one.line, one.number, one.begins, one.ends) for one in buckets]
    return values(*columns, name="bucket").data(rows).cte("bucket")


def _inside(
    asked: CTE,
    line: InstrumentedAttribute[str],
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> ColumnElement[bool]:
    return and_(line == asked.c.line, at >= asked.c.begins, at < asked.c.ends)
