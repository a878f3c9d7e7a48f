"""``radrum rehearse``: what a caller would hear."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli.outcomes import outcome_in_words
from app.cli.typed import beside, command, instant, keys, line_key
from app.domain.callflow.words import closed_reason
from app.domain.errors import RadrumError, Unavailable
from app.factory import open_database
from app.services.line import rehearsal as service
from app.services.line.rehearsal import Answering, What, World, world_at, world_by_rule
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.services.line.rehearsal import Rehearsal
    from app.settings import Settings

# As of `radrum call`; and the words that it had before.
_PHONES = {
    "answer": Answering.ANSWERED,
    "no-answer": Answering.NOBODY,
    "busy": Answering.BUSY,
    "answered": Answering.ANSWERED,
    "nobody": Answering.NOBODY,
}
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
_COLUMN = max(map(len, _LABELS.values()))


@click.command("rehearse")
@click.argument("line")
@click.option("--at", metavar="T", help="When: 2026-12-23T16:30 on the line's wall clock, or with an offset. Else now.")
@click.option("--press", metavar="1,2,…", default="", help="Keys, one for each question; - is silence. Then silence.")
@click.option(
    "--phones",
    "--ring",
    "phones",
    type=click.Choice(list(_PHONES)),
    metavar="[answer|no-answer|busy]",
    default="answer",
    help="What the phones of those on duty do; busy: all are in calls, and the caller waits on hold.",
)
def rehearse(line: str, at: str | None, press: str, phones: str) -> None:
    """Print what a caller of LINE would hear at an instant, who would be rung, and how the call would end.

    With the staff of the line that it overflows to, where that line serves the caller; in English after key 9. Nobody
    is rung and nothing is stored. The rehearsed caller shows a fictive number.
    """
    settings = load_settings(os.environ)
    key = line_key(settings.policy, line)
    moment = datetime.now(UTC) if at is None else instant("--at", at, settings.policy.schedules[key].hours)
    presses = keys("--press", press)
    world, unknown_because = _world(settings, key, moment)
    rehearsal = service.rehearse(settings.policy, key, world, presses, _PHONES[phones])
    for sentence in (
        *_heading(settings.policy, key, world, unknown_because),
        "",
        *_told(rehearsal),
        *_record(settings.policy, rehearsal),
    ):
        click.echo(sentence)


def _world(settings: Settings, key: LineKey, at: datetime) -> tuple[World, str]:
    """The world at ``at``, and why the database doesn't know it, where that is so."""
    try:
        return _known_world(settings, key, at), ""
    except (SQLAlchemyError, RadrumError) as why:
        return world_by_rule(settings.policy, key, at), str(why).partition("\n")[0]


def _known_world(settings: Settings, key: LineKey, at: datetime) -> World:
    file = settings.database_url.removeprefix("sqlite:///").partition("?")[0]
    if settings.database_url.startswith("sqlite") and not Path(file).exists():
        message = f"there is no database {file} yet: run `{command()} db upgrade`"
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
        yield from beside("", f"who is on duty and changes of hours are not known: {unknown_because}")
    elif opening.is_open:
        yield from beside("on duty, in ringing order: ", _names(world, None))
        other = policy.lines[key].overflow
        if other:
            yield from beside(f"after them, overflow to {other}: ", _names(world, other))


def _names(world: World, overflow: LineKey | None) -> str:
    answering = [one for one in world.on_duty.values() if one.overflow == overflow]
    return ", ".join(f"{one.alias} ({one.tier})" for one in answering) or "nobody"


def _told(rehearsal: Rehearsal) -> Iterator[str]:
    for moment in rehearsal.moments:
        yield from beside(f"  {_LABELS[moment.what]:<{_COLUMN}}  ", moment.text)
    yield ""
    verdict = rehearsal.verdict
    yield f"outcome       {outcome_in_words(verdict.outcome, verdict.reason)}"
    if rehearsal.unused:
        yield f"Not used, because nothing asked for it: {', '.join(rehearsal.unused)}"


def _record(policy: Policy, rehearsal: Rehearsal) -> Iterator[str]:
    """Whose record it becomes, where that isn't the dialled line's."""
    colleague = rehearsal.answered_by
    if colleague and colleague.overflow:
        line = policy.lines[colleague.overflow]
        yield from beside("record        ", f"of {policy.organisations[line.organisation].name}, who answered")
