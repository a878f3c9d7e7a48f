"""``radrum rota``: who is on duty over a period, and what is agreed that changes it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from app.cli.noting import note_agreed, note_pause
from app.cli.rota_effects import effects, say_gaps
from app.cli.rota_shown import agreed_rows, duty_rows, in_words, time_rows, until, when
from app.cli.table import echo_table
from app.cli.typed import instant, line_key
from app.factory import open_database
from app.services.rota import rota_changes
from app.services.rota.final_schedule import agreed, agreed_with_number, aliases, duty_on_days
from app.services.rota.rota_changes import Kind
from app.services.rota.rota_fields import Wanted, find_person, lines_of
from app.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.policy import Policy

_FORTNIGHT = timedelta(days=13)
_DATE = click.DateTime(["%Y-%m-%d"])
_FROM = click.option(
    "--from", "begins", metavar="T", required=True, help="As 2026-12-04T09:00 or 2026-12-04, on the line's wall clock."
)
_TO = click.option("--to", "ends", metavar="T", required=True, help="The first moment after it.")
_ROTA = click.option("--rota", "key", metavar="KEY", help="Default: the line's only rota of the primary tier.")
_LINE = click.option("--line", metavar="KEY", help="Whose ALIAS it is, where two organisations have it.")


@click.group()
def rota() -> None:
    """Show who is on duty over a period, and agree on changes of it.

    A temporary schedule goes before covers and absences, and these before the rota. None of them calls in anybody, or
    changes whose turn comes next.
    """


@rota.command()
@click.argument("line")
@click.option("--from", "first", type=_DATE, metavar="DATE", help="Default: today, on the line's wall clock.")
@click.option("--to", "last", type=_DATE, metavar="DATE", help="Included. Default: a fortnight in all.")
def show(line: str, first: datetime | None, last: datetime | None) -> None:
    """Print who is on duty for LINE, and why.

    Over its open hours, with the gaps and each person's time on duty.

    Example: radrum rota show skane --from 2026-12-01 --to 2026-12-31
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    key = line_key(settings.policy, line)
    zone = settings.policy.schedules[key].hours.zone
    begins = first.date() if first else now.astimezone(zone).date()
    ends = last.date() if last else begins + _FORTNIGHT
    with open_database(settings) as session:
        schedule = duty_on_days(session, settings.policy, key, begins, ends)
        names = aliases(session, settings.policy, key)
    click.echo(f"{key}, {begins} to {ends} (included), {zone.key}\n")
    if not schedule.spans:
        click.echo("The line is closed all that time.")
        return
    echo_table(duty_rows(schedule, names, zone))
    click.echo()
    say_gaps(key, schedule.gaps, zone)
    if not schedule.gaps:
        click.echo("Somebody is on duty in all open hours.")
    if schedule.time_on_duty:
        click.echo()
        echo_table(time_rows(schedule, names))


@rota.command("list")
@click.argument("line")
def list_all(line: str) -> None:
    """Show what was agreed for LINE.

    Temporary schedules, covers, absences and pauses that hold now or later.
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    key = line_key(settings.policy, line)
    with open_database(settings) as session:
        found = agreed(session, settings.policy, key, now=now)
    if found:
        echo_table(agreed_rows(found, settings.policy.schedules[key].hours.zone))
    else:
        click.echo(f"Nothing lies over the rotas of {key}: they hold as they are.")


@rota.command()
@click.argument("line")
@_FROM
@_TO
@click.option("--stands-in", metavar="ALIAS", help="Who answers. Alone: beside the others, last.")
@click.option("--instead-of", metavar="ALIAS", help="Who doesn't. Alone: nobody answers in their place.")
@_ROTA
def cover(line: str, begins: str, ends: str, stands_in: str | None, instead_of: str | None, key: str | None) -> None:
    """Swap, add or remove a person for a time.

    One answers instead of another, or beside the others; or one is taken off duty.

    Example: radrum rota cover skane --stands-in Ett --instead-of Två --from 2026-12-04 --to 2026-12-05
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    policy = settings.policy
    wanted = _wanted(policy, line, begins, ends, key)
    with (
        open_database(settings) as session,
        effects(session, policy, (wanted.line,), max(wanted.begins, now), wanted.ends),
    ):
        number = rota_changes.agree_cover(session, policy, wanted, stands_in=stands_in, instead_of=instead_of, now=now)
        note_agreed(session, Kind.COVER, number, "added", now)
        session.commit()
        _say(session, policy, wanted.line, Kind.COVER, number, now)


@rota.command()
@click.argument("line")
@click.argument("people", nargs=-1, metavar="[ALIAS]...")
@click.option("--nobody", is_flag=True, help="Instead of any ALIAS: the rota is off duty.")
@_FROM
@_TO
@_ROTA
def temporary(line: str, people: tuple[str, ...], *, nobody: bool, begins: str, ends: str, key: str | None) -> None:
    """Put people on duty instead of a rota.

    They are rung in this order; covers and absences of the rota of LINE have no effect meanwhile.

    Example: radrum rota temporary skane Ett Två --from 2026-12-21 --to 2026-12-24
    """
    if nobody == bool(people):
        message = "give those who are on duty, or --nobody"
        raise click.UsageError(message)
    settings, now = load_settings(os.environ), datetime.now(UTC)
    policy = settings.policy
    wanted = _wanted(policy, line, begins, ends, key)
    with (
        open_database(settings) as session,
        effects(session, policy, (wanted.line,), max(wanted.begins, now), wanted.ends),
    ):
        number = rota_changes.agree_temporary(session, policy, wanted, people, now=now)
        note_agreed(session, Kind.TEMPORARY, number, "added", now)
        session.commit()
        _say(session, policy, wanted.line, Kind.TEMPORARY, number, now)


@rota.command()
@click.argument("alias")
@click.option("--from", "begins", metavar="T", help="As 2026-12-04T09:00 or 2026-12-04. Default: now.")
@_TO
@_LINE
def absence(alias: str, begins: str | None, ends: str, line: str | None) -> None:
    """Take ALIAS out of all rotas for a time.

    Nobody is called in instead: that takes a cover. A temporary schedule that names them holds all the same.

    Example: radrum rota absence Ett --from 2026-12-04 --to 2026-12-07
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    policy = settings.policy
    with open_database(settings) as session:
        person = find_person(session, policy, alias, line_key(policy, line) if line else None)
        hours = policy.schedules[person.line].hours
        since = instant("--from", begins, hours) if begins else now
        to = instant("--to", ends, hours)
        with effects(session, policy, lines_of(policy, person.organisation), max(since, now), to, absent=person):
            number = rota_changes.report_absence(session, policy, person, since, to, now=now)
            note_agreed(session, Kind.ABSENCE, number, "added", now)
            session.commit()
            _say(session, policy, person.line, Kind.ABSENCE, number, now)


@rota.command()
@click.argument("alias")
@click.option("--to", "ends", metavar="T", help="When calls are taken again. Default: when ALIAS resumes.")
@click.option("--reason", default="", metavar="CODE", help="A short code, as lunch.")
@_LINE
def pause(alias: str, ends: str | None, reason: str, line: str | None) -> None:
    """Let ALIAS take no calls from now on.

    They aren't rung even if nobody else is left.

    Example: radrum rota pause Ett --reason lunch
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    policy = settings.policy
    with open_database(settings) as session:
        person = find_person(session, policy, alias, line_key(policy, line) if line else None)
        hours = policy.schedules[person.line].hours
        to = instant("--to", ends, hours) if ends else None
        lines = lines_of(policy, person.organisation)
        with effects(session, policy, lines, now, to or now + timedelta(days=7)):
            rota_changes.pause(session, policy, person, to, reason, now=now)
            note_pause(session, person.id, now)
            session.commit()
            click.echo(f"{person.alias} takes no calls from now on, {until(to, hours.zone)}.")


@rota.command()
@click.argument("alias")
@_LINE
def resume(alias: str, line: str | None) -> None:
    """Let ALIAS take calls again.

    Example: radrum rota resume Ett
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    with open_database(settings) as session:
        person = find_person(session, settings.policy, alias, line_key(settings.policy, line) if line else None)
        had_paused = rota_changes.resume(session, person, now=now)
        if had_paused:
            note_pause(session, person.id, now)
        session.commit()
    click.echo(f"{person.alias} takes calls again." if had_paused else f"{person.alias} takes calls already.")


@rota.command()
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]), metavar=f"[{'|'.join(Kind)}]")
@click.argument("number", type=int, metavar="ID")
def withdraw(kind: str, number: int) -> None:
    """Take back one of those that list shows.

    It has no effect from now on; what it did until now stays true.

    Example: radrum rota withdraw cover 7
    """
    settings, now = load_settings(os.environ), datetime.now(UTC)
    policy = settings.policy
    with open_database(settings) as session:
        line, one = agreed_with_number(session, policy, Kind(kind), number, now=now)
        with effects(session, policy, (line,), max(one.begins, now), one.ends or now + timedelta(days=1)):
            rota_changes.withdraw(session, one.kind, number, now=now)
            note_agreed(session, one.kind, number, "withdrawn", now)
            session.commit()
            click.echo(f"{kind} {number} is withdrawn: {in_words(one)}.")


def _wanted(policy: Policy, line: str, begins: str, ends: str, key: str | None) -> Wanted:
    name = line_key(policy, line)
    hours = policy.schedules[name].hours
    return Wanted(name, instant("--from", begins, hours), instant("--to", ends, hours), key)


def _say(session: Session, policy: Policy, line: LineKey, kind: Kind, number: int, now: datetime) -> None:
    zone = policy.schedules[line].hours.zone
    _, one = agreed_with_number(session, policy, kind, number, now=now)
    click.echo(f"{kind} {number}: {in_words(one)}, {when(one.begins, zone)} {until(one.ends, zone)}.")
