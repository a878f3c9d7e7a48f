"""Real processes that are frozen and killed."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.due import Result
from app.storage.engine import Patience, create_engine_for
from app.storage.models import JobLease, JobOccurrence
from tests.jobs.running import Processes
from tests.support.service import deployment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


HURRIED = Patience(lock=300, statement=2_000, idle_in_transaction=2_000)


@dataclass(frozen=True, slots=True)
class Bench(Processes):
    """What ticked, and who holds the lease."""

    def ended(self) -> list[tuple[datetime, int]]:
        """What has ended, with the fence under which it did, in the order of being due."""
        rows = select(JobOccurrence.due_at, JobOccurrence.fence).where(JobOccurrence.result == Result.DONE)
        with Session(self.engine) as session:
            return [(due_at, fence) for due_at, fence in session.execute(rows.order_by(JobOccurrence.due_at))]

    def unended(self) -> list[datetime]:
        with Session(self.engine) as session:
            return list(session.scalars(select(JobOccurrence.due_at).where(JobOccurrence.ended_at.is_(None))))

    def effects(self) -> list[tuple[datetime, int]]:
        """What happened: due when, under which fence."""
        lines = (self.folder / "effects").read_text(encoding="utf-8").splitlines()
        return [(datetime.fromisoformat(line.split()[0]), int(line.split()[1])) for line in lines]

    def holder(self) -> tuple[int, int]:
        """The process that holds the lease, and its fence."""
        with Session(self.engine) as session:
            row = session.scalars(select(JobLease)).one()
            return int(row.holder.split()[2]), row.fence

    def freeze_holder(self) -> tuple[int, int]:
        """Stop the holder between two transactions and two occurrences; its process, and its fence.

        Within a transaction SQLite has everybody wait until it goes on; what isn't written down yet is done again.
        """
        while True:
            pid, _ = self.holder()
            os.kill(pid, signal.SIGSTOP)
            is_idle, holder = self.is_idle(), self.holder()
            if is_idle and holder[0] == pid:
                return holder
            os.kill(pid, signal.SIGCONT)

    def is_idle(self) -> bool:
        """Whether nobody is in a transaction, or between what it did and its being written down."""
        hurried = create_engine_for(self.engine.url.render_as_string(hide_password=False), patience=HURRIED)
        try:
            with Session(hurried) as session:
                session.execute(update(JobLease).values(name=JobLease.name))
                session.rollback()
        except OperationalError:
            return False
        finally:
            hurried.dispose()
        return not self.unended()


@pytest.fixture
def bench(root: Path, tmp_path: Path, database_url: str, data_keys: Mapping[str, bytes]) -> Iterator[Bench]:
    folder = tmp_path / "deployment"
    folder.mkdir()
    (folder / "effects").touch()
    where = deployment(root, folder, database_url, data_keys, numbers=frozenset())
    engine = create_engine_for(database_url)
    yield Bench({**where.environment, "PYTHONPATH": str(root)}, folder, engine)
    engine.dispose()


def test_three_processes_and_a_frozen_holder_run_each_occurrence_once(bench: Bench) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(bench.jobs()) for _ in range(3)]
        bench.until(lambda: len(bench.ended()) >= 3)
        pid, frozen = bench.freeze_holder()
        bench.until(lambda: bench.ended()[-1][1] > frozen)
        count = len(bench.ended())
        bench.until(lambda: len(bench.ended()) >= count + 2)
        os.kill(pid, signal.SIGCONT)
        count = len(bench.ended())
        bench.until(lambda: len(bench.ended()) >= count + 3)
        alive = [process.poll() for process in processes]

    ended = bench.ended()
    assert alive == [None] * 3
    assert sorted(bench.effects()) == ended
    assert len({due_at for due_at, _ in ended}) == len(ended)
    assert [fence for _, fence in ended] == sorted(fence for _, fence in ended)


def test_what_a_killed_process_did_but_did_not_write_down_is_done_again(bench: Bench) -> None:
    (bench.folder / "die").touch()
    with bench.jobs() as first:
        first.wait(120)
        left = bench.unended()

    with bench.jobs():
        bench.until(lambda: len(bench.ended()) >= 2)

    assert first.returncode == -signal.SIGKILL
    assert len(left) == 1
    assert [due_at for due_at, _ in bench.effects()].count(left[0]) == 2
    assert max(fence for due_at, fence in bench.ended() if due_at == left[0]) > 1
    assert bench.unended() == [] or bench.unended()[0] > left[0]


def test_a_process_that_is_told_to_stop_hands_its_lease_on(bench: Bench) -> None:
    with bench.jobs() as first, bench.jobs():
        bench.until(lambda: len(bench.ended()) >= 1)
        pid, fence = bench.holder()
        os.kill(pid, signal.SIGTERM)
        bench.until(lambda: bench.ended()[-1][1] > fence)
        if pid == first.pid:
            assert first.wait(120) == 0
