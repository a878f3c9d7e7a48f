"""Ports of this machine that a process is to listen on some time later, each for one test process alone."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import IO

# Below those that a system gives to whoever asks for any, and those that a drill takes: nobody who does takes one of
# ours between two starts.
_FIRST, _LAST = 10_000, 20_000
_kept: list[IO[bytes]] = []


def reserved_port() -> int:
    """A port on which nothing listens, and that no other test process is given while this one lives."""
    folder = Path(tempfile.gettempdir(), f"radrum-ports-{os.getuid()}")
    folder.mkdir(exist_ok=True)
    while True:
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)  # of one seed all test processes would draw the same
        mark = (folder / str(port)).open("wb")
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _kept.append(mark)
        return port
