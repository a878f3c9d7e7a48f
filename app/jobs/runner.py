"""Any number of processes, one of which runs what is due."""

from __future__ import annotations

import logging
import secrets
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from os import getpid
from typing import TYPE_CHECKING

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy.exc import SQLAlchemyError

from app.domain.due import Result
from app.domain.errors import RadrumError
from app.logs import masked
from app.services.jobs import (
    Ending,
    Occurrence,
    claim,
    finish,
    give_up_lease,
    interrupted,
    take_or_renew_lease,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from app.domain.due import DueTimes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something that has its time."""

    name: str
    times: DueTimes
    run: Callable[[Occurrence], str]
    """The effect: may come twice, when a process dies before it has written down the end. Returns a few words about
    nobody."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Something to look after all the time, by whoever has the lease. It leaves no trace of its own."""

    name: str
    look: Callable[[], None]
    """Does no harm when two processes look at once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the lease lasts, and how often a process looks after it and at its times."""

    lease: timedelta = timedelta(seconds=20)
    renew_seconds: float = 5
    look_seconds: float = 1


@dataclass(frozen=True, slots=True)
class Tenure:
    """What this process knows of its lease. Whether that still holds, the database says at every write."""

    fence: int
    until: datetime


@dataclass(slots=True)
class Runner:
    """The jobs of one process. Only the holder of the lease runs them; the others wait for it to run out."""

    jobs: Sequence[Job]
    open_database: Callable[[], AbstractContextManager[Session]]
    watches: Sequence[Watch] = ()
    pace: Pace = field(default_factory=Pace)
    holder: str = field(default_factory=lambda: f"{socket.gethostname()[:60]} pid {getpid()} {secrets.token_hex(4)}")
    _tenure: Tenure | None = None
    _answers: bool = True
    _seen: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    _unwritten: dict[str, tuple[Occurrence, Ending]] = field(default_factory=dict)
    _running: set[str] = field(default_factory=set)

    def scheduler(self) -> BlockingScheduler:
        """One look for the lease and for each job, not yet started. Looks that come late become one."""
        scheduler = BlockingScheduler(
            timezone=UTC,
            executors={"default": {"type": "threadpool", "max_workers": len(self.jobs) + len(self.watches) + 1}},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        now = datetime.now(UTC)
        scheduler.add_job(self.keep_lease, "interval", seconds=self.pace.renew_seconds, id="lease", next_run_time=now)
        for job in self.jobs:
            scheduler.add_job(
                self.look, "interval", [job], seconds=self.pace.look_seconds, id=job.name, next_run_time=now
            )
        for watch in self.watches:
            scheduler.add_job(
                self.watch, "interval", [watch], seconds=self.pace.look_seconds, id=watch.name, next_run_time=now
            )
        return scheduler

    def keep_lease(self) -> None:
        """Take the lease, or renew it."""
        now = datetime.now(UTC)
        try:
            with self.open_database() as session:
                fence = take_or_renew_lease(session, self.holder, now, self.pace.lease)
                session.commit()
        except (RadrumError, SQLAlchemyError) as error:
            self._say_once(error)
            return
        self._answers = True
        before = self._tenure
        self._tenure = None if fence is None else Tenure(fence, now + self.pace.lease)
        if fence is not None and (before is None or before.fence != fence):
            _log.info("this process has the lease of the jobs, fence %d", fence)
        elif fence is None and before is not None:
            _log.warning("the lease of the jobs went to another process, fence %d is over", before.fence)

    def look(self, job: Job) -> None:
        """Run what of this job is due, if this process has the lease."""
        tenure, now = self._tenure, datetime.now(UTC)
        latest = job.times.latest(now)
        if tenure is None or tenure.until <= now or self._seen.get(job.name) == (tenure.fence, latest):
            return
        self._running.add(job.name)
        try:
            self._write_ending(job)
            for due_at in self._due(job, latest, tenure.fence):
                self._run(job, Occurrence(job.name, due_at, tenure.fence))
        except (RadrumError, SQLAlchemyError) as error:
            self._say_once(error)
        else:
            self._seen[job.name] = (tenure.fence, latest)
        finally:
            self._running.discard(job.name)

    def watch(self, watch: Watch) -> None:
        """Look once, if this process has the lease."""
        tenure = self._tenure
        if tenure is None or tenure.until <= datetime.now(UTC):
            return
        try:
            watch.look()
        except (RadrumError, SQLAlchemyError) as error:
            self._say_once(error)

    def stop(self) -> None:
        """Hand the lease on, so that nobody has to wait until it runs out; not while an effect is on its way."""
        tenure, self._tenure = self._tenure, None
        if tenure is None or self._running:
            return
        try:
            with self.open_database() as session:
                give_up_lease(session, tenure.fence, datetime.now(UTC))
                session.commit()
        except (RadrumError, SQLAlchemyError) as error:
            self._say_once(error)

    def _due(self, job: Job, latest: datetime, fence: int) -> Iterable[datetime]:
        """What an earlier process left behind, then the latest that is due: those between have had their time."""
        with self.open_database() as session:
            return dict.fromkeys((*interrupted(session, job.name, fence), latest))

    def _run(self, job: Job, occurrence: Occurrence) -> None:
        with self.open_database() as session:
            is_ours = claim(session, occurrence, datetime.now(UTC))
            session.commit()
        if not is_ours:
            return
        self._unwritten[job.name] = (occurrence, _effect(job, occurrence))
        self._write_ending(job)

    def _write_ending(self, job: Job) -> None:
        """What the database doesn't take now stays to be written at the next look."""
        if job.name not in self._unwritten:
            return
        occurrence, ending = self._unwritten[job.name]
        with self.open_database() as session:
            is_written = finish(session, occurrence, datetime.now(UTC), ending)
            session.commit()
        del self._unwritten[job.name]
        if not is_written:
            _log.warning("%s: the lease passed on meanwhile; the next process runs it again", job.name)

    def _say_once(self, error: Exception) -> None:
        if self._answers:
            _log.warning("the jobs wait: %s", _about(error))
        self._answers = False


def _effect(job: Job, occurrence: Occurrence) -> Ending:
    began = time.perf_counter()
    try:
        result, detail = Result.DONE, job.run(occurrence)
    except RadrumError as error:
        # A part that doesn't answer is said in one line; the next occurrence tries again.
        result, detail = Result.FAILED, _about(error)
        _log.warning("%s: %s", job.name, detail)
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this occurrence and not to the runner
        result, detail = Result.FAILED, type(error).__name__
        _log.exception("%s failed", job.name)
    return Ending(result, detail, round(time.perf_counter() - began, 3))


def _about(error: Exception) -> str:
    """Our own errors are sentences; others may quote what nobody should read."""
    return masked(str(error)) if isinstance(error, RadrumError) else type(error).__name__
