"""What every test may ask for: a fresh database on either engine, a session, the shipped policy.

A test that names ``database_url``, ``engine`` or ``session`` runs twice: on SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.storage.types import keyring
from tests.support.postgres import NoPostgres, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Engine

    from app.domain.policy import Policy
    from tests.support.postgres import Server

ROOT = Path(__file__).parent.parent

# How long one example takes says more about a busy machine than about the code.
settings.register_profile("radrum", deadline=None)
settings.load_profile("radrum")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout, where config.toml, callflows/ and schedules/ lie."""
    return ROOT


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The shipped configuration, read once."""
    from app.reading import read_policy  # noqa: PLC0415 - slow to import; most tests do without

    with (ROOT / "config.toml").open("rb") as file:
        return read_policy(ROOT, tomllib.load(file))


@pytest.fixture(scope="session", autouse=True)
def thrift() -> Iterator[None]:
    """No test compiles what another has, works on the hash of a password, or hurries, without being asked."""
    from tests.support import thrift  # noqa: PLC0415 - as above

    with (
        thrift.templates_compiled_once(),
        thrift.routes_compiled_once(),
        thrift.statements_compiled_once(),
        thrift.passwords_hashed_cheaply(),
        thrift.callers_patient(),
    ):
        yield


@pytest.fixture(autouse=True)
def data_keys() -> Iterator[Mapping[str, bytes]]:
    """The data keys of the test, on the ring while it runs."""
    keys = {"test": b"0123456789abcdef0123456789abcdef"}
    keyring.load(keys)
    yield keys
    keyring.load({})


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole run. Without one, tests on it are skipped, and fail where ``CI`` is set."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except NoPostgres as missing:
            if os.environ.get("CI"):
                pytest.fail(f"no PostgreSQL to test on: {missing}", pytrace=False)
            pytest.skip(f"NOT TESTED ON POSTGRESQL: {missing}")
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> Iterator[str]:
    """The name of a migrated database that every test's own is copied from."""
    name = postgres.create("radrum_template")
    _migrate(postgres.url_of(name))
    yield name
    postgres.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that every test's own is copied from."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _migrate(f"sqlite:///{file}")
    assert not file.with_name(file.name + "-wal").exists(), "the migration left its connection open"
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    file = tmp_path / "radrum.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(postgres: Server, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = postgres.create("radrum_test", template=postgres_template)
    yield postgres.url_of(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database: the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the fresh database, set up as the service sets up its own."""
    from app.storage.engine import configure_engine, engine_options  # noqa: PLC0415 - most tests do without a database

    engine = create_engine(database_url, **engine_options(database_url))
    configure_engine(engine, voice=False)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the fresh database; what isn't committed is gone after the test."""
    with Session(engine) as session:
        yield session


def _migrate(url: str) -> None:
    from app.storage.migrations import upgrade  # noqa: PLC0415 - most tests do without a database

    upgrade(url)
