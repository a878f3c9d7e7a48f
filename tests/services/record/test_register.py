"""The register: numbers without holes and doubles, whoever writes at the same time and whatever fails."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calls import Source
from app.services.record import register
from app.services.record.register import Held
from app.storage.models import Consultation, RegisterEntry

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WRITERS, EACH = 4, 15


def record(session: Session, organisation: str = "skane") -> Consultation:
    made = Consultation(organisation=organisation, line=organisation, source=Source.LIVE, opened_at=NOW)
    session.add(made)
    session.flush()
    return made


def numbers(session: Session, organisation: str = "skane") -> list[tuple[int, int]]:
    mine = select(RegisterEntry).where(RegisterEntry.organisation == organisation)
    return sorted((one.year, one.number) for one in session.scalars(mine))


def test_each_organisation_and_year_counts_from_one(session: Session) -> None:
    last_minute = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)  # 23:59 in Sweden
    first_minute = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)

    for at in (NOW, last_minute, first_minute):
        register.enter(session, record(session), at)
    register.enter(session, record(session, "nationell"), NOW)

    assert numbers(session) == [(2026, 1), (2026, 2), (2027, 1)]
    assert numbers(session, "nationell") == [(2026, 1)]


def test_a_record_has_one_number_for_each_organisation_that_it_belonged_to(session: Session) -> None:
    one = record(session)
    register.enter(session, one, NOW)
    register.enter(session, one, NOW)
    one.organisation = one.line = "nationell"

    register.enter(session, one, NOW)

    assert (numbers(session), numbers(session, "nationell")) == ([(2026, 1)], [(2026, 1)])


def test_what_is_undone_uses_up_no_number(session: Session) -> None:
    register.enter(session, record(session), NOW)
    session.commit()
    register.enter(session, record(session), NOW)
    session.rollback()

    register.enter(session, record(session), NOW)

    assert numbers(session) == [(2026, 1), (2026, 2)]


def test_racing_writers_leave_no_hole_and_no_double(engine: Engine) -> None:
    together = Barrier(WRITERS)

    def write(writer: int) -> None:
        together.wait()
        for turn in range(EACH):
            with Session(engine) as session:
                register.enter(session, record(session), NOW)
                if (turn + writer) % 3:
                    session.commit()

    writers = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    with Session(engine) as session:
        kept = sum((turn + writer) % 3 != 0 for writer in range(WRITERS) for turn in range(EACH))
        assert [number for _, number in numbers(session)] == list(range(1, kept + 1))


def test_what_is_entered_together_is_numbered_in_the_order_in_which_it_was_held(session: Session) -> None:
    register.enter(session, record(session), NOW)
    first, second, third, theirs = (record(session, line).id for line in ("skane", "skane", "skane", "nationell"))
    day = timedelta(days=1)

    register.enter_all(
        session,
        [
            Held(first, "skane", "skane", NOW + 2 * day),
            Held(theirs, "nationell", "nationell", NOW),
            Held(second, "skane", "skane", NOW + day),
            Held(third, "skane", "skane", NOW + 60 * day),
        ],
    )

    query = select(RegisterEntry.consultation_id).where(RegisterEntry.organisation == "skane")
    ordered = session.scalars(query.order_by(RegisterEntry.year, RegisterEntry.number)).all()
    assert (numbers(session), ordered[1:]) == ([(2026, 1), (2026, 2), (2026, 3), (2027, 1)], [second, first, third])
    assert numbers(session, "nationell") == [(2026, 1)]


WRITING = """
import sys
from datetime import UTC, datetime
from sqlalchemy.orm import Session
from app.domain.calls import Source
from app.services.record import register
from app.storage.engine import Patience, create_engine_for
from app.storage.models import Consultation
engine = create_engine_for(sys.argv[1], patience=Patience(lock=60_000, statement=60_000, idle_in_transaction=60_000))
at = datetime(2026, 11, 23, 10, tzinfo=UTC)
for turn in range(15):
    with Session(engine) as session:
        one = Consultation(organisation="skane", line="skane", source=Source.LIVE, opened_at=at)
        session.add(one)
        session.flush()
        register.enter(session, one, at)
        if (turn + int(sys.argv[2])) % 3:
            session.commit()
"""


def test_racing_processes_leave_no_hole_and_no_double(database_url: str, engine: Engine) -> None:
    command = [sys.executable, "-c", WRITING, database_url]
    writers = [subprocess.Popen([*command, str(number)]) for number in range(WRITERS)]
    codes = [writer.wait() for writer in writers]

    with Session(engine) as session:
        kept = sum((turn + writer) % 3 != 0 for writer in range(WRITERS) for turn in range(EACH))
        found = [number for _, number in numbers(session)]
    assert codes == [0] * WRITERS
    assert found == list(range(1, kept + 1))
