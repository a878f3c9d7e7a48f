"""What an organisation gathers by the year: training occasions, and notes on gaps, good examples and the time axis."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import delete, extract, func, select

from app.domain.consultations import Place
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.taxonomy import Code
from app.domain.training import Occasion
from app.storage.models import Account, Observation, TimeNote, TrainingOccasion, TrainingService
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.domain.permissions import Actor

_Row = TypeVar("_Row", Observation, TimeNote, TrainingOccasion)
_DAYS: Mapping[type, InstrumentedAttribute[date]] = {
    Observation: Observation.noted_on,
    TimeNote: TimeNote.day,
    TrainingOccasion: TrainingOccasion.held_on,
}


def of_year(session: Session, of: type[_Row], actor: Actor, year: int) -> Sequence[_Row]:
    """The rows of a year, the latest first."""
    day = _day(of)
    query = visible(select(of), of, actor).where(_within(day, year))
    return session.scalars(query.order_by(day.desc(), of.id.desc())).all()


def years(session: Session, of: type[_Row], actor: Actor) -> Sequence[int]:
    """Those that have any, the latest first."""
    year = extract("year", _day(of)).label("year")
    query = visible(select(year).select_from(of), of, actor).distinct().order_by(year.desc())
    return [int(one) for one in session.scalars(query)]


def codes_of_year(session: Session, actor: Actor, year: int) -> Mapping[Code, int]:
    """How many notes there are of each code; no note is opened for it."""
    query = visible(select(Observation.code, func.count()), Observation, actor)
    query = query.where(_within(Observation.noted_on, year)).group_by(Observation.code)
    return {Code(code): number for code, number in session.execute(query)}


def row(session: Session, of: type[_Row], actor: Actor, number: int) -> _Row | None:
    """One row; ``None`` when there is none, or it isn't the actor's to see."""
    return session.scalars(visible(select(of).where(of.id == number), of, actor)).one_or_none()


def held_row(session: Session, of: type[_Row], actor: Actor, number: int) -> _Row | None:
    """The same, locked until the transaction ends."""
    query = visible(select(of).where(of.id == number), of, actor).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def added_by(session: Session, of: type[_Row], actor: Actor, token: str) -> int | None:
    """The id of the row that a form added."""
    return session.scalar(visible(select(of.id).where(of.token == token), of, actor))


def alias_of(session: Session, account: str) -> str:
    """Who it is; empty when the account is gone."""
    return session.scalar(select(Account.alias).where(Account.id == account)) or ""


def services_of(session: Session, occasions: Collection[int]) -> Mapping[int, tuple[Code, ...]]:
    """Whom training occasions were for, all by one query."""
    found: dict[int, tuple[Code, ...]] = defaultdict(tuple)
    query = select(TrainingService).where(TrainingService.training_id.in_(occasions))
    for one in session.scalars(query.order_by(TrainingService.training_id, TrainingService.position)):
        found[one.training_id] += (Code(one.code),)
    return found


def occasion_of(row: TrainingOccasion, services: tuple[Code, ...]) -> Occasion:
    """What a row says, with whom it was for."""
    municipality = MunicipalityCode(row.municipality) if row.municipality else None
    place = Place(row.place, municipality, CountyCode(row.county) if row.county else None)
    return Occasion(row.held_on, row.participants, row.minutes, row.kind, services, place)


def store_services(session: Session, occasion: int, services: Sequence[Code]) -> None:
    """Write whom a training occasion was for; nobody, before it is deleted."""
    session.execute(delete(TrainingService).where(TrainingService.training_id == occasion))
    session.add_all(
        TrainingService(training_id=occasion, code=code, position=position)
        for position, code in enumerate(services, start=1)
    )
    session.flush()


def _within(day: InstrumentedAttribute[date], year: int) -> ColumnElement[bool]:
    return day.between(date(year, 1, 1), date(year, 12, 31))


def _day(of: type[_Row]) -> InstrumentedAttribute[date]:
    return _DAYS[of]
