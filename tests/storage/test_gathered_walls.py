"""Training occasions and notes lie behind their organisation's wall; old records say how they took place."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, create_engine, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from app.domain.callbacks import Closing
from app.domain.callflow.values import NumberSource
from app.domain.calls import Outcome, Source
from app.domain.channels import Channel
from app.domain.consultations import PlaceKind
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.training import TrainingKind
from app.storage import migrations
from app.storage.engine import configure_engine, create_engine_for, engine_options
from app.storage.models import (
    Call,
    CallbackRequest,
    Consultation,
    Observation,
    RegisterEntry,
    Staff,
    TrainingOccasion,
    TrainingService,
)
from app.storage.scope import narrow
from app.storage.types import Instant
from tests.storage.test_walls import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEFORE = AT - timedelta(hours=1)
ASTRID = Actor(
    AccountId("astrid"),
    None,
    OrganisationKey("skane"),
    frozenset({LineKey("skane")}),
    frozenset({Role.SPECIALIST}),
)


def occasion(organisation: str, number: int, **other: object) -> TrainingOccasion:
    usual = {"held_on": AT.date(), "participants": 5, "minutes": 60, "kind": TrainingKind.LECTURE}
    signed = {"version": 1, "token": secrets.token_hex(16), "changed_at": AT, "changed_by_id": "a"}
    place = {"place": PlaceKind.UNKNOWN}
    return TrainingOccasion(**{"id": number, "organisation": organisation, **usual, **place, **signed, **other})


def note(organisation: str, number: int) -> Observation:
    signed = {"version": 1, "token": secrets.token_hex(16), "changed_at": AT, "changed_by_id": "a"}
    return Observation(
        id=number, organisation=organisation, noted_on=date(2026, 11, 23), code="RUTIN", text="hemligt", **signed
    )


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """An engine of a role that is bound, on what two organisations gathered."""
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)
    with Session(engine) as session:
        for number, organisation in enumerate(("skane", "nationell"), start=1):
            session.add_all([occasion(organisation, number), note(organisation, number)])
            session.flush()
            session.add(TrainingService(training_id=number, code="SOC", position=1))
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_what_its_own_organisation_gathered(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, ASTRID)
        seen = [
            desk.scalars(select(column)).all()
            for column in (TrainingOccasion.id, TrainingService.training_id, Observation.id)
        ]

    assert seen == [[1], [1], [1]]


@pytest.mark.parametrize(
    "row",
    [occasion("nationell", 3), note("nationell", 3), TrainingService(training_id=2, code="HSV", position=2)],
    ids=lambda row: type(row).__name__,
)
def test_nothing_is_put_beyond_the_wall(walled: Engine, row: object) -> None:
    with Session(walled) as desk:
        narrow(desk, ASTRID)
        desk.add(row)

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()
        desk.expunge_all()


@pytest.mark.parametrize(
    "wrong",
    [{"participants": 0}, {"participants": 5001}, {"minutes": 14}, {"place": PlaceKind.MUNICIPALITY}, {"version": 0}],
    ids=str,
)
def test_the_schema_refuses_an_impossible_occasion(session: Session, wrong: dict[str, object]) -> None:
    session.add(occasion("skane", 1, **wrong))

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": Channel.EMAIL, "call_id": 1},
        {"withdrawn_at": AT, "version": 1},
        {"withdrawn_at": AT, "held_at": AT, "staff_id": "skane"},
    ],
    ids=str,
)
def test_the_schema_refuses_a_call_made_by_hand_and_a_withdrawn_record_with_content(
    session: Session, wrong: dict[str, object]
) -> None:
    fill(session)
    session.execute(text("DELETE FROM consultation WHERE id = 1"))
    session.add(Consultation(id=9, organisation="skane", line="skane", source=Source.LIVE, opened_at=AT, **wrong))

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_withdrawn_number_stands_for_no_record(session: Session) -> None:
    session.add(Consultation(id=9, organisation="skane", line="skane", source=Source.LIVE, opened_at=AT))
    session.flush()
    session.add(
        RegisterEntry(
            organisation="skane",
            year=2026,
            number=1,
            line="skane",
            consultation_id=9,
            registered_at=AT,
            withdrawn_at=AT,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


def test_records_of_before_say_how_they_took_place(database_url: str) -> None:
    migrations.downgrade(database_url, "0013")
    engine = create_engine_for(database_url)
    with Session(engine) as session, session.begin():
        _old_records(session)

    migrations.upgrade(database_url)

    with Session(engine) as session:
        channels = {one.id: one.channel for one in session.scalars(select(Consultation))}
    engine.dispose()
    assert channels == {1: Channel.CALL, 2: Channel.CALL_BACK, 3: Channel.CALL, 4: Channel.PHONE}


def _old_records(session: Session) -> None:
    """As the schema was: one that was answered, one that was rung back, one that nobody took, one without a call."""
    person = Staff(
        id="a", organisation="skane", alias="Övning", name="Påhittad Alfa", phone=PhoneNumber("+46701740640")
    )
    person.competences, person.languages, person.created_at = [], [], AT
    session.add(person)
    where = {"organisation": "skane", "line": "skane"}
    for number in (1, 2, 3):
        call = Call(id=number, sid=f"CA{number:032x}", **where, source=Source.LIVE, started_at=AT, last_heard_at=AT)
        call.arrived, call.outcome = True, Outcome.CALLBACK
        session.add(call)
    session.flush()
    asked = CallbackRequest(call_id=2, **where, number_source=NumberSource.CALLER, made_at=AT, confirmed_at=AT)
    asked.closed_as, asked.closed_at, asked.closed_by_id, asked.talked_at = Closing.TALKED, AT, "a", AT
    session.add(asked)
    session.flush()
    insert = text(
        "INSERT INTO consultation (id, call_id, organisation, line, source, opened_at, staff_id, held_at, version)"
        " VALUES (:id, :call, 'skane', 'skane', 'live', :at, :staff, :held, 0)"
    ).bindparams(bindparam("at", type_=Instant), bindparam("held", type_=Instant))
    for number, call_id, staff in ((1, 1, "a"), (2, 2, "a"), (3, 3, None), (4, None, "a")):
        held = AT if staff and call_id != 1 else BEFORE if staff else None
        session.execute(insert, {"id": number, "call": call_id, "staff": staff, "at": AT, "held": held})
