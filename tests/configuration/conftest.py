"""A copy of the shipped configuration that a test may break."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def deployment(root: Path, tmp_path: Path) -> Path:
    """A folder with config.toml, callflows/ and schedules/ as they are shipped."""
    shutil.copy(root / "config.toml", tmp_path)
    for folder in ("callflows", "schedules"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path
