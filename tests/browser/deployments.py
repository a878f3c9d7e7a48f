"""The service, its jobs and the simulator as a newcomer runs them: practice data, free ports, a folder of their own."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from requests import Session
from sqlalchemy.orm import Session as DatabaseSession

from app.storage.engine import create_engine_for
from tests.support.service import Deployment, deployment, running, simulating, working

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE_SECONDS = 60
_DATA_KEYS = {"browser": b"fedcba9876543210fedcba9876543210"}


@dataclass(frozen=True, slots=True)
class Practice:
    """Where the processes answer, and the database behind them."""

    where: Deployment
    database_url: str
    simulator_url: str

    @property
    def service_url(self) -> str:
        return self.where.service.public_url

    @contextmanager
    def database(self) -> Iterator[DatabaseSession]:
        """What the processes write; whoever changes it commits."""
        engine = create_engine_for(self.database_url)
        with DatabaseSession(engine) as session:
            yield session
        engine.dispose()

    def end_all(self) -> None:
        """End every live call, and wait until each has been written down."""
        end_all(self.simulator_url)


def end_all(simulator_url: str) -> None:
    """End every live call of a simulator, and wait until each has been written down."""
    api = f"{simulator_url}/practice/api"
    with Session() as http:
        http.trust_env = False
        http.post(f"{api}/end-all", json={}, timeout=_PATIENCE_SECONDS).raise_for_status()
        while any(call["state"] == "live" for call in _calls(http, api)):
            time.sleep(0.05)


@contextmanager
def practising(root: Path, folder: Path, numbers: frozenset[str]) -> Iterator[Practice]:
    """All three processes on an SQLite database that ``radrum demo`` filled; stopped at the end of the block."""
    url = f"sqlite:///{folder / 'practice.sqlite3'}"
    where = deployment(root, folder, url, _DATA_KEYS, numbers=numbers)
    where.run("db", "upgrade")
    where.run("demo")
    with working(where), running(where, workers=1), simulating(where) as simulator:
        yield Practice(where, url, simulator.url)


def _calls(http: Session, api: str) -> Any:  # noqa: ANN401 - JSON
    return http.get(f"{api}/state", timeout=_PATIENCE_SECONDS).json()["calls"]
