"""``radrum history``: figures that were published before a line counted here."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import BinaryIO

import click

from app.cli.csv_file import decoded
from app.cli.figure_file import counted, taken_in
from app.cli.table import echo_table
from app.cli.typed import line_key
from app.domain.history import SeriesUnit
from app.domain.register import SWEDEN
from app.domain.wall_clock import local_time
from app.factory import open_database
from app.services.numbers import history_import
from app.services.numbers.figure_files import HISTORY, interval
from app.services.numbers.history import figures_of
from app.settings import load_settings

_UNIT = click.Choice([one.value for one in SeriesUnit])


@click.group()
def history() -> None:
    """Take in figures that were published before a line counted here."""


@history.command("import")
@click.argument("file", type=click.File("rb"), metavar="FILE.csv")
@click.option("--replace", is_flag=True, help="Put what the file says in the place of what stands there.")
def import_file(file: BinaryIO, replace: bool) -> None:  # noqa: FBT001 - a flag is one
    """Take in FILE.csv (- reads standard input): all of it, or nothing.

    The header names the columns, in any order: line, unit, first, last, number, source. Units are cases,
    exposed_persons, consultations and calls; first and last are the days of a whole year, half-year, quarter or month,
    or of the end of one where a series begins within it. docs/examples/national-series.csv is such a file.
    """
    text = decoded(file.read())
    settings, now = load_settings(os.environ), datetime.now(UTC)
    take_in = history_import.replace_by_file if replace else history_import.import_file
    with open_database(settings) as session:
        done = take_in(session, settings.policy, None, text, local_time(now, SWEDEN).date(), now)
        sentence = counted(taken_in(done, HISTORY["en"]))
        session.commit()
    click.echo(f"{sentence}.")


@history.command("list")
def list_all() -> None:
    """Show every figure that was taken in."""
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        found = figures_of(session, settings.policy)
    rows = [(one.line, one.unit.value, interval(one.period), str(one.number), one.source) for one in found]
    if rows:
        echo_table([("line", "unit", "period", "number", "source"), *rows])
    else:
        click.echo("Nothing was taken in yet: radrum history import FILE.csv")


@history.command()
@click.argument("line")
@click.argument("unit", type=_UNIT)
def remove(line: str, unit: str) -> None:
    """Take away what was taken in for LINE that counts UNIT."""
    settings, now = load_settings(os.environ), datetime.now(UTC)
    with open_database(settings) as session:
        key = line_key(settings.policy, line)
        gone = history_import.take_away(session, settings.policy, None, key, SeriesUnit(unit), now)
        session.commit()
    click.echo(f"Taken away: {gone} figures of {key} that count {unit}.")
