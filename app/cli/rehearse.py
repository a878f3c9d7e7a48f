"""``radrum rehearse``: what a caller would hear."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

from app.domain.callflow.words import closed_reason
from app.domain.errors import NotFound, Problem, RadrumError, RejectedInput, Unavailable
from app.domain.lines import LineKey
from app.factory import open_database
from app.services import rehearsal as service
from app.services.rehearsal import Answering, What, World, world_at, world_by_rule
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from app.domain.policy import Policy
    from app.services.rehearsal import Rehearsal
    from app.settings import Settings

_PRESS = re.compile(r"[0-9]{1,15}|[*#-]", re.ASCII)
_LABELS = {
    What.SAYS: "caller hears",
    What.PRESSES: "caller presses",
    What.WAITS: "caller waits",
    What.RINGS: "phone rings",
    What.SCREENS: "specialist hears",
    What.ANSWERS: "accepted",
    What.NO_ANSWER: "no answer",
    What.HANGS_UP: "line hangs up",
}


@click.command("rehearse")
@click.argument("line")
@click.option("--at", metavar="T", help="When: 2026-12-23T16:30 on the line's wall clock, or with an offset. Else now.")
@click.option("--press", metavar="1,2,…", default="", help="Keys, one for each question; - is silence. Then silence.")
@click.option(
    "--ring",
    type=click.Choice([one.value for one in Answering]),
    default=Answering.ANSWERED.value,
    show_default=True,
    help="What the phones of those on duty do.",
)
def rehearse(line: str, at: str | None, press: str, ring: str) -> None:
    """Print what a caller of LINE would hear at an instant, who would be rung, and how the call would end.

    Nobody is rung and nothing is stored. The rehearsed caller shows a fictive number.
    """
    settings = load_settings(os.environ)
    key = _line_key(settings.policy, line)
    instant = _instant(settings.policy.schedules[key].hours.zone, at)
    presses = _presses(press)
    world, unknown_because = _world(settings, key, instant)
    rehearsal = service.rehearse(settings.policy, key, world, presses, Answering(ring))
    for sentence in (*_heading(settings.policy, key, world, unknown_because), "", *_told(rehearsal)):
        click.echo(sentence)


def _line_key(policy: Policy, name: str) -> LineKey:
    if name not in policy.lines:
        message = f"there is no line {name}; the lines are {', '.join(policy.lines)}"
        raise NotFound(message)
    return LineKey(name)


def _instant(zone: ZoneInfo, given: str | None) -> datetime:
    if given is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        allowed = "an instant like 2026-12-23T16:30, or 2026-12-23T15:30+00:00"
        raise RejectedInput([Problem("rehearse", "--at", repr(given), allowed)]) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _presses(given: str) -> list[str]:
    presses = [one.strip() for one in given.split(",")] if given.strip() else []
    wrong = [one for one in presses if not _PRESS.fullmatch(one)]
    if wrong:
        allowed = "digits, *, # or - (silence), with commas between"
        raise RejectedInput([Problem("rehearse", "--press", repr(one), allowed) for one in wrong])
    return presses


def _world(settings: Settings, key: LineKey, at: datetime) -> tuple[World, str]:
    """The world at ``at``, and why the database doesn't know it, where that is so."""
    try:
        try:
            return _known_world(settings, key, at), ""
        except (SQLAlchemyError, RadrumError) as why:
            return world_by_rule(settings.policy, key, at), str(why).partition("\n")[0]
    except (ValueError, OverflowError):
        calendar = settings.policy.schedules[key].hours.calendar
        allowed = f"an instant of the years {calendar.first_year} to {calendar.last_year}"
        raise RejectedInput([Problem("rehearse", "--at", str(at), allowed)]) from None


def _known_world(settings: Settings, key: LineKey, at: datetime) -> World:
    file = settings.database_url.removeprefix("sqlite:///").partition("?")[0]
    if settings.database_url.startswith("sqlite") and not Path(file).exists():
        message = f"there is no database {file} yet: run `radrum db upgrade`"
        raise Unavailable(message)  # opening it would create it
    with open_database(settings) as session:
        return world_at(session, settings.policy, key, at)


def _heading(policy: Policy, key: LineKey, world: World, unknown_because: str) -> Iterator[str]:
    yield f"{policy.lines[key].name}, {world.at:%A %Y-%m-%d %H:%M:%S %z}"
    opening = world.opening
    if opening.closed:
        opens = f"opens {opening.next_opening:%A %Y-%m-%d %H:%M}" if opening.next_opening else "no opening is known"
        yield f"closed ({closed_reason(policy.words, opening.closed)}); {opens}"
    if opening.closes_at:
        yield f"open until {opening.closes_at:%H:%M}"
    if unknown_because:
        yield f"who is on duty and changes of hours are not known: {unknown_because}"
    elif opening.is_open:
        names = ", ".join(f"{one.alias} ({one.tier})" for one in world.on_duty.values())
        yield f"on duty, in ringing order: {names or 'nobody'}"


def _told(rehearsal: Rehearsal) -> Iterator[str]:
    for moment in rehearsal.moments:
        yield f"  {_LABELS[moment.what]:<17}  {moment.text}".rstrip()
    yield ""
    verdict = rehearsal.verdict
    yield f"outcome: {verdict.outcome}" + (f" ({verdict.reason})" if verdict.reason else "")
    if rehearsal.unused:
        yield f"Not used, because nothing asked for it: {', '.join(rehearsal.unused)}"
