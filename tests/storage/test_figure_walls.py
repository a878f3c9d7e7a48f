"""Populations and published figures that an organisation took in lie behind its wall, whatever is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.domain.history import SeriesUnit
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.storage.engine import configure_engine, engine_options
from app.storage.models import EarlierFigure, Population
from app.storage.scope import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SKANE = Actor(
    AccountId("chef"), None, OrganisationKey("skane"), frozenset({LineKey("skane")}), frozenset({Role.MANAGER})
)


def people(organisation: str, year: int = 2025) -> Population:
    return Population(organisation=organisation, municipality="1280", year=year, number=365_000)


def figure(organisation: str, line: str, year: int = 2015) -> EarlierFigure:
    one = EarlierFigure(organisation=organisation, line=line, unit=SeriesUnit.CASES, number=298, source="Övning")
    one.first_day, one.last_day, one.imported_at = date(year, 1, 1), date(year, 12, 31), AT
    return one


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """An engine of a role that is bound, on rows of two organisations and of a line out of reach."""
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)
    with Session(engine) as session:
        session.add_all([people("skane"), people("nationell"), figure("skane", "skane"), figure("skane", "skane-natt")])
        session.add(figure("nationell", "nationell"))
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_what_its_own_lines_took_in(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, SKANE)

        assert desk.scalars(select(Population.organisation)).all() == ["skane"]
        assert desk.scalars(select(EarlierFigure.line)).all() == ["skane"]


@pytest.mark.parametrize(
    "row", [people("nationell", 2024), figure("nationell", "nationell", 2016), figure("skane", "skane-natt", 2016)]
)
def test_nothing_is_written_behind_anothers_wall(walled: Engine, row: Population | EarlierFigure) -> None:
    with Session(walled) as desk:
        narrow(desk, SKANE)
        desk.add(row)

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()
