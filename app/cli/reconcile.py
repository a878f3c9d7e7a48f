"""``radrum reconcile``: our calls against Twilio's list."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import click

from app.factory import open_database, provider_of
from app.services.reconcile import reconcile as run
from app.settings import load_settings

_LOOK_BACK = timedelta(days=2)


@click.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
    help="From when on; UTC unless it says otherwise. Default: two days ago.",
)
def reconcile(since: datetime | None) -> None:
    """Close what stayed open and record what never reached us, after Twilio's list of calls."""
    settings = load_settings(os.environ)
    now = datetime.now(UTC)
    begins = now - _LOOK_BACK if since is None else since if since.tzinfo else since.replace(tzinfo=UTC)
    with open_database(settings) as session:
        report = run(session, settings.policy, provider_of(settings), begins, now)
    click.echo(f"Calls at the provider since {begins:%Y-%m-%d %H:%M} UTC: {report.listed}")
    click.echo(f"Reconstructed (never reached us): {report.reconstructed}")
    click.echo(f"Closed (had stayed open): {report.closed}")
    click.echo(f"Closed as unknown to the provider: {report.unknown}")
    click.echo(f"Still in progress: {report.still_open}")
    click.echo(f"Our records of the period that the provider doesn't list: {report.unlisted}")
