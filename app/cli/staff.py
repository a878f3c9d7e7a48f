"""``radrum staff``: import and list those who answer."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import BinaryIO

import click

from app.domain.errors import Problem, RejectedInput
from app.factory import open_database
from app.services.staff import StaffSummary, import_staff, staff_list
from app.settings import load_settings


@click.group()
def staff() -> None:
    """Import and list those who answer."""


@staff.command("import")
@click.argument("file", type=click.File("rb"), metavar="FILE.csv")
def import_file(file: BinaryIO) -> None:
    """Take in FILE.csv (- reads standard input): all of it, or nothing.

    The header names the columns, in any order: name, alias, phone, competences, languages, rota, from. Between cells
    stands a comma or a semicolon; lists are written "law|police".

    Competences are law, police, social_work, school and health; languages are codes as sv, so, ar; from is the first
    day in the rota, as 2026-11-23. An alias that is known already is updated.
    """
    text = _decoded(file.read())
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        report = import_staff(session, settings.policy, text, datetime.now(UTC))
        session.commit()
    click.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged; "
        f"{report.memberships} new rota memberships."
    )


@staff.command("list")
def list_all() -> None:
    """Show alias, masked phone, rotas, competences and languages of everyone."""
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        everyone = staff_list(session, settings.policy, datetime.now(UTC))
    if not everyone:
        click.echo("There is nobody yet: radrum staff import FILE.csv")
        return
    rows = [("organisation", "alias", "phone", "rotas", "competences", "languages"), *map(_cells, everyone)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cells(one: StaffSummary) -> tuple[str, ...]:
    lists = (" ".join(part) or "-" for part in (one.rotas, one.competences, one.languages))
    return (one.organisation, one.alias, one.phone.masked, *lists)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        problem = Problem(f"row {row}", "encoding", "a byte that isn't UTF-8", "UTF-8 (in a spreadsheet: CSV UTF-8)")
        raise RejectedInput([problem]) from error
