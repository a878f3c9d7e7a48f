"""The web process says in one sentence why it can't begin."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from click.testing import CliRunner

from app.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_an_address_in_use_is_said_in_a_sentence(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("RADRUM_CONFIG", str(root / "config.toml"))
        monkeypatch.setenv("RADRUM_BIND", f"127.0.0.1:{taken.getsockname()[1]}")
        monkeypatch.setenv("RADRUM_DATABASE_URL", f"sqlite:///{tmp_path}/radrum.sqlite3")

        done = CliRunner().invoke(main, ["serve"])

    assert done.exit_code == 1
    assert "is Rådrum running already?" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_command_that_is_misused_says_so_in_one_sentence() -> None:
    for arguments in (["serve", "--workers", "0"], ["nonsense"], ["reconcile", "--since", "garbage"]):
        done = CliRunner().invoke(main, arguments)

        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "%Y" not in done.stderr
