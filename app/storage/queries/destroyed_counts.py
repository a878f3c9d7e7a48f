"""What stays of destroyed records: how many there were, by month, counted in the transaction that destroys them.

Of the same things the figures count by week what is still there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.lines import LineKey
from app.domain.municipalities import CountyCode
from app.domain.register import SWEDEN
from app.domain.retention import (
    ALL,
    NO_LINE,
    RecordClass,
    cells_of_observation,
    cells_of_occasion,
    cells_of_participants,
    month_of,
)
from app.domain.tallies import CountedCall, HeldConsultation, TallyUnit, cells_of, cells_of_call
from app.domain.taxonomy import Code
from app.domain.trends import WRONG_TARGET, Tally
from app.domain.wall_clock import local_time
from app.storage.models import Call, Consultation, Observation, RetentionTally, TrainingOccasion
from app.storage.queries.by_year import occasion_of, services_of
from app.storage.queries.consultations import answers_of
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor

    _Tallies = Counter[tuple[str, str, TallyUnit, date, str, str]]

_CELLS = {
    (TallyUnit.CALL, *ALL): Tally(calls=1),
    (TallyUnit.CONSULTATION, *ALL): Tally(held=1),
    (TallyUnit.CONSULTATION, *map(str, WRONG_TARGET)): Tally(held=-1, wrong_target=1),
}
"""What one record of a cell is in the figures."""
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def keep_count(session: Session, kind: RecordClass, ids: Sequence[int]) -> None:
    """Add these rows of the class's model, which are there still, to what was counted before.

    Notes, call-backs and cases aren't counted: what they were part of is.
    """
    _add(session, _counted(session, kind, ids))


def destroyed_by_month(
    session: Session, actor: Actor, lines: Collection[LineKey]
) -> Mapping[LineKey, Mapping[date, Tally]]:
    """What was destroyed of these lines' calls and held consultations, by the first day of the month they were of."""
    cell = (RetentionTally.unit, RetentionTally.dimension, RetentionTally.code)
    query = select(RetentionTally.line, RetentionTally.month, *cell, RetentionTally.number)
    query = query.where(RetentionTally.line.in_(sorted(lines)), tuple_(*cell).in_(list(_CELLS)))
    found: dict[LineKey, dict[date, Tally]] = {line: defaultdict(Tally) for line in lines}
    rows = session.execute(visible(query, RetentionTally, actor).order_by(RetentionTally.line, RetentionTally.month))
    for line, month, unit, dimension, code, number in rows:
        found[LineKey(line)][month] += number * _CELLS[unit, dimension, code]
    return found


def _counted(session: Session, kind: RecordClass, ids: Sequence[int]) -> _Tallies:
    match kind:
        case RecordClass.NOTES | RecordClass.CALLBACKS | RecordClass.CASES:
            return Counter()
        case RecordClass.CONSULTATIONS:
            return _consultations(session, ids)
        case RecordClass.CALLS:
            return _calls(session, ids)
        case RecordClass.TRAININGS:
            return _trainings(session, ids)
        case RecordClass.OBSERVATIONS:
            return _observations(session, ids)


def _consultations(session: Session, ids: Sequence[int]) -> _Tallies:
    records = session.scalars(select(Consultation).where(Consultation.id.in_(ids))).all()
    counted: _Tallies = Counter()
    for number, answers in answers_of(session, records).items():
        one = next(record for record in records if record.id == number)
        month = month_of(one.held_at or one.opened_at)
        for cell, many in cells_of(HeldConsultation(answers, one.channel)):
            counted[one.organisation, one.line, cell.unit, month, cell.dimension, cell.code] += many
    for one in records:
        session.expunge(one)
    return counted


def _calls(session: Session, ids: Sequence[int]) -> _Tallies:
    counted: _Tallies = Counter()
    columns = (Call.organisation, Call.line, Call.started_at, Call.outcome)
    for organisation, line, began, outcome in session.execute(select(*columns).where(Call.id.in_(ids))):
        # How long it waited and was talked goes with its attempts.
        call = CountedCall(local_time(began, SWEDEN), outcome, None, None)
        where = (organisation, line, TallyUnit.CALL, month_of(began))
        counted.update((*where, cell.dimension, cell.code) for cell in cells_of_call(call))
    return counted


def _trainings(session: Session, ids: Sequence[int]) -> _Tallies:
    counted: _Tallies = Counter()
    services = services_of(session, ids)
    for one in session.scalars(select(TrainingOccasion).where(TrainingOccasion.id.in_(ids))).all():
        occasion, where, month = occasion_of(one, services[one.id]), (one.organisation, NO_LINE), _first(one.held_on)
        counted.update((*where, TallyUnit.TRAINING, month, *cell) for cell in cells_of_occasion(occasion))
        for cell in cells_of_participants(occasion):
            counted[*where, TallyUnit.PARTICIPANT, month, *cell] += occasion.participants
        session.expunge(one)
    return counted


def _observations(session: Session, ids: Sequence[int]) -> _Tallies:
    """Without opening their words."""
    counted: _Tallies = Counter()
    columns = (Observation.organisation, Observation.noted_on, Observation.code)
    query = select(*columns, Observation.service, Observation.county).where(Observation.id.in_(ids))
    for organisation, day, code, service, county in session.execute(query):
        where = (organisation, NO_LINE, TallyUnit.OBSERVATION, _first(day))
        told = (Code(service) if service else None, CountyCode(county) if county else None)
        cells = cells_of_observation(Code(code), *told)
        counted.update((*where, *cell) for cell in cells)
    return counted


def _first(day: date) -> date:
    return day.replace(day=1)


def _add(session: Session, counted: _Tallies) -> None:
    names = ("organisation", "line", "unit", "month", "dimension", "code")
    insert = _INSERT[session.get_bind().dialect.name](RetentionTally)
    added = insert.on_conflict_do_update(  # type: ignore[attr-defined] # both dialects have it
        index_elements=list(names),
        set_={"number": RetentionTally.number + insert.excluded.number},  # type: ignore[attr-defined] # as above
    )
    rows = [{**dict(zip(names, cell, strict=True)), "number": number} for cell, number in sorted(counted.items())]
    if rows:
        session.execute(added, rows)
