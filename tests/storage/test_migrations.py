from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect, make_url, text

from app.domain.errors import Unavailable
from app.storage import migrations, models
from app.storage.base import Base
from app.storage.engine import create_engine_for
from app.storage.migrations import WrongRevision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.support.postgres import Server

TABLES = {model.__tablename__ for model in map(models.__dict__.__getitem__, models.__all__)}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create("radrum_empty")
    yield server.url_of(name)
    server.drop(name)


def test_an_empty_database_goes_up_and_down_and_up_again(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    up = _tables(empty_url)
    migrations.downgrade(empty_url, "base")
    down = _tables(empty_url)
    migrations.upgrade(empty_url)
    again = _tables(empty_url)

    assert up == again == TABLES | {"alembic_version"}
    assert down == {"alembic_version"}


def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_the_migrated_tables_have_the_checks_of_the_models(engine: Engine) -> None:
    wanted = {
        (table.name, check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }

    found = {(table, check["name"]) for table in TABLES for check in inspect(engine).get_check_constraints(table)}

    assert found == wanted
    assert len(wanted) > 10


def test_the_migrated_checks_say_what_those_of_the_models_say(engine: Engine, tmp_path: Path) -> None:
    """Compared as the database itself writes them down, once it has made the models' tables without a migration."""
    if engine.dialect.name == "sqlite":
        direct, schema = create_engine(f"sqlite:///{tmp_path}/direct.sqlite3"), None
    else:
        direct, schema = engine.execution_options(schema_translate_map={None: "direct"}), "direct"
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA direct"))

    Base.metadata.create_all(direct)

    assert _checks(engine) == _checks(direct, schema)
    direct.dispose()


def test_partial_indexes_are_partial(engine: Engine) -> None:
    option = f"{engine.dialect.name}_where"

    partial = {
        (index["name"], str(index.get("dialect_options", {}).get(option)).translate(str.maketrans("", "", "()")))
        for table in TABLES
        for index in inspect(engine).get_indexes(table)
        if index.get("dialect_options", {}).get(option) is not None
    }

    assert partial == {
        ("uq_attempt_live_staff_id", "ended_at IS NULL"),
        ("uq_callback_attempt_live_request_id", "ended_at IS NULL"),
        ("uq_callback_attempt_live_staff_id", "ended_at IS NULL"),
        ("ix_call_open", "ended_at IS NULL"),
        ("ix_callback_request_open", "closed_at IS NULL"),
        ("ix_call_waiting", "holding_since IS NOT NULL"),
        ("ix_consultation_reach_held_at", "held_at IS NOT NULL"),
        ("ix_outgoing_mail_waiting", "ended_at IS NULL"),
        ("ix_cases_open", "ended_at IS NULL"),
        ("uq_follow_up_open_case_id", "ended_at IS NULL"),
        ("ix_consultation_to_do", "held_at IS NOT NULL AND closed_at IS NULL"),
        ("uq_pause_open_staff_id", "ends IS NULL"),
        ("uq_destruction_open", "ended_at IS NULL"),
        ("uq_retention_decision_active", "ended_at IS NULL"),
        ("ix_consultation_list", "held_at IS NOT NULL"),
        ("ix_consultation_list_staff", "held_at IS NOT NULL"),
        ("ix_consultation_list_municipality", "held_at IS NOT NULL AND municipality IS NOT NULL"),
        ("ix_consultation_list_to_do", "held_at IS NOT NULL AND closed_at IS NULL"),
        ("ix_cases_list_open", "ended_at IS NULL"),
        ("ix_follow_up_list_ended", "ended_at IS NOT NULL"),
        ("ix_follow_up_list_open", "ended_at IS NULL"),
    }


def test_upgrades_at_the_same_time_wait_for_one_another(empty_url: str) -> None:
    program = f"from app.storage.migrations import upgrade; upgrade({empty_url!r})"

    racers = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    complaints = [racer.communicate()[1] for racer in racers]

    assert complaints == [""] * 4
    assert [racer.returncode for racer in racers] == [0] * 4
    assert _tables(empty_url) == TABLES | {"alembic_version"}


def test_a_database_is_current_only_once_it_is_migrated(empty_url: str) -> None:
    engine = create_engine_for(empty_url)

    before = migrations.is_current(engine)
    migrations.upgrade(empty_url)
    after = migrations.is_current(engine)

    assert (before, after) == (False, True)
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_by_name(database_url: str) -> None:
    engine = create_engine_for(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(WrongRevision, match="9999"):
        migrations.upgrade(database_url)

    assert not migrations.is_current(engine)
    engine.dispose()


def test_a_database_of_another_version_is_told_what_to_do(empty_url: str, database_url: str) -> None:
    old, new = create_engine_for(empty_url), create_engine_for(database_url)

    with pytest.raises(WrongRevision, match="radrum db upgrade"):
        migrations.require_current(old)
    migrations.require_current(new)

    old.dispose()
    new.dispose()


def test_rows_that_refer_to_nothing_stop_an_upgrade(sqlite_url: str) -> None:
    """While SQLite makes a table anew it can't watch the references, so they are checked at the end."""
    with closing(sqlite3.connect(str(make_url(sqlite_url).database))) as careless:
        careless.execute("INSERT INTO rota_membership VALUES (1, 'skane', 'nobody', '2026-11-23', NULL, 1)")
        careless.commit()

    with pytest.raises(WrongRevision, match="refer to nothing"):
        migrations.upgrade(sqlite_url)


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    engine = create_engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE staff (id INTEGER)"))  # in the way of the fourth table

    with pytest.raises(Exception, match="staff"):
        migrations.upgrade(empty_url)

    assert _tables(empty_url) == {"staff"}
    engine.dispose()


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(Unavailable) as refused:
        migrations.upgrade("postgresql+psycopg://radrum:hush@127.0.0.1:1/radrum")

    assert "127.0.0.1:1/radrum" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_an_sqlite_file_and_its_log_are_their_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "radrum.sqlite3"
    migrations.upgrade(f"sqlite:///{file}")
    engine = create_engine_for(f"sqlite:///{file}")

    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}

    assert rights == dict.fromkeys(("radrum.sqlite3", "radrum.sqlite3-wal", "radrum.sqlite3-shm"), 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    engine.dispose()


def test_the_wheel_brings_migrations_pages_looks_and_words_along(tmp_path: Path, root: Path) -> None:
    program = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"

    built = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )

    names = zipfile.ZipFile(tmp_path / built.stdout.strip().splitlines()[-1]).namelist()
    assert {"app/migrations/env.py", "app/migrations/script.py.mako"} <= set(names)
    assert any(name.startswith(f"app/migrations/versions/{migrations.head()}_") for name in names)
    folders = [root / "app" / name for name in ("templates", "static", "translations")]
    files = {file.relative_to(root).as_posix() for folder in folders for file in folder.rglob("*") if file.is_file()}
    assert {"app/templates/base.html", "app/translations/sv/LC_MESSAGES/messages.mo"} <= files
    assert files <= set(names)


def _tables(url: str) -> set[str]:
    engine = create_engine_for(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def _checks(engine: Engine, schema: str | None = None) -> set[tuple[str, str | None, str]]:
    return {
        (table, check["name"], " ".join(check["sqltext"].split()))
        for table in TABLES
        for check in inspect(engine).get_check_constraints(table, schema=schema)
    }
