"""A folder in memory: thousands of tests make a database each, and on a disk most of their time goes into that."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it get names that nobody can guess
ENOUGH_BYTES = 4 * 1024**3
CHOSEN = "TMPDIR"
"""The variable by which somebody chooses another place."""


@contextmanager
def files_in_memory(memory: Path = MEMORY) -> Iterator[Path | None]:
    """Let what is started meanwhile keep its temporary files in memory, where there is a place with room for it."""
    if os.environ.get(CHOSEN) or not _serves(memory):
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="radrum-tests-", dir=memory))
    folder.chmod(0o711)  # PostgreSQL refuses to run as root, and goes through it as somebody else
    os.environ[CHOSEN] = str(folder)
    try:
        yield folder
    finally:
        del os.environ[CHOSEN]
        shutil.rmtree(folder, ignore_errors=True)


def _serves(memory: Path) -> bool:
    """Whether there is room, and programs may be run from there."""
    try:
        found = os.statvfs(memory)
    except OSError:
        return False
    has_room = found.f_bavail * found.f_frsize >= ENOUGH_BYTES
    return has_room and os.access(memory, os.W_OK) and not found.f_flag & os.ST_NOEXEC
