"""``radrum jobs``: the jobs process."""

from __future__ import annotations

import logging.config
import os
import signal
from functools import partial
from typing import TYPE_CHECKING

import click

from app import logs
from app.cli.start import require_database
from app.factory import open_database, provider_of
from app.jobs.scheduler import Jobs
from app.settings import load_settings

if TYPE_CHECKING:
    from types import FrameType


@click.command()
def jobs() -> None:
    """Close calls that fell silent (each minute) and compare with Twilio's list (each hour), until told to stop."""
    settings = load_settings(os.environ)
    logging.config.dictConfig(logs.configuration(is_practice=settings.is_practice))
    require_database(settings, meanwhile="the jobs go on trying")
    running = Jobs(settings.policy, provider_of(settings), partial(open_database, settings)).scheduler()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        running.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("Rådrum's jobs are running: " + ", ".join(job.id for job in running.get_jobs()), err=True)
    running.start()
