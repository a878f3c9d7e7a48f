"""``radrum population``: how many people live in each municipality."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import BinaryIO

import click

from app.cli.csv_file import decoded
from app.cli.figure_file import counted, taken_in
from app.cli.typed import organisation_key
from app.domain.register import SWEDEN
from app.domain.wall_clock import local_time
from app.factory import open_database
from app.services.numbers.figure_files import POPULATION
from app.services.numbers.figure_rows import Refused
from app.services.numbers.population import import_for
from app.settings import load_settings


@click.group()
def population() -> None:
    """Take in how many people live in each municipality."""


@population.command("import")
@click.argument("file", type=click.File("rb"), metavar="FILE.csv")
@click.option("--organisation", metavar="KEY", help="For this organisation alone. Default: for each of them.")
def import_file(file: BinaryIO, organisation: str | None) -> None:
    """Take in FILE.csv (- reads standard input): all of it, or nothing.

    The header names the columns, in any order: code, year, population (or kod, år, folkmängd). Codes are those of
    Statistics Sweden (SCB), as 1280. Of each municipality the newest year is used.
    """
    text = decoded(file.read())
    settings = load_settings(os.environ)
    policy, today = settings.policy, local_time(datetime.now(UTC), SWEDEN).date()
    chosen = [organisation_key(policy, organisation)] if organisation else list(policy.organisations)
    with open_database(settings) as session:
        done = import_for(session, policy.municipalities, chosen, text, today)
        each = {"": done} if isinstance(done, Refused) else done
        sentences = [f"{key}: {counted(taken_in(one, POPULATION['en']))}." for key, one in each.items()]
        session.commit()
    for sentence in sentences:
        click.echo(sentence)
