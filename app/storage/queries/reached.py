"""When each municipality was last heard of, and how many people live there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, union_all

from app.domain.lines import MunicipalityCode
from app.storage.models import Population, Tally
from app.storage.queries.scoped import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey, OrganisationKey
    from app.domain.permissions import Actor
    from app.domain.tallies import Piece, Question

_AT_ONCE = 500


def last_by_code(
    session: Session, actor: Actor, lines: Collection[LineKey], pieces: Iterable[Piece], question: Question
) -> Mapping[str, date]:
    """Of each answer that was given in these pieces of time the last day, or the first day of the last month."""
    unit, dimension = question
    parts = [
        visible(select(Tally.code.label("code"), func.max(Tally.first_day).label("day")), Tally, actor)
        .where(Tally.line.in_(sorted(lines)), Tally.grain == piece.grain)
        .where(Tally.unit == unit, Tally.dimension == dimension, Tally.first_day.between(piece.first, piece.last))
        .group_by(Tally.code)
        for piece in pieces
    ]
    each = union_all(*parts).subquery()
    query = select(each.c.code, func.max(each.c.day)).group_by(each.c.code)
    return {row[0]: row[1] for row in session.execute(query)}


def newest_population(session: Session, actor: Actor) -> Mapping[MunicipalityCode, tuple[int, int]]:
    """By municipality, the newest year that is known, and how many lived there then."""
    query = visible(select(Population.municipality, Population.year, Population.number), Population, actor)
    rows = session.execute(query.order_by(Population.year))
    return {MunicipalityCode(code): (year, number) for code, year, number in rows}


def population_of(session: Session, organisation: OrganisationKey) -> Mapping[tuple[str, int], int]:
    """By municipality and year, what an organisation has taken in."""
    query = select(Population.municipality, Population.year, Population.number)
    rows = session.execute(query.where(Population.organisation == organisation))
    return {(code, year): number for code, year, number in rows}


def store_population(
    session: Session, organisation: OrganisationKey, rows: Sequence[tuple[MunicipalityCode, int, int]]
) -> None:
    """Write municipality, year and number, in the place of what stands there."""
    for year in sorted({year for _, year, _ in rows}):
        codes = [code for code, of, _ in rows if of == year]
        for begins in range(0, len(codes), _AT_ONCE):
            session.execute(
                delete(Population).where(
                    Population.organisation == organisation,
                    Population.year == year,
                    Population.municipality.in_(codes[begins : begins + _AT_ONCE]),
                )
            )
    values = [
        {"organisation": organisation, "municipality": code, "year": year, "number": number}
        for code, year, number in rows
    ]
    if values:
        session.execute(insert(Population), values)
