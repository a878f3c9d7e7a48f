"""``radrum check``: read everything, and say in words what it means."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING

import click

from app.cli.doubts import say_doubts
from app.cli.overflow import overflow_in_words
from app.domain.callflow.check import proofs
from app.domain.hours import open_spans, opening_at
from app.domain.lines import Audience
from app.domain.rotas import RotaUnit
from app.reading import read_municipalities
from app.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from app.domain.callflow.nodes import Flow
    from app.domain.hours import OpeningHours
    from app.domain.lines import Line
    from app.domain.policy import Policy, Schedule
    from app.domain.rotas import Rota
    from app.settings import Settings

_LOOK_AHEAD_DAYS = 120
_CLOSED_DAYS_SHOWN = 4
_ONE_DAY = timedelta(days=1)
_DAYS_OF_WEEK = 7
_WORKING_DAYS = 5
_SERVES = {Audience.PROFESSIONAL: "professionals", Audience.EXPOSED: "exposed persons"}


@click.command()
def check() -> None:
    """Read the whole configuration and say what it means.

    Names every problem, with file, key, what was found and what is allowed, and exits with 1 where there is one.
    """
    settings = load_settings(os.environ)
    now = datetime.now(UTC)
    for sentence in summary(settings, now):
        click.echo(sentence)
    say_doubts(settings)


def summary(settings: Settings, now: datetime) -> Iterator[str]:
    """What the configuration means, seen from ``now``."""
    policy = settings.policy
    yield f"Mode         {settings.mode}"
    yield f"Address      {settings.public_url}, listening on {settings.bind}"
    yield f"Database     {_database(settings.database_url)}"
    yield f"Twilio       {_twilio(settings)}"
    yield f"Mail         {_mail(settings)}"
    yield f"Lines        {len(policy.lines)}, of {len(policy.organisations)} organisations"
    yield f"Records      {_taxonomy(policy)}"
    for line in policy.lines.values():
        yield ""
        yield from _line(policy, line, now)
    for name, flow in sorted({flow.name: flow for flow in policy.flows.values()}.items()):
        yield ""
        yield from _flow(name, flow)
    yield ""
    yield "Everything was read, and nothing is wrong with it."


def _database(url: str) -> str:
    if url.startswith("sqlite"):
        return f"SQLite, {url.removeprefix('sqlite:///').partition('?')[0]}"
    # Without user and password, wherever they stand.
    return f"PostgreSQL, {url.partition('?')[0].partition('://')[2].rpartition('@')[2]}"


def _twilio(settings: Settings) -> str:
    twilio = settings.twilio
    if settings.is_practice:
        return f"the stand-in on {settings.simulator_bind}; nobody is rung"
    region = f"region {twilio.region} by the edge {twilio.edge}" if twilio.region else "no region set"
    tokens = "one auth token" if len(twilio.auth_tokens) == 1 else "two auth tokens"
    return ", ".join(part for part in (region, tokens, twilio.api_base_url) if part)


def _mail(settings: Settings) -> str:
    if settings.mail is None:
        return "is not sent"
    return f"is sent from {settings.mail.sender}, by {settings.mail.host}:{settings.mail.port}"


def _taxonomy(policy: Policy) -> str:
    taxonomy = policy.taxonomy
    usable = sum(not choice.retired for group in taxonomy.groups.values() for choice in group.choices.values())
    required = sum(group.required for group in taxonomy.groups.values())
    groups = f"{len(taxonomy.groups)} groups, {required} of them required"
    return f"taxonomy version {taxonomy.version}: {groups}, with {usable} choices"


def _line(policy: Policy, line: Line, now: datetime) -> Iterator[str]:
    schedule = policy.schedules[line.key]
    today = now.astimezone(schedule.hours.zone).date()
    numbers = ", ".join(number.e164 for number in line.twilio_numbers)
    yield f"{line.key}: {line.name}"
    yield f"  owned by   {policy.organisations[line.organisation].name}"
    yield f"  number     {line.public_number.e164}; at Twilio {numbers}; when we fail {line.backup_number.e164}"
    yield f"  serves     {_catchment(line)}; {' and '.join(_SERVES[one] for one in Audience if one in line.serves)}"
    yield f"  this week  {_week(schedule.hours, today)} ({schedule.hours.zone.key})"
    yield f"  closed     {_closed_weekdays(schedule.hours, today)}"
    yield from (f"  rota       {_rota(rota)}" for rota in _ordered(schedule))
    yield f"  overflow   {overflow_in_words(policy, line)}"
    yield f"  callflow   {line.callflow}"


def _catchment(line: Line) -> str:
    municipalities = read_municipalities()
    if line.catchment == municipalities.codes:
        return f"all {len(line.catchment)} municipalities"
    counties = sorted({municipalities.by_code[code].county_name for code in line.catchment})
    return f"{len(line.catchment)} municipalities in {', '.join(counties)}"


def _week(hours: OpeningHours, today: date) -> str:
    """The seven days of this week, Monday first, in runs of days with the same hours."""
    monday = today - today.weekday() * _ONE_DAY
    days = [(monday + number * _ONE_DAY) for number in range(_DAYS_OF_WEEK)]
    runs = [(plan, list(run)) for plan, run in groupby(days, lambda day: _hours_on(hours, day))]
    return ", ".join(f"{_weekdays([day.weekday() for day in run])} {plan}" for plan, run in runs)


def _hours_on(hours: OpeningHours, day: date) -> str:
    spans = open_spans(hours, {}, day)
    local = [(span.opens.astimezone(hours.zone), span.closes.astimezone(hours.zone)) for span in spans]
    return " and ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in local) or "closed"


def _closed_weekdays(hours: OpeningHours, today: date) -> str:
    """The next days, Monday to Friday, that have hours as a rule and are closed."""
    days = (today + number * _ONE_DAY for number in range(_LOOK_AHEAD_DAYS))
    closed = (f"{day:%a} {day} {name}" for day in days if (name := _closed_because(hours, day)))
    return ", ".join(islice(closed, _CLOSED_DAYS_SHOWN)) or f"on no weekday of the next {_LOOK_AHEAD_DAYS} days"


def _closed_because(hours: OpeningHours, day: date) -> str:
    if day.weekday() >= _WORKING_DAYS or not hours.weekly[day.weekday()] or open_spans(hours, {}, day):
        return ""
    midnight = datetime(day.year, day.month, day.day, tzinfo=hours.zone)
    closed = opening_at(hours, {}, midnight).closed
    return f"({closed.name or closed.kind})" if closed else ""


def _ordered(schedule: Schedule) -> list[Rota]:
    return sorted(schedule.rotas, key=lambda rota: rota.tier.value, reverse=True)


def _rota(rota: Rota) -> str:
    turns = f"one {rota.unit}" if rota.length == 1 else f"{rota.length} {rota.unit}s"
    weekday = f"{_weekday(rota.handover_weekday)} " if rota.unit is RotaUnit.WEEK else ""
    days = _weekdays(sorted(rota.weekdays))
    people = "one person" if rota.at_once == 1 else f"{rota.at_once} persons"
    changes = f"changing {weekday}{rota.handover:%H:%M}"
    window = f", {rota.window.begins:%H:%M}-{rota.window.ends:%H:%M} only" if rota.window else ""
    return f"{rota.key} ({rota.tier}): {people} at a time, {days}{window}; turns of {turns}, {changes}"


def _weekdays(days: list[int]) -> str:
    if len(days) > 1 and days == list(range(days[0], days[-1] + 1)):
        return f"{_weekday(days[0])}-{_weekday(days[-1])}"
    return ", ".join(map(_weekday, days))


def _weekday(number: int) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[number]


def _flow(name: str, flow: Flow) -> Iterator[str]:
    yield f"callflow {name}: {flow.title}; proved that"
    yield from (f"  - {proof}" for proof in proofs(flow))
