"""Stored tallies: which have to be made anew, writing them, and reading them for whoever may."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select, union_all

from app.domain.lines import LineKey
from app.domain.retention import NO_LINE
from app.domain.tallies import Cell, Dimension, Grain, TallyUnit
from app.storage.models import DirtyDay, RetentionTally, Tally
from app.storage.queries.counted_rows import Owner
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.tallies import Piece, Question
    from app.domain.trends import Period

_AT_ONCE = 500
_QUIET = {"synchronize_session": False}


def is_dirty(session: Session) -> bool:
    """Whether anything has changed since it was counted."""
    return session.scalar(select(DirtyDay.id).limit(1)) is not None


def dirty(session: Session) -> Mapping[tuple[Owner, date], list[int]]:
    """The days of UTC that have changed, each with its marks."""
    found: dict[tuple[Owner, date], list[int]] = defaultdict(list)
    one = DirtyDay
    for number, organisation, line, day in session.execute(select(one.id, one.organisation, one.line, one.day)):
        found[Owner(organisation, LineKey(line)), day].append(number)
    return found


def clean(session: Session, marks: Sequence[int]) -> None:
    """Take these marks away."""
    for begins in range(0, len(marks), _AT_ONCE):
        session.execute(
            delete(DirtyDay).where(DirtyDay.id.in_(marks[begins : begins + _AT_ONCE])), execution_options=_QUIET
        )


def owners(session: Session) -> set[Owner]:
    """Everybody who has a number, or a day to be counted."""
    return {
        Owner(organisation, LineKey(line))
        for model in (Tally, RetentionTally, DirtyDay)
        for organisation, line in session.execute(select(model.organisation, model.line).distinct())
        if line != NO_LINE
    }


def days_of(session: Session, owner: Owner) -> Sequence[date]:
    """The first and the last day, or month, of which there is a number; none where there is none."""
    days = select(Tally.first_day.label("day")).where(_of(owner))
    months = select(RetentionTally.month).where(
        RetentionTally.organisation == owner.organisation, RetentionTally.line == owner.line
    )
    known = union_all(days, months).subquery()
    return [day for day in session.execute(select(func.min(known.c.day), func.max(known.c.day))).one() if day]


def destroyed(session: Session, owner: Owner, month: date) -> Counter[Cell]:
    """What was counted of the records of this month that were destroyed since."""
    one = RetentionTally
    query = select(one.unit, one.dimension, one.code, one.number).where(
        one.organisation == owner.organisation, one.line == owner.line, one.month == month
    )
    return Counter({Cell(unit, dimension, code): number for unit, dimension, code, number in session.execute(query)})


def store(session: Session, owner: Owner, grain: Grain, counted: Mapping[date, Mapping[Cell, int]]) -> None:
    """Write what was counted of these days or months in the place of what stands there."""
    named = {"organisation": owner.organisation, "line": owner.line, "grain": grain}
    session.execute(
        delete(Tally).where(_of(owner), Tally.grain == grain, Tally.first_day.in_(counted)), execution_options=_QUIET
    )
    rows = [
        {**named, "unit": cell.unit, "dimension": cell.dimension, "first_day": day, "code": cell.code, "number": number}
        for day, cells in counted.items()
        for cell, number in cells.items()
        if number
    ]
    if rows:
        session.execute(insert(Tally), rows)


def summed_of(session: Session, owner: Owner, grain: Grain, period: Period) -> Counter[Cell]:
    """The sum of the days, or months, of a period."""
    one = Tally
    query = select(one.unit, one.dimension, one.code, func.sum(one.number)).where(
        _of(owner), one.grain == grain, one.first_day.between(period.first, period.last)
    )
    rows = session.execute(query.group_by(one.unit, one.dimension, one.code))
    return Counter({Cell(unit, dimension, code): number for unit, dimension, code, number in rows})


def all_of(session: Session) -> Mapping[tuple[str, str, Grain, date], Mapping[Cell, int]]:
    """Every number there is: for comparing with what the rows say."""
    found: dict[tuple[str, str, Grain, date], dict[Cell, int]] = defaultdict(dict)
    one = Tally
    columns = (one.organisation, one.line, one.grain, one.first_day, one.unit, one.dimension, one.code, one.number)
    for organisation, line, grain, day, unit, dimension, code, number in session.execute(select(*columns)):
        found[organisation, line, grain, day][Cell(unit, dimension, code)] = number
    return found


def summed(
    session: Session, actor: Actor, lines: Collection[LineKey], pieces: Iterable[Piece], questions: Collection[Question]
) -> Counter[Cell]:
    """The answers to these questions, all lines and pieces of time together."""
    one, total = Tally, Counter[Cell]()
    parts = [
        visible(select(one.unit, one.dimension, one.code, func.sum(one.number)), one, actor)
        .where(one.line.in_(sorted(lines)), one.grain == piece.grain, _asks(questions))
        .where(one.first_day.between(piece.first, piece.last))
        .group_by(one.unit, one.dimension, one.code)
        for piece in pieces
    ]
    for unit, dimension, code, number in session.execute(union_all(*parts)) if parts else ():
        total[Cell(unit, dimension, code)] += number
    return total


def over_time(
    session: Session, actor: Actor, lines: Collection[LineKey], piece: Piece, questions: Collection[Question]
) -> Mapping[date, Counter[Cell]]:
    """The answers to these questions by day, month, quarter or year, all lines together; without numbers: not there."""
    one = Tally
    query = visible(select(one.first_day, one.unit, one.dimension, one.code, func.sum(one.number)), one, actor)
    query = query.where(one.line.in_(sorted(lines)), one.grain == piece.grain, _asks(questions))
    query = query.where(one.first_day.between(piece.first, piece.last))
    found: dict[date, Counter[Cell]] = defaultdict(Counter)
    for day, unit, dimension, code, number in session.execute(
        query.group_by(one.first_day, one.unit, one.dimension, one.code)
    ):
        found[day][Cell(unit, dimension, code)] = number
    return found


def first_day(session: Session, actor: Actor, line: LineKey) -> date | None:
    """The first day of which a call or a consultation of the line was counted; of what was destroyed, the month's."""
    firsts = [
        visible(select(func.min(Tally.first_day)), Tally, actor)
        .where(Tally.line == line, Tally.grain == grain, Tally.unit == unit, Tally.dimension == Dimension.ALL)
        .scalar_subquery()
        for grain in (Grain.DAY, Grain.MONTH)
        for unit in (TallyUnit.CALL, TallyUnit.CONSULTATION)
    ]
    *of_days, call_month, consultation_month = session.execute(select(*firsts)).one()
    days = {day for day in of_days if day}
    months = {month for month in (call_month, consultation_month) if month} - {day.replace(day=1) for day in days}
    return min(days | months, default=None)


def _asks(questions: Collection[Question]) -> ColumnElement[bool]:
    """By two lists and not by pairs: so both databases go by the key. A question more is no harm."""
    units, dimensions = ({question[part] for question in questions} for part in (0, 1))
    return and_(Tally.unit.in_(sorted(units)), Tally.dimension.in_(sorted(dimensions)))


def _of(owner: Owner) -> ColumnElement[bool]:
    return and_(Tally.organisation == owner.organisation, Tally.line == owner.line)
