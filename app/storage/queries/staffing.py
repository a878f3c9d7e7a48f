"""What staffing is reckoned from: when calls ask for a specialist, and how long they are talked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Integer, cast, extract, func, select

from app.domain.calls import AttemptState, Outcome
from app.storage.models import Attempt, Call
from app.storage.queries.scoped import dialled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.permissions import Actor

_ASKED_FOR_NOBODY = (Outcome.CLOSED, Outcome.REFERRED)
"""It was closed, or they were told where else to turn before anybody was rung."""
_QUARTER = 15
"""Minutes. Every zone's clock strikes its hours at a quarter of an hour of UTC's."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The calls of one line in one period."""

    by_quarter: Mapping[datetime, int]
    """How many asked for a specialist, by the quarter of an hour in which they began: an instant in UTC."""
    talks: int
    """How many the line's own specialists answered, and Twilio said how long they were talked."""
    talk_seconds: int
    """All these together."""


def offered(session: Session, actor: Actor, line: LineKey, begins: datetime, ends: datetime) -> Offered:
    """What came to a line in ``[begins, ends)``. Nothing, where it isn't in the actor's reach."""
    talks, talk_seconds = _talks(session, actor, line, begins, ends)
    return Offered(_by_quarter(session, actor, line, begins, ends), talks, talk_seconds)


def _by_quarter(
    session: Session, actor: Actor, line: LineKey, begins: datetime, ends: datetime
) -> Mapping[datetime, int]:
    year, month, day, hour, minute = (
        cast(extract(part, Call.started_at), Integer) for part in ("year", "month", "day", "hour", "minute")
    )
    parts = (year, month, day, hour, minute - minute % _QUARTER)
    query = dialled(select(func.count(), *parts).select_from(Call), actor)
    query = query.where(Call.line == line, Call.started_at >= begins, Call.started_at < ends)
    query = query.where(Call.outcome.not_in(_ASKED_FOR_NOBODY)).group_by(*parts)
    rows = session.execute(query)
    return {datetime(y, m, d, h, q, tzinfo=UTC): number for number, y, m, d, h, q in rows}


def _talks(session: Session, actor: Actor, line: LineKey, begins: datetime, ends: datetime) -> tuple[int, int]:
    seconds = func.coalesce(Attempt.dial_seconds, Attempt.leg_seconds)
    query = dialled(select(func.count(seconds), func.sum(seconds)).select_from(Call), actor)
    query = query.join(Attempt, Attempt.call_id == Call.id)
    query = query.where(Call.line == line, Call.started_at >= begins, Call.started_at < ends)
    query = query.where(Call.outcome == Outcome.ANSWERED, Attempt.state == AttemptState.ACCEPTED)
    # Those of another organisation's staff stand behind the second wall. SQLite, which has none, leaves them out so.
    query = query.where(Attempt.bridged.is_not(False), Attempt.overflow_line.is_(None))
    talks, talked = session.execute(query).one()
    return talks, int(talked or 0)
