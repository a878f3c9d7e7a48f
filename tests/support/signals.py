"""Programs that hear the signals which whoever runs the tests may have told them not to, as nohup and ``&`` do."""

from __future__ import annotations

import sys

_HEARD = (
    "import os, signal, sys\n"
    "for number in (signal.SIGINT, signal.SIGHUP):\n"
    "    signal.signal(number, signal.SIG_DFL)\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
)


def hearing_signals(*arguments: str) -> list[str]:
    """A command that runs Python with these arguments, as from a terminal."""
    return [sys.executable, "-c", _HEARD, *arguments]
