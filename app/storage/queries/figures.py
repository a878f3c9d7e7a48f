"""How many calls and held consultations there are between two instants, for many pairs of instants at once.

Each pair is looked up in an index by itself: so a count costs what it counts, whatever else is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Integer, Select, String, and_, column, func, select, values

from app.domain.trends import WRONG_TARGET
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


def calls_in(session: Session, actor: Actor, buckets: Sequence[Bucket]) -> Mapping[Place, int]:
    """How many calls began in each, of those that came to the line: whoever answered them."""
    return {(line, number): calls for line, number, calls in session.execute(_calls(actor, buckets))}


def held_in(session: Session, actor: Actor, buckets: Sequence[Bucket]) -> Mapping[Place, tuple[int, int]]:
    """How many consultations were held in each, of those that are the line's; and how many of them as wrong target."""
    return {(line, number): (held, wrong) for line, number, held, wrong in session.execute(_held(actor, buckets))}


def first_call(session: Session, actor: Actor, line: LineKey) -> datetime | None:
    """When the line's first call began."""
    first = dialled(select(Call.started_at), actor).where(Call.line == line)
    return session.scalar(first.order_by(Call.started_at).limit(1))


def _calls(actor: Actor, buckets: Sequence[Bucket]) -> Select[str, int, int]:
    asked = _asked(buckets)
    calls = dialled(select(func.count()).select_from(Call), actor).where(_inside(asked, Call.line, Call.started_at))
    return select(asked.c.line, asked.c.number, calls.correlate(asked).scalar_subquery())


def _held(actor: Actor, buckets: Sequence[Bucket]) -> Select[str, int, int, int]:
    asked = _asked(buckets)
    kind, code = WRONG_TARGET
    is_wrong = and_(
        ConsultationTag.consultation_id == Consultation.id, ConsultationTag.kind == kind, ConsultationTag.code == code
    )
    # An outer join, so that SQLite begins with the few of the bucket, and not with all that were ever tagged so.
    ways = (
        select(func.count()).select_from(Consultation),
        select(func.count(ConsultationTag.code)).select_from(Consultation).outerjoin(ConsultationTag, is_wrong),
    )
    inside = _inside(asked, Consultation.line, Consultation.held_at)
    held, wrong = (visible(way, Consultation, actor).where(inside).correlate(asked).scalar_subquery() for way in ways)
    return select(asked.c.line, asked.c.number, held, wrong)


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
