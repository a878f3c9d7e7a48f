"""Notes on the time axis lie behind the wall of their organisation, and those of a line behind that of the line."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from app.storage.engine import create_engine_for
from app.storage.models import TimeNote
from app.storage.scope import narrow
from tests.services.today_cast import actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def note(organisation: str, line: str | None, **other: object) -> TimeNote:
    signed = {"version": 1, "token": secrets.token_hex(16), "changed_at": AT, "changed_by_id": "a"}
    usual = {"organisation": organisation, "line": line, "day": date(2026, 11, 23), "text": "Övning", **signed}
    return TimeNote(**{**usual, **other})


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """A note of the whole, one of a line in reach, one of a line that isn't, and those of another organisation."""
    engine = create_engine_for(postgresql_url)
    with Session(engine) as session:
        whose = (
            ("skane", None),
            ("skane", "skane"),
            ("skane", "skane-natt"),
            ("nationell", None),
            ("nationell", "nationell"),
        )
        for number, (organisation, line) in enumerate(whose, start=1):
            session.add(note(organisation, line, id=number))
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_those_of_the_whole_and_of_its_lines(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, actor())

        assert sorted(desk.scalars(select(TimeNote.id))) == [1, 2]


@pytest.mark.parametrize("row", [("nationell", None), ("skane", "skane-natt")])
def test_nothing_is_put_beyond_the_wall(walled: Engine, row: tuple[str, str | None]) -> None:
    with Session(walled) as desk:
        narrow(desk, actor())
        desk.add(note(*row, id=9))

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()
        desk.expunge_all()


@pytest.mark.parametrize("wrong", [{"text": ""}, {"version": 0}], ids=str)
def test_the_schema_refuses_an_empty_note(session: Session, wrong: dict[str, object]) -> None:
    session.add(note("skane", None, **wrong))

    with pytest.raises(IntegrityError):
        session.flush()
