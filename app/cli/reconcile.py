"""``radrum reconcile``: our calls against Twilio's list."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import click

from app.factory import open_database, provider_of
from app.services.line.reconcile import reconcile as run
from app.settings import load_settings

_LOOK_BACK = timedelta(days=2)
_FIRST_YEAR = 2014
"""No line of ours is older, and neither is Twilio's list of any."""


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no date or instant in ISO 8601, as 2026-11-23 or 2026-11-23T09:00+01:00"
        raise click.BadParameter(message) from None
    now = datetime.now(UTC)
    # The year first: the first and the last days of the calendar have no UTC.
    if _FIRST_YEAR <= instant.year <= now.year + 1:
        instant = instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
        if instant <= now:
            return instant
    message = f"{text!r} isn't between {_FIRST_YEAR} and now"
    raise click.BadParameter(message)


@click.command()
@click.option(
    "--since",
    type=_instant,
    help="From when on; UTC unless it says otherwise. Default: two days ago.",
)
def reconcile(since: datetime | None) -> None:
    """Close what stayed open and record what never reached us, after Twilio's list of calls."""
    settings = load_settings(os.environ)
    now = datetime.now(UTC)
    begins = since or now - _LOOK_BACK
    with open_database(settings) as session:
        report = run(session, settings.policy, provider_of(settings), begins, now)
    click.echo(f"Calls at the provider since {begins:%Y-%m-%d %H:%M} UTC: {report.listed}")
    click.echo(f"Reconstructed (never reached us): {report.reconstructed}")
    click.echo(f"Closed (had stayed open): {report.closed}")
    click.echo(f"Closed as unknown to the provider: {report.unknown}")
    click.echo(f"Still in progress: {report.still_open}")
    click.echo(f"Our records of the period that the provider doesn't list: {report.unlisted}")
