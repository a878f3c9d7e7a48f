"""Writers of one process go in a row, so that none starves."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.storage.engine import Patience, configure_with

QUICK = Patience(lock=200, statement=0, idle_in_transaction=0)


@pytest.mark.parametrize("ends", ["commit", "rollback", "close", "invalidate"])
def test_the_next_one_writes_however_the_one_before_ended(sqlite_url: str, ends: str) -> None:
    engine = create_engine(sqlite_url)
    configure_with(engine, QUICK)
    connection = engine.connect()
    connection.execute(text("CREATE TABLE one (n INTEGER)"))

    getattr(connection, ends)()
    connection.close()

    with engine.begin() as after:
        after.execute(text("CREATE TABLE two (n INTEGER)"))
    engine.dispose()


def test_one_who_waits_too_long_is_told_that_the_database_is_locked(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    configure_with(engine, QUICK)

    with engine.begin() as writer, ThreadPoolExecutor() as pool:
        writer.execute(text("CREATE TABLE one (n INTEGER)"))
        refused = pool.submit(lambda: engine.connect().execute(text("SELECT 1"))).exception()

    assert isinstance(refused, OperationalError)
    assert "locked" in str(refused)
    engine.dispose()


def test_sixteen_threads_of_one_process_all_get_their_turn(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url, pool_size=16)
    configure_with(engine, Patience(lock=60_000, statement=0, idle_in_transaction=0))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    start = threading.Barrier(16)

    def add_ten() -> None:
        start.wait()
        for _ in range(10):
            with engine.begin() as connection:
                n = connection.execute(text("SELECT n FROM counter")).scalar_one()
                time.sleep(0.001)
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: add_ten(), range(16)))

    with engine.begin() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 160
    engine.dispose()
