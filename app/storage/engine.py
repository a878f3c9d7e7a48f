"""How we connect: the transaction recipe for SQLite, the time limits for PostgreSQL.

SQLite's default loses writes: a SELECT opens no transaction, so two processes that read and then write overwrite each
other without an error. Here every transaction begins with ``BEGIN IMMEDIATE``, before its first read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url

from app.domain.errors import Unavailable
from app.storage.scope import EVERYTHING
from app.storage.writers import Pen

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.orm import Session, scoped_session
    from sqlalchemy.pool import ConnectionPoolEntry

    _OnConnect = Callable[[DBAPIConnection, ConnectionPoolEntry], None]

_configured: WeakSet[Engine] = WeakSet()
_CONNECT_SECONDS = 2
_CHECK_INTERVAL_SINCE = 140000
"""The first server version that knows client_connection_check_interval."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a piece of work waits for the database, in milliseconds; 0 means for ever."""

    lock: int
    statement: int
    idle_in_transaction: int


VOICE = Patience(lock=2_000, statement=2_000, idle_in_transaction=3_000)
"""A caller waits: after two seconds they hear speech and the line's backup number instead."""
COMMAND = Patience(lock=8_000, statement=60_000, idle_in_transaction=60_000)
"""Somebody at a terminal waits."""
JOBS = Patience(lock=8_000, statement=60_000, idle_in_transaction=10_000)
"""Nobody waits, but a process that froze within a transaction mustn't keep another from taking over."""


def configure_engine(engine: Engine, *, voice: bool) -> None:
    """Set the transaction recipe and the time limits on an engine; a second time changes nothing.

    ``voice``: callers wait for this engine's answers, so its limits are those of ``VOICE``; else those of ``COMMAND``.
    """
    configure_with(engine, VOICE if voice else COMMAND)


def configure_with(engine: Engine, patience: Patience) -> None:
    """Like ``configure_engine``, with limits of one's own."""
    if engine in _configured:
        return
    _configured.add(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_as_writer(engine, patience))
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", _sqlite_settings(patience))
    else:
        event.listen(engine, "connect", _postgres_settings(patience))


def engine_options(database_url: str | URL) -> dict[str, Any]:
    """What ``create_engine`` is told besides the URL. The values of a statement stay out of errors and logs."""
    options: dict[str, Any] = {"hide_parameters": True}
    if make_url(database_url).get_backend_name() == "postgresql":
        options |= {
            "connect_args": {"connect_timeout": _CONNECT_SECONDS, "application_name": "radrum"},
            "pool_pre_ping": True,
            "pool_timeout": _CONNECT_SECONDS,
        }
    return options


def flask_config(database_url: str) -> dict[str, object]:
    """The configuration of Flask-SQLAlchemy. Its engines are configured for voice work when they are made."""
    return {"SQLALCHEMY_DATABASE_URI": database_url, "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database_url)}


def create_engine_for(database_url: str | URL, *, patience: Patience = COMMAND) -> Engine:
    """An engine for a command or a job: connections are opened when needed and closed after use."""
    options = engine_options(database_url)
    options.pop("pool_timeout", None)
    engine = create_engine(database_url, **options, poolclass=NullPool)
    configure_with(engine, patience)
    return engine


def no_answer(engine: Engine, error: DBAPIError) -> Unavailable:
    """The driver's error as one sentence, without the password. The database is down, full, or locked for too long."""
    why = " ".join(str(error.orig).split())
    return Unavailable(f"the database {engine.url.render_as_string()} doesn't answer: {why}")


def begin_read_only(session: Session | scoped_session[Session]) -> None:
    """Begin a transaction that only reads: on SQLite it waits for no writer, on PostgreSQL it refuses to write.

    Call it before the session's first query; later is an error.
    """
    session.connection(execution_options={"sqlite_begin": "DEFERRED", "postgresql_readonly": True})


def empty_log(engine: Engine) -> None:
    """Empty SQLite's log of changes, where what was erased since still lies, sealed. While others write, not now."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _begin_as_writer(engine: Engine, patience: Patience) -> Callable[[Connection], None]:
    pen = Pen(patience.lock / 1000)
    pen.listen(engine)

    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        if mode == "IMMEDIATE":
            pen.take(connection)
        connection.exec_driver_sql(f"BEGIN {mode}")

    return begin


def _make_private(dialect: Dialect, record: ConnectionPoolEntry, args: list[Any], kwargs: dict[str, Any]) -> None:
    """A new database file is readable by its owner alone; SQLite gives its WAL the same rights."""
    del dialect, record, kwargs
    name = str(args[0]) if args else ""
    if name and name != ":memory:" and not name.startswith("file:"):
        Path(name).touch(mode=0o600)


def _sqlite_settings(patience: Patience) -> _OnConnect:
    def set_them(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        del record
        # The driver begins no transactions of its own: _begin does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in (
            f"busy_timeout={patience.lock}",
            "journal_mode=WAL",
            # What Twilio was told is stored must survive a power cut.
            "synchronous=FULL",
            "foreign_keys=ON",
            # What is erased is overwritten, also where SQLite wasn't built to do so by itself.
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    return set_them


def _postgres_settings(patience: Patience) -> _OnConnect:
    """By a statement and not by connection options, which poolers refuse."""
    settings = {
        "timezone": "UTC",
        # A session of the desk narrows it (storage.scope).
        "radrum.scope": EVERYTHING,
        "lock_timeout": str(patience.lock),
        "statement_timeout": str(patience.statement),
        "idle_in_transaction_session_timeout": str(patience.idle_in_transaction),
        # Processes that help are started anew for each statement: that takes longer than what anybody asks for here.
        "max_parallel_workers_per_gather": "0",
    }

    def set_them(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        del record
        known = dict(settings)
        if connection.info.server_version >= _CHECK_INTERVAL_SINCE:  # pragma: no branch - tests run on a newer one
            # Without it the locks of a killed worker stay until its statement ends.
            known["client_connection_check_interval"] = "1s"
        cursor = connection.cursor()
        calls = ", ".join("set_config(%s, %s, false)" for _ in known)
        cursor.execute(f"SELECT {calls}", tuple(part for pair in known.items() for part in pair))
        cursor.close()
        connection.commit()

    return set_them
