"""What is answered and noted in a record lies behind the record's wall, whatever is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from app.domain.calls import Source
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.storage.engine import configure_engine, engine_options
from app.storage.models import Consultation, ConsultationChange, ConsultationNote, ConsultationTag
from app.storage.scope import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEHIND = (ConsultationTag, ConsultationNote, ConsultationChange)


def actor(line: str) -> Actor:
    reach = frozenset({LineKey(line)})
    return Actor(AccountId("somebody"), None, OrganisationKey(line), reach, frozenset({Role.SPECIALIST}))


def parts(number: int) -> list[ConsultationTag | ConsultationNote | ConsultationChange]:
    return [
        ConsultationTag(consultation_id=number, kind="theme", code="FYS", position=1),
        ConsultationNote(consultation_id=number, text="hemligt"),
        ConsultationChange(consultation_id=number, field="theme", version=1, account_id="a", page="", at=AT),
    ]


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """An engine of a role that is bound, on two records of two organisations."""
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)
    with Session(engine) as session:
        for number, line in enumerate(("skane", "nationell"), start=1):
            session.add(Consultation(id=number, organisation=line, line=line, source=Source.LIVE, opened_at=AT))
            session.flush()
            session.add_all(parts(number))
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_what_belongs_to_its_own_records(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, actor("skane"))
        seen = {number for model in BEHIND for number in desk.scalars(select(model.__table__.c.consultation_id))}
        counted = [desk.scalar(select(func.count()).select_from(model)) for model in BEHIND]

    assert seen == {1}
    assert counted == [1, 1, 1]


def test_nothing_is_put_into_anothers_record(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, actor("skane"))
        desk.add(ConsultationTag(consultation_id=2, kind="theme", code="SEX", position=2))

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()


@pytest.mark.parametrize(
    "wrong",
    [
        {"exposed": 21},
        {"exposed": -1},
        {"version": -1},
        {"place": "KOMMUN"},
        {"place": "KOMMUN", "municipality": "1280"},
        {"place": "LAN", "municipality": "1280", "county": "12"},
        {"place": "HELA_LAN"},
        {"place": "OKAND", "county": "12"},
        {"municipality": "1280"},
    ],
    ids=str,
)
def test_the_schema_refuses_an_impossible_place_or_number(session: Session, wrong: dict[str, object]) -> None:
    session.add(Consultation(id=1, organisation="skane", line="skane", source=Source.LIVE, opened_at=AT, **wrong))

    with pytest.raises(IntegrityError):
        session.flush()
