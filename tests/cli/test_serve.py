"""The web process says in one sentence why it can't begin."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from app.cli import main
from app.cli.doubts import say_doubts
from app.settings import load_settings
from tests.support.ports import reserved_port

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run
    from tests.support.postgres import Server


def test_an_address_in_use_is_said_in_a_sentence(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("RADRUM_CONFIG", str(root / "config.toml"))
        monkeypatch.setenv("RADRUM_BIND", f"127.0.0.1:{taken.getsockname()[1]}")
        monkeypatch.setenv("RADRUM_DATABASE_URL", f"sqlite:///{tmp_path}/radrum.sqlite3")

        done = CliRunner().invoke(main, ["serve"])

    assert done.exit_code == 1
    assert "is Rådrum running already?" in done.stderr
    assert len(done.stderr.splitlines()) == 1


IN_TWO_DAYS = datetime.now(UTC).date() + timedelta(days=2)


@pytest.fixture
def starting(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, whose web and jobs processes end where they would go on for ever."""
    monkeypatch.setattr("app.cli.serve._Server.run", lambda server: click.echo(f"up: {server}"[:3]))
    monkeypatch.setattr("apscheduler.schedulers.blocking.BlockingScheduler.start", lambda _: click.echo("up:"))
    monkeypatch.setenv("RADRUM_BIND", f"127.0.0.1:{reserved_port()}")
    # What the two commands set for their own process stays in the test.
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "put back afterwards")
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return run


@pytest.mark.parametrize("command", ["serve", "jobs"])
def test_with_its_database_a_process_begins(starting: Run, command: str) -> None:
    code, out, err = starting(command)

    assert (code, out, err.count("\n")) == (0, "up:\n", 1)


FICTIVE = [
    ("skane", "backup_number", "+46406280400"),
    ("skaraborg", "backup_number", "+46701740630"),
    ("vastmanland", "public_number", "+46701740620"),
    ("vastmanland", "twilio_numbers", "+46701740620"),
    ("vastmanland", "backup_number", "+46701740631"),
]


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("command", ["serve", "check"])
def test_numbers_that_nobody_has_are_said_in_live_mode_and_nothing_is_refused(starting: Run, command: str) -> None:
    code, out, err = starting(command)

    said = [line for line in err.splitlines() if "reserved for fiction" in line]
    assert code == 0
    assert out
    assert [line.partition(" is reserved")[0] for line in said] == [
        f"radrum: line.{line}.{key}: {number}" for line, key, number in FICTIVE
    ]


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_database_role_without_walls_is_said_in_live_mode(
    starting: Run, command: str, postgres: Server, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = starting(command)
    monkeypatch.setenv("RADRUM_DATABASE_URL", postgres.url_of_superuser(make_url(postgresql_url).database or ""))
    superuser = starting(command)

    assert (plain[0], superuser[0]) == (0, 0)
    assert "isn't bound by PostgreSQL's row-level security" not in plain[2]
    assert "isn't bound by PostgreSQL's row-level security" in superuser[2]


def test_numbers_that_nobody_has_are_right_in_practice(starting: Run) -> None:
    assert starting("check")[2] == ""


@pytest.mark.parametrize("command", ["serve", "jobs"])
def test_without_its_schema_a_process_does_not_begin(
    starting: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/new.sqlite3")

    code, out, err = starting(command)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.endswith("run `radrum db upgrade`\n")


@pytest.mark.parametrize("command", ["serve", "jobs"])
def test_without_the_key_of_the_phones_a_process_begins_and_says_so(
    starting: Run, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting("demo")
    monkeypatch.setenv("RADRUM_DATA_KEYS", "another:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")

    code, out, err = starting(command)

    assert (code, out) == (0, "up:\n")
    assert err.startswith("radrum: the data key practice, ")
    assert "add it to RADRUM_DATA_KEYS" in err


@pytest.mark.parametrize(
    ("command", "meanwhile"), [("serve", "callers hear the line's backup number"), ("jobs", "the jobs go on trying")]
)
@pytest.mark.parametrize("database", ["postgresql://radrum:hush@127.0.0.1:1/radrum", "sqlite:///config.toml"])
def test_without_an_answer_of_its_database_a_process_begins_and_says_so(
    starting: Run, command: str, meanwhile: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADRUM_DATABASE_URL", database)

    code, out, err = starting(command)

    assert (code, out) == (0, "up:\n")
    assert "doesn't answer: " in err.splitlines()[0]
    assert meanwhile in err.splitlines()[0]
    assert "hush" not in err


def test_a_command_that_is_misused_says_so_in_one_sentence() -> None:
    for arguments in (["serve", "--workers", "0"], ["nonsense"], ["reconcile", "--since", "garbage"]):
        done = CliRunner().invoke(main, arguments)

        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "%Y" not in done.stderr


@pytest.mark.parametrize(
    "since",
    [
        "0001-01-01",
        "2013-12-31",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59-0100",
        pytest.param(str(IN_TWO_DAYS), id="in two days"),
    ],
)
def test_reconcile_looks_at_no_time_before_the_first_line_or_to_come(since: str) -> None:
    done = CliRunner().invoke(main, ["reconcile", "--since", since])

    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "isn't between 2014 and now" in done.stderr


@pytest.mark.parametrize("since", ["2014-01-01", "2025-01-01T00:00:00+01:00"])
def test_a_practice_provider_that_is_not_there_is_called_the_simulator(
    run: Run, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    monkeypatch.setenv("TWILIO_API_BASE_URL", "http://127.0.0.1:1")

    code, out, err = run("reconcile", "--since", since)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("radrum: the simulator (127.0.0.1:1) can't be reached")
    assert "make run" in err
    assert "Twilio" not in err


def test_a_secret_key_that_can_be_guessed_is_said_and_no_reason_not_to_answer(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings(
        {
            "RADRUM_CONFIG": str(root / "config.toml"),
            "RADRUM_MODE": "live",
            "RADRUM_PUBLIC_URL": "https://radrum.example.se",
            "RADRUM_SECRET_KEY": "x" * 40,
            "RADRUM_DATA_KEYS": "k:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "token",
        }
    )

    say_doubts(settings)

    assert "RADRUM_SECRET_KEY can be guessed" in capsys.readouterr().err
