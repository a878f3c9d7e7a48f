"""Cases that were there before they were counted: their days are marked, and going back forgets their numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.cases import reference_of
from app.domain.phone import PhoneNumber
from app.domain.tallies import CALLS, CASES, Grain
from app.storage import migrations
from app.storage.engine import create_engine_for
from app.storage.models import Case, DirtyDay, Staff, Tally

LATE = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
"""On the first of July, on the wall; a mark is of the day of UTC."""


def put_cases(session: Session) -> None:
    who = Staff(id="ovning", organisation="skane", alias="Övning", name="Övning", phone=PhoneNumber("+46701740640"))
    who.competences, who.languages, who.created_at = [], [], LATE
    session.add(who)
    session.flush()
    for number in range(2):
        one = Case(reference=reference_of(100_000 + number).digits, organisation="skane", line="skane")
        one.staff_id, one.opened_at = "ovning", LATE
        session.add(one)
    for unit, dimension, code in (CALLS, CASES):
        where = {"organisation": "skane", "line": "skane", "grain": Grain.DAY, "first_day": LATE.date()}
        session.add(Tally(**where, unit=unit, dimension=dimension, code=code, number=2))
    session.flush()
    session.execute(delete(DirtyDay))


def test_cases_of_before_are_marked_once_to_be_counted(database_url: str) -> None:
    engine = create_engine_for(database_url)
    with Session(engine) as session, session.begin():
        put_cases(session)

    migrations.downgrade(database_url, "0028")
    migrations.upgrade(database_url)

    with Session(engine) as session:
        marks = session.execute(select(DirtyDay.organisation, DirtyDay.line, DirtyDay.day)).all()
        units = session.scalars(select(Tally.unit)).all()
    engine.dispose()
    assert [tuple(one) for one in marks] == [("skane", "skane", date(2026, 6, 30))]
    assert units == [CALLS.unit]
