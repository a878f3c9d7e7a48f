"""SQLite's writers of one process, in a row.

SQLite lets one write at a time and makes the others poll, in no order: with sixteen threads polling, some starve past
their two seconds while others go again and again. Here the threads of a process queue for one lock first, so that only
one of each process polls.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_HOLDS = "radrum_holds_the_pen"


class Pen:
    """Held by the thread that writes, from the beginning of its transaction until its connection is given back."""

    def __init__(self, wait_seconds: float) -> None:
        self._lock = threading.Lock()
        self._wait_seconds = wait_seconds

    def listen(self, engine: Engine) -> None:
        """Have it put down whenever a connection is given back, however its transaction ended."""

        @event.listens_for(engine, "checkin")
        def put_down(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
            del connection
            if record.info.pop(_HOLDS, False):
                self._lock.release()

    def take(self, connection: Connection) -> None:
        """Wait for it. Raises ``OperationalError``, as SQLite does for a database that is locked for too long."""
        if connection.info.get(_HOLDS):
            return
        if not self._lock.acquire(timeout=self._wait_seconds):
            statement, why = "BEGIN IMMEDIATE", sqlite3.OperationalError("database is locked")
            raise OperationalError(statement, None, why)
        connection.info[_HOLDS] = True
