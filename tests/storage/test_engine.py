from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, InternalError, InvalidRequestError, OperationalError
from sqlalchemy.orm import Session

from app.storage.base import db
from app.storage.engine import (
    COMMAND,
    begin_read_only,
    configure_engine,
    create_engine_for,
    empty_log,
    engine_options,
    flask_config,
)
from app.storage.migrations import head
from tests.support.thrift import callers_as_shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

PROCESSES = 4
INCREMENTS = 200

COUNTING = """
import sys
from sqlalchemy import create_engine, text
from app.storage.engine import configure_engine
engine = create_engine(sys.argv[1])
configure_engine(engine, voice=False)
for _ in range(int(sys.argv[2])):
    with engine.begin() as connection:
        lock = " FOR UPDATE" if engine.dialect.name == "postgresql" else ""
        seen = connection.scalar(text("SELECT seen FROM counter" + lock))
        connection.execute(text("UPDATE counter SET seen = :seen"), {"seen": seen + 1})
"""


@pytest.fixture(autouse=True)
def shipped() -> Iterator[None]:
    """How long callers wait is what these tests are about."""
    with callers_as_shipped():
        yield


def test_four_processes_that_read_then_write_lose_nothing(database_url: str) -> None:
    _make_counter(database_url)

    _count(database_url, INCREMENTS)

    assert _counted(database_url) == PROCESSES * INCREMENTS


def test_what_was_erased_is_nowhere_in_sqlites_files(sqlite_url: str) -> None:
    engine = create_engine_for(sqlite_url)
    secret, file = "sealed-" + "x" * 40, Path(sqlite_url.removeprefix("sqlite:///"))

    def is_somewhere() -> bool:
        return any(secret.encode() in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (secret TEXT)"))
        connection.execute(text("INSERT INTO kept VALUES (:secret), ('another')"), {"secret": secret})
    empty_log(engine)
    was_there = is_somewhere()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM kept WHERE secret = :secret"), {"secret": secret})
    empty_log(engine)

    assert (was_there, is_somewhere()) == (True, False)
    engine.dispose()


def test_without_the_recipe_sqlite_loses_writes(sqlite_url: str) -> None:
    """Why the recipe is there. Should this fail one day, SQLite's driver has learnt to begin before it reads."""
    _make_counter(sqlite_url)
    engine = create_engine(sqlite_url)

    with engine.connect() as one, engine.connect() as other:
        seen = [connection.scalar(text("SELECT seen FROM counter")) for connection in (one, other)]
        for connection, before in zip((one, other), seen, strict=True):
            connection.execute(text("UPDATE counter SET seen = :seen"), {"seen": before + 1})
            connection.commit()

    assert _counted(sqlite_url) == 1
    engine.dispose()


def test_sqlite_is_set_to_survive_a_power_cut_and_to_keep_references(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    configure_engine(engine, voice=True)

    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 2000, "foreign_keys": 1}
    engine.dispose()


@pytest.mark.parametrize(
    ("voice", "wanted"),
    [
        (True, {"lock_timeout": "2s", "statement_timeout": "2s", "idle_in_transaction_session_timeout": "3s"}),
        (False, {"lock_timeout": "8s", "statement_timeout": "1min", "idle_in_transaction_session_timeout": "1min"}),
    ],
    ids=["callers wait", "a command waits"],
)
def test_postgresql_gives_up_in_time(postgresql_url: str, voice: bool, wanted: dict[str, str]) -> None:  # noqa: FBT001
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=voice)

    with engine.connect() as connection:
        connection.rollback()  # what is set must outlive a rollback
        found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in wanted}
        interval = connection.exec_driver_sql("SHOW client_connection_check_interval").scalar()

    assert found == wanted
    assert interval == "1s"
    engine.dispose()


def test_postgresql_answers_in_one_process(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, **engine_options(postgresql_url))
    configure_engine(engine, voice=True)

    with engine.connect() as connection:
        for cost in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
            connection.exec_driver_sql(f"SET {cost} = 0")
        as_shipped = _plan(connection)
        connection.exec_driver_sql("SET max_parallel_workers_per_gather = 2")
        helped = _plan(connection)
    engine.dispose()

    assert ("Gather" in as_shipped, "Gather" in helped) == (False, True)


def test_an_engine_that_is_configured_twice_begins_once(database_url: str) -> None:
    engine = create_engine(database_url)
    configure_engine(engine, voice=True)
    configure_engine(engine, voice=True)

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1

    engine.dispose()


def test_a_statement_that_takes_too_long_is_given_up(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    configure_engine(engine, voice=True)
    began = time.perf_counter()

    with engine.connect() as connection, pytest.raises(OperationalError, match="statement timeout"):
        connection.execute(text("SELECT pg_sleep(30)"))

    assert time.perf_counter() - began < 20
    engine.dispose()


def test_a_writer_gives_up_on_another_in_time(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    configure_engine(engine, voice=True)
    began = time.perf_counter()

    with engine.connect() as first, engine.connect() as second:
        first.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="locked"):
            second.execute(text("SELECT 1"))

    assert 1.5 < time.perf_counter() - began < COMMAND.lock / 1_000
    engine.dispose()


def test_a_reader_waits_for_no_writer(engine: Engine) -> None:
    with Session(engine) as writer, Session(engine) as reader:
        writer.execute(text("UPDATE alembic_version SET version_num = 'next'"))
        begin_read_only(reader)

        seen = reader.scalar(text("SELECT version_num FROM alembic_version"))

    assert seen == head()


def test_a_reader_on_postgresql_cannot_write_and_the_next_user_of_its_connection_can(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, **engine_options(postgresql_url), pool_size=1, max_overflow=0)
    configure_engine(engine, voice=True)
    write = text("UPDATE alembic_version SET version_num = version_num")

    with Session(engine) as reader:
        begin_read_only(reader)
        with pytest.raises(InternalError, match="read-only"):
            reader.execute(write)
    with Session(engine) as writer:
        writer.execute(write)
        writer.commit()

    engine.dispose()


def test_a_transaction_that_has_begun_cannot_become_read_only(session: Session) -> None:
    session.execute(text("SELECT 1"))

    with pytest.raises((InvalidRequestError, Warning)):
        begin_read_only(session)


def test_flask_uses_the_same_recipe(database_url: str) -> None:
    app = Flask(__name__)
    app.config.update(flask_config(database_url))
    db.init_app(app)

    with app.app_context():
        if database_url.startswith("sqlite"):
            found = db.session.execute(text("PRAGMA synchronous")).scalar()
            in_transaction = db.session.connection().connection.dbapi_connection.in_transaction  # type: ignore[union-attr]
            assert (found, in_transaction) == (2, True)
        else:
            assert db.session.execute(text("SHOW statement_timeout")).scalar() == "2s"
        db.session.rollback()
        db.engine.dispose()


def test_errors_do_not_quote_the_values_of_a_statement(database_url: str) -> None:
    engine = create_engine_for(database_url)

    with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "Övning Alfa"})

    assert "Alfa" not in str(failed.value)
    engine.dispose()


def test_a_memory_database_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with closing(create_engine_for("sqlite://").connect()) as connection:
        connection.execute(text("SELECT 1"))

    assert list(tmp_path.iterdir()) == []


def _plan(connection: Connection) -> str:
    return " ".join(connection.exec_driver_sql("EXPLAIN SELECT sum(number) FROM tally").scalars())


def _make_counter(url: str) -> None:
    engine = create_engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (seen INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    engine.dispose()


def _count(url: str, times: int) -> None:
    command = [sys.executable, "-c", COUNTING, url, str(times)]
    counters = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    assert [counter.communicate()[1] for counter in counters] == [""] * PROCESSES


def _counted(url: str) -> int:
    engine = create_engine_for(url)
    with engine.connect() as connection:
        seen: int = connection.scalar(text("SELECT seen FROM counter"))
    engine.dispose()
    return seen
