"""How many files are made at once on this machine: two at the most, and one of an organisation.

A file takes a thread of the web for minutes, and callers need those. A place is a lock on a file, which the system
gives back when a process dies; what is written in the file is how far its export has come, for whoever looks on.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.permissions import Actor

MOST = 2
STALE_SECONDS = 120
"""What nobody has written for so long was left behind by a process that died."""
_LARGEST_BYTES = 1_000


class Progress(NamedTuple):
    """So many rows have left, of so many; ``None``: nobody knows of how many."""

    rows: int
    of: int | None


class Slot:
    """A place that is held until ``release``."""

    def __init__(self, own: int, common: int, account: str) -> None:
        self._files = [own, common]
        self._account = account

    def tell(self, progress: Progress) -> None:
        """How far it has come. After ``release`` it does nothing."""
        if self._files:
            written = json.dumps([self._account, *progress]).encode()
            os.ftruncate(self._files[0], 0)
            os.pwrite(self._files[0], written, 0)

    def release(self) -> None:
        """Give the place back; a second time does nothing."""
        if self._files:
            os.ftruncate(self._files[0], 0)
        while self._files:
            os.close(self._files.pop())


def take(folder: Path, actor: Actor) -> Slot | None:
    """A place for a file of the actor's organisation; ``None`` while another one of theirs is made, or too many are."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = _locked(_file_of(folder, actor))
    if own is None:
        return None
    for number in range(MOST):
        common = _locked(folder / f"{number}.lock")
        if common is not None:
            return Slot(own, common, actor.account_id)
    os.close(own)
    return None


def progress(folder: Path, actor: Actor, now: float) -> Progress | None:
    """Of the file that the actor's account is taking; ``None`` without one. ``now``: seconds of the host's clock."""
    file = _file_of(folder, actor)
    with suppress(OSError, ValueError):
        if now - file.stat().st_mtime < STALE_SECONDS:
            account, rows, of = json.loads(file.read_bytes()[:_LARGEST_BYTES])
            return Progress(rows, of) if account == actor.account_id else None
    return None


def _file_of(folder: Path, actor: Actor) -> Path:
    return folder / f"of-{actor.organisation}.lock"


def _locked(file: Path) -> int | None:
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
