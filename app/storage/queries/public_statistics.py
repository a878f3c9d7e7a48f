"""The true counts of one line in one year, to be published with the small ones withheld. Nothing else counts for it.

A line's rows are found by organisation and line, without an actor: a job asks, and publishes for everybody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, select

from app.domain.public_statistics import AGE_GROUPS, Counted, Dimension
from app.domain.trends import WRONG_TARGET
from app.domain.withholding import Count
from app.storage.models import Call, Consultation, ConsultationTag, PublishedYear, RetentionTally

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.lines import Line

_TAGGED = (Dimension.SERVICE, Dimension.TYPE, Dimension.THEME)


@dataclass(frozen=True, slots=True)
class Year:
    """A line's year: the instants at which its four quarters begin, and the one at which the last of them ends."""

    line: Line
    edges: tuple[datetime, datetime, datetime, datetime, datetime]

    @property
    def quarters(self) -> Sequence[tuple[datetime, datetime]]:
        """Each ``[begins, ends)``."""
        return list(zip(self.edges, self.edges[1:], strict=False))


def counted(session: Session, year: Year) -> Counted:
    """Calls to the line, and consultations of it that were held, without those of the wrong target group."""
    whole = (year.edges[0], year.edges[-1])
    total, by_age = _exposed(session, _held(year.line, *whole))
    return Counted(
        held=[session.scalar(select(func.count()).where(_held(year.line, *one))) or 0 for one in year.quarters],
        calls=[session.scalar(select(func.count()).where(_came(year.line, *one))) or 0 for one in year.quarters],
        held_by={
            **_by_tag(session, _held(year.line, *whole)),
            Dimension.MUNICIPALITY: _by_municipality(session, _held(year.line, *whole)),
        },
        exposed=total,
        exposed_by_age=by_age,
        outcomes=_by_outcome(session, _came(year.line, *whole)),
    )


def first_instant(session: Session, line: Line) -> datetime | None:
    """When the line's first call began, or its first consultation was held."""
    ours = and_(Call.organisation == line.organisation, Call.line == line.key)
    held = and_(
        Consultation.organisation == line.organisation, Consultation.line == line.key, Consultation.held_at.is_not(None)
    )
    queries = (select(func.min(Call.started_at)).where(ours), select(func.min(Consultation.held_at)).where(held))
    return min((first for query in queries if (first := session.scalar(query))), default=None)


def is_destroyed(session: Session, line: Line, first: date, last: date) -> bool:
    """Whether something of these days was destroyed: what is left of them isn't all that there was."""
    gone = select(RetentionTally.line).where(
        RetentionTally.organisation == line.organisation,
        RetentionTally.line == line.key,
        RetentionTally.month.between(first, last),
    )
    return session.scalar(gone.limit(1)) is not None


def years_published(session: Session, lines: Collection[Line]) -> Sequence[PublishedYear]:
    """What was published of these lines, the latest year first."""
    keys = [line.key for line in lines]
    query = select(PublishedYear).where(PublishedYear.line.in_(keys)).order_by(PublishedYear.year.desc())
    return session.scalars(query).all()


def _held(line: Line, begins: datetime, ends: datetime) -> ColumnElement[bool]:
    kind, code = WRONG_TARGET
    wrong = exists().where(
        ConsultationTag.consultation_id == Consultation.id, ConsultationTag.kind == kind, ConsultationTag.code == code
    )
    return and_(
        Consultation.organisation == line.organisation,
        Consultation.line == line.key,
        Consultation.held_at >= begins,
        Consultation.held_at < ends,
        ~wrong.correlate(Consultation),
    )


def _came(line: Line, begins: datetime, ends: datetime) -> ColumnElement[bool]:
    return and_(
        Call.organisation == line.organisation,
        Call.line == line.key,
        Call.started_at >= begins,
        Call.started_at < ends,
    )


def _by_tag(session: Session, held: ColumnElement[bool]) -> Mapping[Dimension, Mapping[str, int]]:
    query = (
        select(ConsultationTag.kind, ConsultationTag.code, func.count())
        .join(Consultation, Consultation.id == ConsultationTag.consultation_id)
        .where(held, ConsultationTag.kind.in_(_TAGGED))
        .group_by(ConsultationTag.kind, ConsultationTag.code)
    )
    found: dict[Dimension, dict[str, int]] = defaultdict(dict)
    for kind, code, number in session.execute(query):
        found[Dimension(kind)][code] = number
    return found


def _by_municipality(session: Session, held: ColumnElement[bool]) -> Mapping[str, int]:
    query = select(Consultation.municipality, func.count()).where(held, Consultation.municipality.is_not(None))
    return {code: number for code, number in session.execute(query.group_by(Consultation.municipality)) if code}


def _exposed(session: Session, held: ColumnElement[bool]) -> tuple[Count, Mapping[str, Count]]:
    """All exposed persons, and those by the age group of the youngest of their consultation."""
    age = and_(ConsultationTag.consultation_id == Consultation.id, ConsultationTag.kind == Dimension.AGE)
    query = (
        select(ConsultationTag.code, func.sum(Consultation.exposed), func.count())
        .select_from(Consultation)
        .outerjoin(ConsultationTag, age)
        .where(held, Consultation.exposed > 0)
        .group_by(ConsultationTag.code)
    )
    total = Count()
    by_age: dict[str, Count] = defaultdict(Count)
    for code, persons, records in session.execute(query):
        one = Count(persons or 0, records)
        total += one
        if group := AGE_GROUPS.get(code or ""):
            by_age[group.value] += one
    return total, by_age


def _by_outcome(session: Session, came: ColumnElement[bool]) -> Mapping[str, int]:
    query = select(Call.outcome, func.count()).where(came).group_by(Call.outcome)
    return {outcome.value: number for outcome, number in session.execute(query)}
