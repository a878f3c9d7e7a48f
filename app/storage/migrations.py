"""Bring a database to the schema of this version, or back. The steps are in app/migrations/versions.

Write a step by hand, with every constraint named by the convention of storage.base; the tests compare the result with
the models on both databases and print what differs.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import OperationalError

from app.domain.errors import RadrumError
from app.storage.engine import Patience, create_engine_for, no_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = 0x7261_6472_756D
"""The advisory lock of upgrades: "radrum" as a number, the same for every process on this database."""
_WAIT_FOR_ANOTHER_UPGRADE = Patience(lock=120_000, statement=0, idle_in_transaction=0)
_TABLE_LOCK_MILLISECONDS = 8_000
"""A change of a table that waits blocks all who come after it, so it gives up early."""


class WrongRevision(RadrumError):
    """The database has a revision that this version doesn't know."""


def upgrade(url: str) -> None:
    """Make the schema that of this version, in one transaction; a second upgrade at the same time waits.

    Raises ``Unavailable`` when the database doesn't answer, ``WrongRevision`` when it belongs to a newer version.
    """
    _create_folder(url)
    with _locked(url) as connection:
        command.upgrade(_config(connection), "head")


def downgrade(url: str, revision: str) -> None:
    """Go back to ``revision``; ``"base"`` drops every table. Raises as ``upgrade`` does."""
    with _locked(url) as connection:
        command.downgrade(_config(connection), revision)


@cache
def head() -> str:
    """The revision that this version of the code works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:  # pragma: no cover - they are in the wheel, and a test says so
        message = "this installation has no migrations"
        raise WrongRevision(message)
    return revision


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the schema of this version. Raises what the driver raises."""
    with engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        return MigrationContext.configure(connection).get_current_heads() == (head(),)


def require_current(engine: Engine) -> None:
    """Raise ``WrongRevision``, with what to do, unless the database has exactly the schema of this version.

    An SQLite file that isn't there isn't made.
    """
    if _is_yet_to_be_made(engine) or not is_current(engine):
        name = engine.url.render_as_string()
        message = f"the database {name} doesn't have the schema of this version: run `radrum db upgrade`"
        raise WrongRevision(message)


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    engine = create_engine_for(url, patience=_WAIT_FOR_ANOTHER_UPGRADE)
    try:
        with engine.connect().execution_options(sqlite_begin="EXCLUSIVE") as connection:
            _leave_references_alone(connection)
            with connection.begin():
                _lock(connection)
                yield connection
                _check_references(connection)
    except OperationalError as error:
        raise no_answer(engine, error) from error
    except CommandError as error:
        message = f"the database {engine.url.render_as_string()} doesn't fit this version of Rådrum: {error}"
        raise WrongRevision(message) from error
    finally:
        engine.dispose()


def _lock(connection: Connection) -> None:
    """On SQLite BEGIN EXCLUSIVE has done it already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = {_TABLE_LOCK_MILLISECONDS}"))


def _leave_references_alone(connection: Connection) -> None:
    """A table that SQLite makes anew is dropped once; its rows' children must live through that."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.close()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        message = "there are rows that refer to nothing; nothing was changed"
        raise WrongRevision(message)


def _is_yet_to_be_made(engine: Engine) -> bool:
    file = engine.url.database or ""
    return engine.dialect.name == "sqlite" and not (file.startswith((":", "file:")) or Path(file).exists())


def _create_folder(url: str) -> None:
    target = make_url(url)
    if target.get_backend_name() == "sqlite" and target.database and target.database != ":memory:":
        Path(target.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "app:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
