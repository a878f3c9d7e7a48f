"""``radrum retention``: what is destroyed after how long, by whose decision; and destroying it."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from app.cli.table import echo_table
from app.domain.errors import Problem, RejectedInput
from app.domain.lines import OrganisationKey
from app.domain.register import SWEDEN
from app.domain.retention import PROPOSED_MONTHS, Decision, RecordClass
from app.factory import open_database
from app.services.keeping import retention_rules
from app.services.keeping.retention import Step, look_ahead, rules_in_force
from app.services.keeping.retention import run as destroy
from app.settings import load_settings
from app.storage.engine import begin_read_only, empty_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.keeping.retention import Ahead
    from app.settings import Settings

_CLASS = click.Choice([one.value for one in RecordClass])
_NOTHING = "No rule is in force: nothing is destroyed without a decision (radrum retention decide)."
_HEADER = ("organisation", "class", "older than", "would go", "oldest", "newest", "have to wait", "decision")


@click.group()
def retention() -> None:
    """Destroy what is old enough, once your organisation has decided so."""


@retention.command()
@click.argument("organisation")
@click.argument("kind", metavar="CLASS", type=_CLASS)
@click.option("--months", type=int, help="How long to keep a record after the last thing that happened to it.")
@click.option("--reference", required=True, help="The decision's number and name, as its authority knows it.")
@click.option("--on", "decided_on", required=True, metavar="DATE", help="The day of the decision, as 2026-11-23.")
def decide(organisation: str, kind: str, months: int | None, reference: str, decided_on: str) -> None:
    """Enter a decision to destroy CLASS (gallringsbeslut); from then on it is done every night.

    CLASS is notes, callbacks, cases, consultations, calls, trainings or observations. Without --months it is what is
    proposed for that class.
    """
    settings, now, record_class = load_settings(os.environ), datetime.now(UTC), RecordClass(kind)
    keep = PROPOSED_MONTHS[record_class] if months is None else months
    decision = Decision(keep, reference, _day(decided_on))
    with open_database(settings) as session:
        key = _organisation(settings, organisation)
        retention_rules.enter(session, None, key, record_class, decision, now)
        session.commit()
    click.echo(f"In force: {key} keeps {kind} for {keep} months, by {decision.reference.strip()}.")
    click.echo("See what would go: radrum retention run --dry-run")


@retention.command()
@click.argument("organisation")
@click.argument("kind", metavar="CLASS", type=_CLASS)
def end(organisation: str, kind: str) -> None:
    """Destroy nothing more of CLASS."""
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        key = _organisation(settings, organisation)
        retention_rules.end(session, None, key, RecordClass(kind), datetime.now(UTC))
        session.commit()
    click.echo(f"Ended: nothing more of {kind} is destroyed in {key}.")


@retention.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
def run(*, dry_run: bool) -> None:
    """Destroy what is old enough under the rules that are in force. It may be stopped at any time and begun again."""
    now = datetime.now(UTC)
    with open_database(load_settings(os.environ)) as session:
        if dry_run:
            begin_read_only(session)
            _say(look_ahead(session, now))
            return
        done = _destroyed(session, now)
        engine = session.get_bind().engine
        session.close()
        empty_log(engine)
    if not done:
        click.echo(_NOTHING)
    for step in done:
        rule = step.rule
        click.echo(f"{rule.organisation}: {step.destroyed} of {rule.kind} destroyed, by {rule.reference}.")


def _say(ahead: Sequence[Ahead]) -> None:
    if ahead:
        echo_table([_HEADER, *map(_row, ahead)])
    else:
        click.echo(_NOTHING)


def _row(one: Ahead) -> tuple[str, ...]:
    rule = one.rule
    limit, oldest, newest = (_date(at) for at in (rule.limit, one.oldest, one.newest))
    numbers = (str(one.number), oldest, newest, str(one.waiting))
    return (rule.organisation, rule.kind.value, limit, *numbers, rule.reference)


def _destroyed(session: Session, now: datetime) -> list[Step]:
    """All of it, with a bar for whoever watches; where each rule ended."""
    if not rules_in_force(session, now):
        return []
    last: dict[int, Step] = {}
    with click.progressbar(length=1, label="Records", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for step in destroy(session, now):
            session.commit()
            last[step.rule.id] = step
            bar.label = f"{step.rule.organisation}, {step.rule.kind}"
            bar.length = max(1, step.of)
            bar.update(step.passed - bar.pos)
    session.commit()
    return list(last.values())


def _organisation(settings: Settings, name: str) -> OrganisationKey:
    known = sorted({line.organisation for line in settings.policy.lines.values()})
    if name not in known:
        raise RejectedInput([Problem("", "ORGANISATION", name[:40], ", ".join(known))])
    return OrganisationKey(name)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RejectedInput([Problem("", "--on", text[:40], "a day, as 2026-11-23")]) from None


def _date(at: date | None) -> str:
    day = at.astimezone(SWEDEN).date() if isinstance(at, datetime) else at
    return "" if day is None else day.isoformat()
