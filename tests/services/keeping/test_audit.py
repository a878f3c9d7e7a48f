"""The read log in the database: one chain, whoever writes; nobody changes it unnoticed."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.audit import START, Anchor, Broken, Entry, What, link
from app.domain.lines import LineKey, OrganisationKey, StaffId
from app.domain.permissions import AccountId, Actor, Role
from app.services.keeping import audit
from app.storage.models import AuditEntry, AuditHead

if TYPE_CHECKING:
    from sqlalchemy import Engine

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
ACTOR = Actor(
    AccountId("4f1d"),
    StaffId("alfa"),
    OrganisationKey("skane"),
    frozenset({LineKey("skane")}),
    frozenset({Role.SPECIALIST}),
)
WRITERS = 20
PROCESSES = 4
NOTES_EACH = 10

WRITING = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from sqlalchemy.orm import Session
from app.domain.audit import What
from app.services.keeping import audit
from app.storage.engine import Patience, create_engine_for
engine = create_engine_for(sys.argv[1], patience=Patience(lock=60_000, statement=60_000, idle_in_transaction=60_000))
def write(number):
    for _ in range(int(sys.argv[3])):
        with Session(engine) as session:
            audit.note(session, None, What.OPENED_RECORD, f"consultation:{number}", ["theme"], datetime.now(UTC))
            session.commit()
with ThreadPoolExecutor(int(sys.argv[2])) as pool:
    list(pool.map(write, range(int(sys.argv[2]))))
"""


def note_three(session: Session) -> Anchor:
    audit.note_read(session, ACTOR, "consultation:17", AT)
    audit.note_change(session, ACTOR, "consultation:17", ["theme", "service", "theme"], AT + timedelta(minutes=1))
    audit.note(session, None, What.ROTATED_KEYS, None, [], AT + timedelta(minutes=2))
    session.commit()
    return audit.verify(session)


def test_a_page_of_a_list_is_one_entry_and_an_empty_one_none(session: Session) -> None:
    audit.note_list(session, ACTOR, "consultation", {41, 7, 17}, AT)
    audit.note_list(session, ACTOR, "consultation", set(), AT)

    [row] = session.execute(select(AuditEntry.what, AuditEntry.record, AuditEntry.fields))
    assert tuple(row) == (What.OPENED_RECORD, "consultation:7-41", "line.skane,shown.3")


@pytest.mark.parametrize(
    ("lines", "noted"),
    [
        (["skane", "skane-natt"], "line.skane,line.skane_natt"),
        ([f"line-{number}" for number in range(40)], "lines.40"),
        (["x" * 64], f"line.{'x' * 35}"),
        ([], ""),
    ],
)
def test_a_file_that_was_taken_out_is_named_with_its_lines(session: Session, lines: list[str], noted: str) -> None:
    audit.note_export(session, ACTOR, "figures:2026-W40_2026-W48", lines, AT)

    [row] = session.execute(select(AuditEntry.what, AuditEntry.record, AuditEntry.fields))
    assert tuple(row) == (What.EXPORTED, "figures:2026-W40_2026-W48", noted)


def test_what_was_done_is_noted_by_id_and_name_of_field(session: Session) -> None:
    note_three(session)

    rows = session.execute(
        select(AuditEntry.account_id, AuditEntry.staff_id, AuditEntry.what, AuditEntry.record, AuditEntry.fields)
    )

    assert [tuple(row) for row in rows] == [
        ("4f1d", "alfa", What.OPENED_RECORD, "consultation:17", ""),
        ("4f1d", "alfa", What.CHANGED_RECORD, "consultation:17", "service,theme"),
        (None, None, What.ROTATED_KEYS, None, ""),
    ]


def test_an_empty_log_is_whole(session: Session) -> None:
    assert audit.verify(session) == START


def test_a_note_is_gone_with_its_transaction(session: Session) -> None:
    end = note_three(session)
    audit.note_read(session, ACTOR, "consultation:18", AT)
    session.rollback()

    assert audit.verify(session, end) == end


def test_twenty_writers_at_once_make_one_unbroken_chain(database_url: str, session: Session) -> None:
    command = [sys.executable, "-c", WRITING, database_url, str(WRITERS // PROCESSES), str(NOTES_EACH)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(PROCESSES)]

    complaints = [writer.communicate()[1] for writer in writers]

    assert complaints == [""] * PROCESSES
    assert audit.verify(session).sequence == WRITERS * NOTES_EACH


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET record = 'consultation:18' WHERE sequence = 2",
        "UPDATE audit_entry SET hash = hash",
        "DELETE FROM audit_entry WHERE sequence = 3",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET sequence = 2",
        "UPDATE audit_head SET hash = previous FROM (SELECT previous FROM audit_entry WHERE sequence = 3) AS last",
    ],
)
def test_the_database_refuses_to_change_the_log(session: Session, statement: str) -> None:
    end = note_three(session)

    with pytest.raises(DBAPIError, match="only ever appended to"):
        session.execute(text(statement))

    session.rollback()
    assert audit.verify(session) == end


@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_postgresql_refuses_to_empty_the_log(session: Session, table: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    note_three(session)

    with pytest.raises(DBAPIError, match="only ever appended to"):
        session.execute(text(f"TRUNCATE {table}"))


def without_triggers(session: Session) -> None:
    """What somebody does who owns the database."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("audit_entry", "audit_head"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit_entry SET at = '2026-11-23 09:31:01.123456+00:00' WHERE sequence = 2", 2),
        ("UPDATE audit_entry SET account_id = '4f1e' WHERE sequence = 1", 1),
        ("UPDATE audit_entry SET account_id = '' WHERE sequence = 3", 3),
        ("UPDATE audit_entry SET staff_id = NULL WHERE sequence = 1", 1),
        ("UPDATE audit_entry SET organisation = 'nationell' WHERE sequence = 1", 1),
        ("UPDATE audit_entry SET what = 'exported' WHERE sequence = 1", 1),
        ("UPDATE audit_entry SET record = 'a name' WHERE sequence = 1", 1),
        ("UPDATE audit_entry SET fields = 'service' WHERE sequence = 2", 2),
        ("UPDATE audit_entry SET fields = 'service,,theme' WHERE sequence = 2", 2),
        ("UPDATE audit_entry SET sequence = 9 WHERE sequence = 3", 3),
        ("DELETE FROM audit_entry WHERE sequence = 1", 1),
        ("DELETE FROM audit_entry WHERE sequence = 3", 3),
        ("DELETE FROM audit_entry", 1),
        ("UPDATE audit_head SET sequence = 2", 4),
        ("DELETE FROM audit_head", 0),
    ],
)
def test_whoever_gets_round_the_refusal_is_found_out(session: Session, statement: str, at: int) -> None:
    note_three(session)
    without_triggers(session)

    session.execute(text(statement))

    with pytest.raises(Broken) as broken:
        audit.verify(session)
    assert broken.value.at == at


@pytest.mark.parametrize(
    "value",
    ["x'ff41'", "'2026-11-23T09:31:00.123456'", "'2026-11-23 09:31:00.123456 '", "'yesterday'", "20261123", "''"],
)
def test_what_cannot_be_read_is_found_where_it_stands(sqlite_url: str, value: str) -> None:
    from app.storage.engine import create_engine_for  # noqa: PLC0415 - here alone

    engine = create_engine_for(sqlite_url)
    with Session(engine) as session:
        note_three(session)
        without_triggers(session)
        session.execute(text(f"UPDATE audit_entry SET at = {value} WHERE sequence = 2"))  # noqa: S608 - above

        with pytest.raises(Broken, match="entry 2: it can't be read"):
            audit.verify(session)
    engine.dispose()


def test_a_log_that_was_cut_off_and_set_back_is_found_by_what_was_kept(session: Session) -> None:
    kept = note_three(session)
    without_triggers(session)
    session.execute(text("DELETE FROM audit_entry WHERE sequence = 3"))
    second = session.execute(select(AuditEntry.sequence, AuditEntry.hash).where(AuditEntry.sequence == 2)).one()
    session.execute(text("UPDATE audit_head SET sequence = :sequence, hash = :hash"), second._asdict())

    assert audit.verify(session).sequence == 2
    with pytest.raises(Broken, match="entries up to 3 were there"):
        audit.verify(session, kept)


def test_a_long_log_is_checked_quickly_and_in_little_memory(engine: Engine) -> None:
    entries = 20_000
    with Session(engine) as session:
        fill(session, entries)
        told: list[int] = []
        tracemalloc.start()

        end = audit.verify(session, tell=lambda done, of: told.append(done * 1000 + of))

        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        began = time.process_time()
        audit.verify(session)
        took = time.process_time() - began

    assert end.sequence == entries
    assert len(told) == entries / 1_000
    assert most < 8_000_000
    assert took < 10


def fill(session: Session, number: int) -> None:
    end, rows = START, []
    for count in range(number):
        entry = Entry(AT, "4f1d", "alfa", "skane", What.OPENED_RECORD, f"consultation:{count}", ())
        made = link(end, entry)
        end = Anchor(made.sequence, made.hash)
        rows.append(
            {"sequence": made.sequence, "at": AT, "account_id": "4f1d", "staff_id": "alfa", "organisation": "skane"}
            | {"what": entry.what, "record": entry.record, "fields": "", "previous": made.previous, "hash": made.hash}
        )
    without_triggers(session)
    session.execute(insert(AuditEntry), rows)
    session.query(AuditHead).update({"sequence": end.sequence, "hash": end.hash})
    session.commit()
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == number
