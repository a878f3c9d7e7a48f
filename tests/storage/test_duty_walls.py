"""Who is in a rota, away, pausing or standing in is seen, and changed, by their own organisation's desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.domain.phone import PhoneNumber
from app.storage.engine import create_engine_for
from app.storage.models import (
    Absence,
    Cover,
    DatedHours,
    Pause,
    RotaMembership,
    Staff,
    TemporaryPerson,
    TemporarySchedule,
)
from app.storage.scope import narrow
from tests.services.today_cast import actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.storage.base import Base

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
TIMES = {"begins": AT, "ends": AT + timedelta(hours=3)}
WALLED = (Absence, Cover, DatedHours, Pause, RotaMembership, TemporaryPerson)


def duty_of(line: str, schedule: int) -> list[Base]:
    """One row of each table that says something of the line's people; of covers one of each kind."""
    return [
        Absence(staff_id=line, made_at=AT, **TIMES),
        Cover(rota=line, stands_in_id=line, made_at=AT, **TIMES),
        Cover(rota=line, instead_of_id=line, made_at=AT, **TIMES),
        Pause(staff_id=line, **TIMES),
        RotaMembership(rota=line, staff_id=line, begins=date(2026, 1, 1), position=1),
        TemporaryPerson(schedule_id=schedule, place=schedule, staff_id=line),
        DatedHours(line=line, day=date(2026, 11, 24), intervals=[], because="övning", made_at=AT),
    ]


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """Two organisations, each with somebody who is in a rota, away, pausing and standing in."""
    engine = create_engine_for(postgresql_url)
    with Session(engine) as session:
        for number, line in enumerate(("skane", "nationell"), 1):
            staff = Staff(id=line, organisation=line, alias="Övning", name="Övning", competences=[], languages=[])
            staff.phone, staff.created_at = PhoneNumber(f"+4670174064{number}"), AT
            session.add(staff)
            session.add(TemporarySchedule(id=number, rota=line, made_at=AT, **TIMES))
            session.flush()
            session.add_all(duty_of(line, number))
        session.commit()
    yield engine
    engine.dispose()


def counted(session: Session) -> dict[str, int]:
    return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in WALLED}


def test_the_desk_sees_the_duty_of_its_own_people(walled: Engine) -> None:
    with Session(walled) as job, Session(walled) as desk:
        narrow(desk, actor())

        assert counted(job) == {model.__tablename__: 2 for model in WALLED} | {"cover": 4}
        assert counted(desk) == {model.__tablename__: 1 for model in WALLED} | {"cover": 2}
        assert set(desk.scalars(select(Cover.rota))) == {"skane"}


@pytest.mark.parametrize("which", range(7))
def test_the_desk_changes_the_duty_of_nobody_elses(walled: Engine, which: int) -> None:
    with Session(walled) as desk:
        narrow(desk, actor())
        row = duty_of("nationell", 1)[which]
        if isinstance(row, RotaMembership):
            row.begins = date(2026, 2, 1)
        desk.add(row)

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()


def test_nobody_of_another_organisation_stands_in_at_the_desk(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, actor())
        desk.add(Cover(rota="skane", stands_in_id="nationell", instead_of_id="skane", made_at=AT, **TIMES))

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()
