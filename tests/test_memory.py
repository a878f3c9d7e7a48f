"""Where the tests keep their files: in memory where there is room, and nothing of it stays."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from tools import memory
from tools.memory import files_in_memory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobody_has_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(memory, "ENOUGH_BYTES", 1)


def test_files_are_in_memory_and_gone_afterwards(tmp_path: Path) -> None:
    with files_in_memory(tmp_path) as folder:
        assert folder is not None
        assert os.environ["TMPDIR"] == str(folder)
        assert folder.parent == tmp_path
        (folder / "a file").touch()

    assert list(tmp_path.iterdir()) == []
    assert "TMPDIR" not in os.environ


def test_a_place_that_somebody_chose_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())

    with files_in_memory(tmp_path) as folder:
        assert folder is None


def test_without_such_a_place_or_without_room_in_it_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with files_in_memory(tmp_path / "missing") as folder:
        assert folder is None
    monkeypatch.setattr(memory, "ENOUGH_BYTES", 1 << 62)

    with files_in_memory(tmp_path) as folder:
        assert folder is None
        assert "TMPDIR" not in os.environ
