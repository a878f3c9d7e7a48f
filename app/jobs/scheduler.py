"""When which job runs. Each job may be run by two processes at once without harm: it only mends what it finds open."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.blocking import BlockingScheduler

from app.domain.errors import RadrumError
from app.services.reconcile import reconcile, sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.reconcile import Provider

_log = logging.getLogger(__name__)
_LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the jobs of one deployment work with."""

    policy: Policy
    provider: Provider
    open_database: Callable[[], AbstractContextManager[Session]]

    def sweep(self) -> None:
        """Close the calls that fell silent and are over."""
        with self.open_database() as session:
            report = sweep(session, self.provider, datetime.now(UTC))
        if report.closed or report.unknown:
            _log.warning(
                "closed %d calls that had stayed open, %d unknown", report.closed + report.unknown, report.unknown
            )

    def reconcile(self) -> None:
        """Compare with the provider's list of calls."""
        now = datetime.now(UTC)
        with self.open_database() as session:
            report = reconcile(session, self.policy, self.provider, now - _LOOK_BACK, now)
        if report.reconstructed:
            _log.warning("reconstructed %d calls that had never reached us", report.reconstructed)

    def scheduler(self) -> BlockingScheduler:
        """All jobs with their times, not yet started. A run that comes late is run once, however many were missed."""
        scheduler = BlockingScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        scheduler.add_job(_quietly(self.sweep), "interval", minutes=1, id="sweep")
        # A call that met the fallback has its record within a quarter of an hour, also after a restart of ours.
        scheduler.add_job(
            _quietly(self.reconcile), "interval", minutes=10, id="reconcile", next_run_time=datetime.now(UTC)
        )
        return scheduler


def _quietly(job: Callable[[], None]) -> Callable[[], None]:
    """A part that doesn't answer is said in one line; the next run tries again."""

    def run() -> None:
        try:
            job()
        except RadrumError as error:
            _log.warning("%s", error)

    return run
