"""What was done about a call is seen, and said, by the line whose call it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from app.domain.calls import Outcome
from app.domain.missed_calls import DealtAs
from app.storage.engine import create_engine_for
from app.storage.models import CallDealtWith
from app.storage.scope import narrow
from tests.services.today_cast import actor, add_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def dealt(call: int, line: str, dealt_as: DealtAs = DealtAs.REACHED) -> CallDealtWith:
    return CallDealtWith(
        call_id=call, organisation=line, line=line, dealt_as=dealt_as, dealt_at=AT, account_id="somebody"
    )


@pytest.fixture
def walled(postgresql_url: str) -> Iterator[Engine]:
    """Two calls of two organisations, each dealt with, and a third that isn't."""
    engine = create_engine_for(postgresql_url)
    with Session(engine) as session:
        for line in ("skane", "nationell", "nationell"):
            add_call(session, AT, AT, Outcome.UNANSWERED, line=line)
        session.add_all([dealt(1, "skane"), dealt(2, "nationell")])
        session.commit()
    yield engine
    engine.dispose()


def test_the_desk_sees_what_its_own_line_has_done(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, actor())

        assert desk.scalars(select(CallDealtWith.call_id)).all() == [1]


def test_nobody_deals_with_the_call_of_others(walled: Engine) -> None:
    with Session(walled) as desk:
        narrow(desk, actor())
        desk.add(dealt(3, "nationell"))

        with pytest.raises(ProgrammingError, match="row-level security"):
            desk.flush()


def test_a_call_is_dealt_with_once_and_in_a_known_way(session: Session) -> None:
    call = add_call(session, AT, AT, Outcome.UNANSWERED).id
    session.add(dealt(call, "skane"))
    session.flush()
    session.expunge_all()
    session.add(dealt(call, "skane"))

    with pytest.raises(IntegrityError):
        session.flush()
