"""Jobs processes on one database, that can be killed, and what is waited for."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Processes:
    """A deployment whose jobs are those of ``entry``."""

    environment: Mapping[str, str]
    folder: Path
    engine: Engine

    entry: ClassVar[str] = "tests.jobs.entry"

    @contextmanager
    def jobs(self) -> Iterator[subprocess.Popen[bytes]]:
        """A process, killed at the end by its own id."""
        with (self.folder / "jobs.log").open("ab") as log:
            command = [sys.executable, "-m", self.entry]
            process = subprocess.Popen(command, env=dict(self.environment), stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the processes do."""
        deadline = time.perf_counter() + _PATIENCE_SECONDS
        while not condition():
            log = (self.folder / "jobs.log").read_text(errors="replace")
            assert time.perf_counter() < deadline, f"waited in vain: {log[-3000:]}"
            time.sleep(0.2)
