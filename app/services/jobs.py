"""That no occurrence of a job runs twice, over any number of processes, and that none is lost.

One process at a time holds the lease. A frozen process can't know that its lease has passed on, so the number that
grows with every change (the fence) is compared in the transaction of every write: who has an older one writes nothing.
Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, func, or_, select, tuple_, update

from app.storage.insert import insert_once
from app.storage.models import JobLease, JobOccurrence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.due import Result

HEARTBEAT = "heartbeat"
"""The job whose last occurrence says that the jobs are running."""
_LEASE = "jobs"
_IMPLAUSIBLE = timedelta(minutes=5)
"""No honest lease lasts so much longer than ours: its holder's clock was wrong, and it may be gone for years."""
_LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A job that is due at an instant, and the fence of the process that takes it on."""

    job: str
    due_at: datetime
    fence: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How an occurrence ended. ``detail`` is a few words about nobody."""

    result: Result
    detail: str
    seconds: float


def take_or_renew_lease(session: Session, holder: str, now: datetime, ttl: timedelta) -> int | None:
    """The fence, if ``holder`` has the lease until ``now + ttl``; ``None`` while another one has it.

    The fence stays while the holder renews in time, and grows otherwise.
    """
    in_time = and_(JobLease.holder == holder, JobLease.expires_at > now)
    is_over = or_(JobLease.expires_at <= now, JobLease.expires_at > now + ttl + _IMPLAUSIBLE)
    taken = (
        update(JobLease)
        .where(JobLease.name == _LEASE, or_(in_time, is_over))
        .values(holder=holder, expires_at=now + ttl, fence=case((in_time, JobLease.fence), else_=JobLease.fence + 1))
        .returning(JobLease.fence)
        .execution_options(synchronize_session=False)
    )
    fence = session.scalar(taken)
    if fence is None and insert_once(session, JobLease, name=_LEASE, holder=holder, fence=1, expires_at=now + ttl):
        return 1
    return fence


def give_up_lease(session: Session, fence: int, now: datetime) -> None:
    """Let the next process take over at once."""
    session.execute(
        update(JobLease)
        .where(JobLease.name == _LEASE, JobLease.fence == fence, JobLease.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def claim(session: Session, occurrence: Occurrence, now: datetime) -> bool:
    """Whether this occurrence is ours to run: nobody had begun it, or an earlier holder never came to its end."""
    if not _holds(session, occurrence.fence):
        return False
    job, due_at, fence = occurrence.job, occurrence.due_at, occurrence.fence
    if insert_once(session, JobOccurrence, job=job, due_at=due_at, fence=fence, began_at=now, detail=""):
        return True
    again = (
        update(JobOccurrence)
        .where(JobOccurrence.job == job, JobOccurrence.due_at == due_at)
        .where(JobOccurrence.ended_at.is_(None), JobOccurrence.fence < fence)
        .values(fence=fence, began_at=now)
        .returning(JobOccurrence.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(again) is not None


def finish(session: Session, occurrence: Occurrence, now: datetime, ending: Ending) -> bool:
    """Write down the end, once the effect is there; ``False``, and nothing written, when the lease has passed on."""
    if not _holds(session, occurrence.fence):
        return False
    ended = (
        update(JobOccurrence)
        .where(JobOccurrence.job == occurrence.job, JobOccurrence.due_at == occurrence.due_at)
        .where(JobOccurrence.ended_at.is_(None), JobOccurrence.fence == occurrence.fence)
        .values(ended_at=now, result=ending.result, detail=ending.detail[:_LONGEST_DETAIL], seconds=ending.seconds)
        .returning(JobOccurrence.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(ended) is not None


def interrupted(session: Session, job: str, fence: int) -> tuple[datetime, ...]:
    """What an earlier holder began and never ended, oldest first."""
    rows = select(JobOccurrence.due_at).where(
        JobOccurrence.job == job, JobOccurrence.ended_at.is_(None), JobOccurrence.fence < fence
    )
    return tuple(session.scalars(rows.order_by(JobOccurrence.due_at)))


def forget(session: Session, before: datetime) -> int:
    """Delete the occurrences that were due before; say how many."""
    gone = delete(JobOccurrence).where(JobOccurrence.due_at < before).returning(JobOccurrence.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def last_runs(session: Session, jobs: Collection[str], now: datetime) -> Mapping[str, JobOccurrence]:
    """Each job's latest occurrence, where there is one. What a clock that was ahead left behind doesn't count."""
    latest = (
        select(JobOccurrence.job, func.max(JobOccurrence.due_at))
        .where(JobOccurrence.job.in_(jobs), JobOccurrence.due_at <= now)
        .group_by(JobOccurrence.job)
    )
    rows = select(JobOccurrence).where(tuple_(JobOccurrence.job, JobOccurrence.due_at).in_(latest))
    return {row.job: row for row in session.scalars(rows)}


def lease(session: Session) -> JobLease | None:
    """Who has, or had, the lease."""
    return session.get(JobLease, _LEASE)


def heartbeat_age_seconds(session: Session, now: datetime) -> float | None:
    """How long ago the jobs last gave a sign of life; ``None``: never."""
    beat = select(func.max(JobOccurrence.ended_at)).where(JobOccurrence.job == HEARTBEAT, JobOccurrence.ended_at <= now)
    at = session.scalar(beat)
    return None if at is None else (now - at).total_seconds()


def _holds(session: Session, fence: int) -> bool:
    """Whether the fence is the lease's, and stays so until this transaction ends."""
    # SQLite has no row locks and needs none: the transaction is the only writer's since its begin.
    held = select(JobLease.name).where(JobLease.name == _LEASE, JobLease.fence == fence)
    return session.scalar(held.with_for_update(read=True)) is not None
