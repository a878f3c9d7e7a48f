"""``radrum hours``: days with hours of their own."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from app.cli.noting import note_hours
from app.domain.lines import LineKey
from app.factory import open_database
from app.services.rota import hours as service
from app.settings import load_settings

if TYPE_CHECKING:
    from app.domain.hours import DatedChange


@click.command("hours")
@click.argument("line")
@click.argument("day", required=False, type=click.DateTime(["%Y-%m-%d"]), metavar="[DATE]")
@click.option("--closed", is_flag=True, help="The line is closed all day.")
@click.option(
    "--open",
    "intervals",
    multiple=True,
    metavar="13:00-16:00",
    help="Open then, also 9-16 or 9.30-16; may be given several times.",
)
@click.option("--usual", is_flag=True, help="Take the change of that day back.")
@click.option(
    "--because", default="", help="The reason, in Swedish: callers may hear it. Names nobody, and no phone number."
)
@click.option("--list", "listed", is_flag=True, help="Show the changes from today on; LINE alone does so too.")
def hours(
    line: str,
    day: datetime | None,
    *,
    closed: bool,
    intervals: tuple[str, ...],
    usual: bool,
    because: str,
    listed: bool,
) -> None:
    """Close LINE on DATE, open it at other times than usual, or list such days.

    LINE alone lists. After a change you see what callers hear of it.
    """
    listed = listed or (day is None and not (closed or intervals or usual))
    if [closed, bool(intervals), usual, listed].count(True) != 1:
        message = "give exactly one of --closed, --open, --usual and --list"
        raise click.UsageError(message)
    if (day is None) != listed:
        message = "--list takes no date" if listed else "which DATE? (YYYY-MM-DD)"
        raise click.UsageError(message)
    _run(LineKey(line), day.date() if day else None, intervals, because, usual=usual)


def _run(line: LineKey, day: date | None, intervals: tuple[str, ...], because: str, *, usual: bool) -> None:
    settings, now = load_settings(os.environ), datetime.now(UTC)
    with open_database(settings) as session:
        if day is None:
            changes = service.coming_changes(session, settings.policy, line, now=now)
            click.echo("\n".join(map(_shown, changes)) or f"{line} keeps its usual hours from today on.")
            return
        if usual:
            there_was_one = service.usual_hours(session, settings.policy, line, day)
            if there_was_one:
                note_hours(session, line, now)
            click.echo(f"{day}  usual hours" if there_was_one else f"{day}  had usual hours already")
        else:
            change = service.change_day(session, settings.policy, line, day, intervals, because, now=now)
            note_hours(session, line, now)
            click.echo(_shown(change))
            click.echo(f"Whoever rings while it is closed hears: {service.heard(settings.policy, line, change)}")
        session.commit()


def _shown(change: DatedChange) -> str:
    when = ", ".join(map(service.written, change.intervals)) or "closed"
    return f"{change.day}  {when}  ({change.because})"
