"""What is left of destroyed records lies behind the same walls; rules outlive a change of what may have one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.retention import ALL, NO_LINE, RecordClass
from app.domain.tallies import TallyUnit
from app.storage import migrations
from app.storage.engine import configure_engine, create_engine_for, engine_options
from app.storage.models import RetentionDecision, RetentionTally
from app.storage.scope import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ASTRID = Actor(
    AccountId("astrid"), None, OrganisationKey("skane"), frozenset({LineKey("skane")}), frozenset({Role.MANAGER})
)


def tally(organisation: str, line: str, unit: TallyUnit = TallyUnit.CALL) -> RetentionTally:
    dimension, code = ALL
    where = {"organisation": organisation, "line": line, "unit": unit, "month": date(2025, 10, 1)}
    return RetentionTally(**where, dimension=dimension, code=code, number=3)


def rule(kind: RecordClass) -> RetentionDecision:
    values = {"keep_months": 12, "reference": "KS 1", "decided_on": AT.date(), "entered_at": AT}
    return RetentionDecision(organisation="skane", record_class=kind, **values)


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)
    with Session(engine) as session:
        for organisation in ("skane", "nationell"):
            session.add(tally(organisation, organisation))
            session.add(tally(organisation, NO_LINE, TallyUnit.TRAINING))
        session.add(tally("skane", "skane-natt"))
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_tallies_of_its_lines_and_of_its_organisation(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, ASTRID)
        seen = desk.execute(
            select(RetentionTally.organisation, RetentionTally.line).order_by(RetentionTally.line)
        ).all()

    assert [tuple(one) for one in seen] == [("skane", NO_LINE), ("skane", "skane")]


@pytest.mark.parametrize("line", [NO_LINE, "nationell"])
def test_no_tally_is_put_beyond_the_wall(walled: Engine, line: str) -> None:
    with Session(walled) as desk:
        narrow(desk, ASTRID)
        desk.add(tally("nationell", line, TallyUnit.OBSERVATION))

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()
        desk.expunge_all()


def test_rules_and_tallies_of_before_outlive_the_new_classes(database_url: str) -> None:
    engine = create_engine_for(database_url)
    with Session(engine) as session, session.begin():
        session.add_all([rule(RecordClass.NOTES), rule(RecordClass.TRAININGS), rule(RecordClass.OBSERVATIONS)])
        session.add_all([tally("skane", "skane"), tally("skane", NO_LINE, TallyUnit.PARTICIPANT)])

    migrations.downgrade(database_url, "0021")
    migrations.upgrade(database_url)

    with Session(engine) as session:
        rules = session.scalars(select(RetentionDecision.record_class)).all()
        units = session.scalars(select(RetentionTally.unit)).all()
    engine.dispose()
    assert rules == [RecordClass.NOTES]
    assert units == [TallyUnit.CALL]
