"""``radrum token``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from app.cli import main
from app.factory import open_database
from app.services.account import tokens
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def environ(database_url: str, root: Path) -> dict[str, str]:
    return {
        "RADRUM_CONFIG": str(root / "config.toml"),
        "RADRUM_DATABASE_URL": database_url,
        "RADRUM_SECRET_KEY": "a secret of the tests, long enough",
        "RADRUM_DATA_KEYS": "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "the-token-of-the-tests",
    }


@pytest.fixture
def radrum(environ: dict[str, str]) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        return CliRunner(env=environ).invoke(main, ["token", *arguments])

    return run


def test_a_new_token_is_printed_and_nothing_else(radrum: Callable[..., Result], environ: dict[str, str]) -> None:
    result = radrum("add", "statistics", "--organisation", "skane")

    assert result.exit_code == 0
    assert result.stderr == ""
    token = result.stdout.removesuffix("\n")
    with open_database(load_settings(environ)) as session:
        found = tokens.who_has(session, token)
        assert found is not None
        assert (found.name, found.organisation) == ("statistics", "skane")


def test_without_an_organisation_a_token_reads_all(radrum: Callable[..., Result]) -> None:
    radrum("add", "everything")
    radrum("add", "ours", "--organisation", "skane")

    header, *rows = radrum("list").stdout.splitlines()

    assert header == "name        reads  since       revoked  number"
    assert [row.split()[:2] for row in rows] == [["everything", "all"], ["ours", "skane"]]
    assert [row.index("20") for row in rows] == [header.index("since")] * 2


def test_an_unknown_organisation_is_refused_in_a_sentence(radrum: Callable[..., Result]) -> None:
    result = radrum("add", "statistics", "--organisation", "atlantis")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "radrum: there is no organisation atlantis; the organisations are nationell, skane, skaraborg, vastmanland\n"
    )


def test_a_name_that_is_taken_is_refused_in_a_sentence(radrum: Callable[..., Result]) -> None:
    radrum("add", "statistics")

    result = radrum("add", "statistics")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("radrum: a token named statistics exists already")


def test_a_revoked_token_is_listed_as_such(radrum: Callable[..., Result]) -> None:
    radrum("add", "statistics")

    result = radrum("revoke", "statistics")

    assert (result.exit_code, result.stdout) == (0, "The token statistics is revoked.\n")
    assert radrum("list").stdout.splitlines()[1].split()[3].startswith("20")


def test_a_token_that_was_revoked_already_is_said_to_be(radrum: Callable[..., Result]) -> None:
    radrum("add", "statistics")
    radrum("revoke", "statistics")

    result = radrum("revoke", "statistics")

    assert result.exit_code == 0
    assert result.stdout.startswith("The token statistics was revoked already, on 20")


def test_a_revoked_name_may_be_used_again(radrum: Callable[..., Result]) -> None:
    radrum("add", "statistics")
    radrum("revoke", "statistics")

    again = radrum("add", "statistics")

    assert (again.exit_code, again.stderr) == (0, "")
    assert [row[: row.index("  ")] for row in radrum("list").stdout.splitlines()[1:]] == [
        "statistics (revoked 1)",
        "statistics",
    ]


def test_revoking_what_is_not_there_fails_in_a_sentence(radrum: Callable[..., Result]) -> None:
    result = radrum("revoke", "nobody")

    assert result.exit_code == 1
    assert result.stderr == "radrum: there is no token named nobody; radrum token list shows all\n"


def test_an_empty_list_says_what_to_do(radrum: Callable[..., Result]) -> None:
    result = radrum("list")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "radrum token add NAME" in result.stderr
