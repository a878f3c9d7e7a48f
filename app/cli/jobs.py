"""``radrum jobs``: the jobs process, and how it fares."""

from __future__ import annotations

import logging.config
import os
import signal
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from app import logs
from app.cli.start import require_database
from app.cli.table import echo_table
from app.factory import open_database, post_of, provider_of
from app.jobs.catalogue import Work
from app.jobs.runner import Pace, Runner
from app.logs import masked
from app.services.jobs import heartbeat_age_seconds, last_runs, lease
from app.services.mail.outbox import standing
from app.settings import load_settings
from app.storage.engine import JOBS, begin_read_only

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from sqlalchemy.orm import Session

    from app.jobs.runner import Job
    from app.services.mail.outbox import Standing
    from app.settings import Settings
    from app.storage.models import JobLease, JobOccurrence

PACE = Pace()
_ZONE = ZoneInfo("Europe/Stockholm")
_HEADER = ("job", "last run", "took", "result", "next run", "")


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> None:
    """Run the jobs until told to stop: close calls that fell silent, compare with Twilio's list, warn of gaps.

    Any number of these processes may run: one of them works, and another takes over when it is gone.
    """
    if context.invoked_subcommand is None:
        _run(load_settings(os.environ))


@jobs.command()
def status() -> None:
    """Show when each job ran last, for how long and with what result, when it runs next, and who runs them."""
    settings = load_settings(os.environ)
    now = datetime.now(UTC)
    listed = _work(settings).jobs()
    with open_database(settings) as session:
        begin_read_only(session)
        runs, held, beat = _asked(session, listed, now)
        outgoing = standing(session, now)
        click.echo(_holder(held, now))
        click.echo("Last heartbeat: " + ("never" if beat is None else f"{beat:.0f} seconds ago"))
        click.echo(f"Mail: {_mail(outgoing, is_sent=settings.mail is not None)}")
        echo_table([_HEADER, *(_row(job, runs.get(job.name), held, now) for job in listed)])


def _run(settings: Settings) -> None:
    logging.config.dictConfig(logs.configuration(is_practice=settings.is_practice))
    require_database(settings, meanwhile="the jobs go on trying")
    work = _work(settings)
    runner = Runner(work.jobs(), work.open_database, work.watches(), PACE)
    scheduler = runner.scheduler()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if scheduler.running:  # a second signal may come while we end
            scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("Rådrum's jobs are running: " + ", ".join(job.name for job in runner.jobs), err=True)
    scheduler.start()
    runner.stop()


def _work(settings: Settings) -> Work:
    database = partial(open_database, settings, JOBS)
    return Work(settings.policy, provider_of(settings), settings.public_url, database, post_of(settings))


def _asked(
    session: Session, listed: Sequence[Job], now: datetime
) -> tuple[Mapping[str, JobOccurrence], JobLease | None, float | None]:
    runs = last_runs(session, [job.name for job in listed], now)
    return runs, lease(session), heartbeat_age_seconds(session, now)


def _holder(lease: JobLease | None, now: datetime) -> str:
    if lease is None:
        return "No jobs process has run on this database yet; start one with: radrum jobs"
    if lease.expires_at <= now:
        return f"No jobs process is running; the last was {lease.holder}, until {_wall(lease.expires_at)}"
    return f"The jobs are run by {lease.holder} (fence {lease.fence})"


def _mail(outgoing: Standing, *, is_sent: bool) -> str:
    """How many wait, since when, and what is lost, with the last reason."""
    parts = [] if is_sent else ["is not sent, for config.toml names no mail server"]
    if outgoing.oldest_seconds is not None:
        parts.append(f"{outgoing.waiting} waiting, the oldest for {outgoing.oldest_seconds // 60:.0f} minutes")
    if outgoing.given_up:
        parts.append(f"{outgoing.given_up} given up in the last 24 hours")
    if outgoing.trouble:
        parts.append(masked(outgoing.trouble))
    return "; ".join(parts or ["nothing is waiting"])


def _row(job: Job, run: JobOccurrence | None, held: JobLease | None, now: datetime) -> tuple[str, ...]:
    following = _wall(job.times.following(now))
    if run is None:
        return (job.name, "never", "", "", following, "")
    is_running = held is not None and held.fence == run.fence and held.expires_at > now
    took = "" if run.seconds is None else f"{run.seconds:.2f} s"
    result = run.result or ("running" if is_running else "interrupted")
    return (job.name, _wall(run.began_at), took, result, following, run.detail)


def _wall(at: datetime) -> str:
    return at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M:%S")
