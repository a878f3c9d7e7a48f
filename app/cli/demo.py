"""``radrum demo``: practice data."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from app.factory import open_database
from app.services.demo import fill
from app.settings import load_settings
from app.storage.queries.staff import is_anybody_there

_IN_LIVE = (
    "radrum: this database is live: invented staff are being put on duty in it, with numbers that nobody answers. "
    "Before real callers come: radrum staff remove ALIAS"
)


@click.command()
def demo() -> None:
    """Fill an empty database with practice data: invented staff, rotas, and some weeks of calls.

    A database that has staff already is left as it is.
    """
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        if not (settings.is_practice or is_anybody_there(session)):
            click.echo(_IN_LIVE, err=True)
        report = fill(session, settings.policy, datetime.now(UTC))
        if report is None:
            click.echo("The database has staff already; nothing was changed.")
            return
        session.commit()
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(report.outcomes.items()))
    click.echo(f"{report.staff} invented staff and {report.calls} practice calls: {outcomes}.")
