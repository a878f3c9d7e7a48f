"""A database that ``radrum demo`` filled, for the tests that read it: one for all of a module."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.services.practice_data.demo import fill
from app.storage.engine import create_engine_for
from app.storage.types import keyring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from app.domain.policy import Policy


@contextmanager
def practice_data(template: Path, folder: Path, policy: Policy, now: datetime) -> Iterator[Session]:
    """A copy of ``template``, filled at ``now``. On SQLite alone: the rows are the same on both kinds."""
    file = folder / "radrum.sqlite3"
    file.write_bytes(template.read_bytes())
    keyring.load({"demo": b"d" * 32})
    engine = create_engine_for(f"sqlite:///{file}")
    with Session(engine) as session:
        fill(session, policy, now)
        session.commit()
        yield session
    engine.dispose()
