"""The service, its jobs and the simulator as a newcomer runs them: practice data, free ports, a folder of their own."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from requests import Session

from tests.support.service import deployment, running, simulating, working

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DATA_KEYS = {"browser": b"fedcba9876543210fedcba9876543210"}


@dataclass(frozen=True, slots=True)
class Practice:
    """Where the processes answer."""

    service_url: str
    simulator_url: str

    def end_all(self) -> None:
        """End every live call, and wait until each has been written down."""
        api = f"{self.simulator_url}/practice/api"
        with Session() as http:
            http.trust_env = False
            http.post(f"{api}/end-all", json={}, timeout=10).raise_for_status()
            while any(call["state"] == "live" for call in http.get(f"{api}/state", timeout=10).json()["calls"]):
                time.sleep(0.05)


@contextmanager
def practising(root: Path, folder: Path, numbers: frozenset[str]) -> Iterator[Practice]:
    """All three processes on an SQLite database that ``radrum demo`` filled; stopped at the end of the block."""
    where = deployment(root, folder, f"sqlite:///{folder / 'practice.sqlite3'}", _DATA_KEYS, numbers=numbers)
    where.run("db", "upgrade")
    where.run("demo")
    with working(where), running(where, workers=1), simulating(where) as simulator:
        yield Practice(where.service.public_url, simulator.url)
