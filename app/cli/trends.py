"""``radrum trends``: the stored tallies behind the trends."""

from __future__ import annotations

import os
import sys

import click

from app.factory import open_database
from app.services.numbers import tallies
from app.settings import load_settings


@click.group()
def trends() -> None:
    """Keep the tallies that the trends are read from."""


@trends.command()
def rebuild() -> None:
    """Count every day of every line anew. It may be stopped at any time and begun again; calls go on meanwhile."""
    settings, months = load_settings(os.environ), 0
    with (
        open_database(settings) as session,
        click.progressbar(length=1, label="Months", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar,
    ):
        for done, months in tallies.rebuild(session, settings.policy):
            session.commit()
            bar.length = max(1, months)
            bar.update(done - bar.pos)
    click.echo(f"Counted anew: {months} months, each line's by itself.")
