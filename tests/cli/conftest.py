"""The command as it is typed, with the shipped configuration, on a fresh database."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

from app.cli import main

if TYPE_CHECKING:
    from pathlib import Path

Run: TypeAlias = Callable[..., tuple[int | str | None, str, str]]


@pytest.fixture
def run(
    root: Path,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command with the shipped configuration, on the fresh database; give code, output and complaints."""
    shutil.copy(root / "config.toml", tmp_path)
    for folder in ("callflows", "schedules"):
        shutil.copytree(root / folder, tmp_path / folder)
    monkeypatch.setenv("RADRUM_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("RADRUM_DATABASE_URL", database_url)

    def command(*arguments: str) -> tuple[int | str | None, str, str]:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return command


@pytest.fixture
def live(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same in live mode."""
    for name, value in {
        "RADRUM_MODE": "live",
        "RADRUM_PUBLIC_URL": "https://radrum.example.se",
        "RADRUM_SECRET_KEY": "a secret of the tests, long enough",
        "RADRUM_DATA_KEYS": "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "the-token-of-the-tests",
    }.items():
        monkeypatch.setenv(name, value)
    return run
