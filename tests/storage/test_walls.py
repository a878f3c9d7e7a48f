"""Two walls between organisations: what the desk asks, and what PostgreSQL shows whatever it is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.domain.callflow.values import NumberSource
from app.domain.calls import AttemptState, Outcome, Source
from app.domain.errors import NotFound
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.keeping import audit
from app.storage.base import Base
from app.storage.engine import configure_engine, create_engine_for, engine_options
from app.storage.models import Attempt, AuditEntry, Call, CallbackRequest, CallEvent, Consultation, Staff
from app.storage.queries.scoped import found, owns, visible
from app.storage.scope import narrow
from app.storage.walls import OPEN, who_walks_through

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.support.postgres import Server


AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LINES = {"skane": ["skane", "skane-natt"], "nationell": ["nationell"]}
WALLED_MODELS = (Attempt, AuditEntry, Call, CallbackRequest, CallEvent, Consultation, Staff)


def actor(organisation: str, *lines: str) -> Actor:
    reach = frozenset(LineKey(line) for line in lines)
    roles = frozenset({Role.SPECIALIST})
    return Actor(AccountId(f"of {organisation}"), None, OrganisationKey(organisation), reach, roles)


SKANE = actor("skane", "skane", "skane-natt")
SKANE_BY_NIGHT = actor("skane", "skane-natt")
NATIONELL = actor("nationell", "nationell")
WITHOUT_LINES = actor("skane")


def sid(number: int) -> str:
    return f"CA{number:032x}"


def fill(session: Session) -> None:
    """A call, its record and all that belongs to it for each line; the fourth call was answered by the other line."""
    for number, organisation in enumerate(LINES):
        session.add(
            Staff(
                id=organisation,
                organisation=organisation,
                alias="Övning",
                name="Påhittad Alfa",
                phone=PhoneNumber(f"+4670174064{number}"),
                competences=[],
                languages=[],
                created_at=AT,
            )
        )
    session.flush()
    dialled = [("skane", "skane"), ("skane", "skane-natt"), ("nationell", "nationell"), ("skane", "skane")]
    answered = [*dialled[:3], ("nationell", "nationell")]
    for number, (asked, answering) in enumerate(zip(dialled, answered, strict=True), start=1):
        _add_call(session, number, asked, answering)
    for who in (SKANE, NATIONELL):
        audit.note_read(session, who, "consultation:1", AT)


def _add_call(session: Session, number: int, asked: tuple[str, str], answering: tuple[str, str]) -> None:
    owner: dict[str, Any] = {"organisation": asked[0], "line": asked[1]}
    call = Call(id=number, sid=sid(number), **owner, source=Source.LIVE, started_at=AT, last_heard_at=AT, arrived=True)
    call.outcome = Outcome.ANSWERED
    session.add(call)
    session.flush()
    record = Consultation(id=number, call_id=number, source=Source.LIVE, opened_at=AT)
    record.organisation, record.line = answering
    request = CallbackRequest(id=number, call_id=number, **owner, number_source=NumberSource.CALLER, made_at=AT)
    attempt = Attempt(id=number, call_id=number, staff_id=answering[0], token=str(number), turn=1, tier=Tier.PRIMARY)
    attempt.state, attempt.began_at, attempt.ended_at = AttemptState.NO_ANSWER, AT, AT
    event = CallEvent(id=number, call_id=number, kind="turn", key="0", at=AT, what={})
    session.add_all([record, request, attempt, event])
    session.flush()


# --- the first wall --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "calls", "records", "staff"),
    [
        (SKANE, {1, 2, 4}, {1, 2}, {"skane"}),
        (SKANE_BY_NIGHT, {2}, {2}, {"skane"}),
        (NATIONELL, {3, 4}, {3, 4}, {"nationell"}),
        (WITHOUT_LINES, set(), set(), {"skane"}),
    ],
    ids=["an organisation", "one of its lines", "who answered for another line", "no line"],
)
def test_an_actor_sees_what_is_in_reach(
    session: Session, who: Actor, calls: set[int], records: set[int], staff: set[str]
) -> None:
    fill(session)

    assert set(session.scalars(visible(select(Call.id), Call, who))) == calls
    assert set(session.scalars(visible(select(Consultation.id), Consultation, who))) == records
    assert set(session.scalars(visible(select(Staff.id), Staff, who))) == staff
    assert set(session.scalars(visible(select(CallbackRequest.id), CallbackRequest, who))) == calls - (
        {4} if who is NATIONELL else set()
    )


def test_the_read_log_is_seen_by_the_readers_own_organisation(session: Session) -> None:
    fill(session)

    accounts = session.scalars(visible(select(AuditEntry.account_id), AuditEntry, SKANE)).all()

    assert accounts == ["of skane"]


def test_what_is_out_of_reach_is_not_found(session: Session) -> None:
    fill(session)

    mine = found(session, Consultation, 1, SKANE)
    with pytest.raises(NotFound) as theirs:
        found(session, Consultation, 3, SKANE)
    with pytest.raises(NotFound) as nobodys:
        found(session, Consultation, 99, SKANE)

    assert mine.id == 1
    assert str(theirs.value).replace("3", "99") == str(nobodys.value)


def test_of_a_call_that_others_answered_the_dialled_line_sees_no_content(session: Session) -> None:
    fill(session)

    call, record = found(session, Call, 4, SKANE), session.get_one(Consultation, 4)

    assert call.outcome is Outcome.ANSWERED
    assert not owns(SKANE, record)
    assert owns(NATIONELL, record)


# --- the second wall -------------------------------------------------------------------------------------------------


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """The engine of the web process, on a database that belongs to a role that is bound by its walls."""
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)
    with Session(engine) as session:
        fill(session)
        session.commit()
    yield engine
    engine.dispose()


def seen(session: Session) -> dict[str, int]:
    """How many rows of each table are seen by a query that asks for all."""
    return {
        model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in WALLED_MODELS
    }


def test_callers_jobs_and_commands_see_everything(walled: Engine, postgresql_url: str) -> None:
    command = create_engine_for(postgresql_url)

    with Session(walled) as voice, Session(command) as other:
        counted = seen(voice), seen(other)

    everything = {"call": 4, "call_event": 4, "callback_request": 4, "consultation": 4, "attempt": 4}
    assert counted == (everything | {"staff": 2, "audit_entry": 2},) * 2
    command.dispose()


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (SKANE, {"attempt": 2, "call": 3, "call_event": 3, "callback_request": 3, "consultation": 2}),
        (SKANE_BY_NIGHT, {"attempt": 2, "call": 1, "call_event": 1, "callback_request": 1, "consultation": 1}),
        (NATIONELL, {"attempt": 2, "call": 2, "call_event": 2, "callback_request": 1, "consultation": 2}),
        (WITHOUT_LINES, {"attempt": 2, "call": 0, "call_event": 0, "callback_request": 0, "consultation": 0}),
    ],
    ids=["an organisation", "one of its lines", "who answered for another line", "no line"],
)
def test_a_query_that_forgets_the_first_wall_meets_the_second(
    walled: Engine, who: Actor, wanted: dict[str, int]
) -> None:
    with Session(walled) as desk:
        narrow(desk, who)

        assert seen(desk) == wanted | {"staff": 1, "audit_entry": 1}


def test_a_session_stays_narrow_over_its_transactions_and_its_connection_does_not(walled: Engine) -> None:
    with Session(walled) as desk:
        before = seen(desk)["consultation"]
        narrow(desk, SKANE)
        counts = [seen(desk)["consultation"]]
        desk.commit()
        counts.append(seen(desk)["consultation"])
        with desk.begin_nested():
            counts.append(seen(desk)["consultation"])
        desk.rollback()
        counts.append(seen(desk)["consultation"])
    with Session(walled) as voice:
        after = seen(voice)["consultation"]

    assert (before, counts, after) == (4, [2, 2, 2, 2], 4)


@pytest.mark.usefixtures("walled")
def test_without_a_scope_nothing_is_seen(postgresql_url: str) -> None:
    bare = create_engine(postgresql_url)

    with Session(bare) as somebody:
        assert set(seen(somebody).values()) == {0}

    bare.dispose()


def test_nothing_is_written_beyond_the_wall(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, SKANE)
        changed = desk.execute(text("UPDATE consultation SET line = 'skane' WHERE id = 3")).rowcount  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        given_away = text("UPDATE consultation SET organisation = 'nationell' WHERE id = 1")

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.execute(given_away)

    assert changed == 0


def test_the_desk_notes_what_it_reads(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, SKANE)
        audit.note_read(desk, SKANE, "consultation:1", AT)
        desk.commit()
    with Session(walled) as command:
        end = audit.verify(command)

    assert end.sequence == 3


def test_every_table_is_behind_the_wall_or_it_is_said_why_not(walled: Engine) -> None:
    raised = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    rules = text("SELECT tablename FROM pg_policies WHERE policyname = 'wall'")

    with walled.connect() as connection:
        bound, with_rule = set(connection.scalars(raised)), set(connection.scalars(rules))

    assert bound == with_rule
    assert bound | set(OPEN) == set(Base.metadata.tables)
    assert not bound & set(OPEN)


def test_a_role_that_walks_through_walls_is_named(session: Session) -> None:
    assert who_walks_through(session) is None


def test_a_superuser_walks_through_walls(postgres: Server, walled: Engine) -> None:
    database = walled.url.database or ""
    superuser = create_engine(postgres.url_of_superuser(database))

    with Session(superuser) as session:
        role = who_walks_through(session)
        records = seen(session)["consultation"]

    assert (role, records) == (superuser.url.username, 4)
    superuser.dispose()
