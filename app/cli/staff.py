"""``radrum staff``: import and list those who answer, and take them off duty."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

import click

from app.cli.csv_file import decoded
from app.cli.noting import note_staff
from app.cli.rota_shown import in_words
from app.cli.table import echo_table
from app.domain.lines import LineKey
from app.domain.rotas import RotaKey, Tier
from app.factory import open_database
from app.services.rota import rota_people
from app.services.rota.final_schedule import agreed
from app.services.rota.rota_fields import lines_of
from app.services.rota.staff import StaffSummary, import_staff, staff_list
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.policy import Policy
    from app.services.rota.final_schedule import Agreed
    from app.services.rota.rota_people import Departure, Gap


@click.group()
def staff() -> None:
    """Import and list those who answer, and take them off duty."""


@staff.command("import")
@click.argument("file", type=click.File("rb"), metavar="FILE.csv")
def import_file(file: BinaryIO) -> None:
    """Take in FILE.csv (- reads standard input): all of it, or nothing.

    The header names the columns, in any order: name, alias, phone, competences, languages, rota, from. Between cells
    stands a comma, a semicolon (as a Swedish Excel writes it) or a tab; lists within a cell are written with |, as
    "law|police" or "skane|skane-backup", whatever stands between the cells.

    Competences are law, police, social_work, school and health; languages are codes as sv, so, ar; from is the first
    day in the rota, as 2026-11-23. An alias that is known already is updated.
    """
    text = decoded(file.read())
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        now = datetime.now(UTC)
        report = import_staff(session, settings.policy, text, now)
        note_staff(session, report.changed, now)
        session.commit()
        empty = rota_people.gaps(session, settings.policy, now)
    click.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged; "
        f"{report.memberships} new rota memberships."
    )
    _warn(empty)


@staff.command("list")
def list_all() -> None:
    """Show alias, masked phone, rotas, competences and languages of everyone."""
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        now = datetime.now(UTC)
        everyone = staff_list(session, settings.policy, now)
        empty = rota_people.gaps(session, settings.policy, now)
    if everyone:
        echo_table([("organisation", "alias", "phone", "rotas", "competences", "languages"), *map(_cells, everyone)])
    else:
        click.echo("There is nobody yet: radrum staff import FILE.csv")
    _warn(empty)


@staff.command()
@click.argument("alias")
@click.option("--line", metavar="KEY", help="Out of the rotas of this line alone.")
@click.option("--rota", metavar="KEY", help="Out of this rota alone.")
@click.option(
    "--from",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The first day without them. Default: today, on the line's wall clock.",
)
def remove(alias: str, line: str | None, rota: str | None, day: datetime | None) -> None:
    """Take ALIAS out of all rotas, at once or from a day on: nobody rings them any more.

    The person stays in the list, and so does what they did. A new row with a later "from" puts them on duty again.
    """
    if line and rota:
        message = "give --line or --rota, not both"
        raise click.UsageError(message)
    settings, now = load_settings(os.environ), datetime.now(UTC)
    with open_database(settings) as session:
        which = _rotas(settings.policy, line, rota)
        gone = rota_people.take_out(session, settings.policy, alias, which, day.date() if day else None, now=now)
        note_staff(session, {gone.staff: ("rota",)} if gone.rotas else {}, now)
        session.commit()
        empty = rota_people.gaps(session, settings.policy, now)
        lines = lines_of(settings.policy, gone.organisation)
        named = [one for line in lines for one in agreed(session, settings.policy, line, now=now) if _names(one, gone)]
    for sentence in _sentences(gone):
        click.echo(sentence)
    for one in named:
        take_back = f"radrum rota withdraw {one.kind} {one.number}"
        click.echo(f"{gone.alias} is still to answer: {in_words(one)} ({take_back})")
    _warn(empty)


def _rotas(policy: Policy, line: str | None, rota: str | None) -> tuple[RotaKey, ...] | None:
    if line:
        return rota_people.rotas_of(policy, LineKey(line))
    return (rota_people.known_rota(policy, rota),) if rota else None


def _sentences(gone: Departure) -> Iterable[str]:
    if not gone.rotas:
        yield f"{gone.alias} ({gone.organisation}) isn't in any such rota on that day or later; nothing was changed."
    for one in gone.rotas:
        left = ", ".join(one.left) or "nobody"
        yield f"{one.alias} ({gone.organisation}) is out of rota {one.rota} from {one.day} on; left in it: {left}."


def _names(one: Agreed, gone: Departure) -> bool:
    return one.rota is not None and gone.alias in one.people


def _warn(empty: Iterable[Gap]) -> None:
    """A line for each rota without anybody: what that means to callers."""
    for gap in empty:
        since = "" if gap.is_now else f" from {gap.begins} on"
        until = f" until {gap.ends}" if gap.ends else ""
        click.echo(f"nobody in rota {gap.rota}{since}{until}: {_meaning(gap)}")


def _meaning(gap: Gap) -> str:
    if gap.tier is Tier.BACKUP:
        return f"callers of {gap.line} whom the first rota doesn't answer have no second chance"
    if gap.others:
        return f"callers of {gap.line} reach {' and '.join(gap.others)} alone"
    return f"callers of {gap.line} reach nobody"


def _cells(one: StaffSummary) -> tuple[str, ...]:
    lists = (" ".join(part) or "-" for part in (one.rotas, one.competences, one.languages))
    return (one.organisation, one.alias, one.phone.masked, *lists)
