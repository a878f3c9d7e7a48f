"""``radrum demo``: practice data."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from app.cli.typed import command
from app.factory import open_database
from app.services.numbers import tallies
from app.services.practice_data.demo import fill
from app.services.practice_data.demo_accounts import practice_accounts, practice_password
from app.settings import load_settings
from app.storage.queries.staff import is_anybody_there

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.practice_data.demo import DemoReport
    from app.services.practice_data.demo_accounts import PracticeAccount
    from app.settings import Settings

_IN_LIVE = (
    "radrum: this database is live: invented staff are being put on duty in it, with numbers that nobody answers. "
    "Before real callers come: radrum staff remove ALIAS"
)


@click.command()
def demo() -> None:
    """Fill an empty database with practice data: invented staff, rotas, and two years of calls.

    A database that has staff already is left as it is. In practice mode there are accounts to sign in with, too: one
    for each role, a second specialist to hand over to, and all with the password that is printed at every run.
    """
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        if not (settings.is_practice or is_anybody_there(session)):
            click.echo(_IN_LIVE, err=True)
        report = _fill(session, settings)
        session.commit()
        for _ in tallies.rebuild(session, settings.policy) if report else ():
            session.commit()
        made = _accounts(session, settings)
        session.commit()
    click.echo(_filled_in(report))
    if made:
        _echo_sign_ins(settings, made)


def _filled_in(report: DemoReport | None) -> str:
    if report is None:
        return "The database has staff already; nothing was changed."
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(report.outcomes.items()))
    filled_in = f"{report.staff} invented staff and {report.calls} practice calls: {outcomes}."
    if report.case_to_try is None:
        return filled_in
    line, reference = report.case_to_try
    return f"{filled_in} To call about a case: {command()} call {line} --press 3,{reference.digits}"


def _accounts(session: Session, settings: Settings) -> list[PracticeAccount]:
    """Accounts to practise with; none where records are real."""
    if not settings.is_practice:
        return []
    return practice_accounts(session, settings.policy, settings.secret_key, datetime.now(UTC))


def _echo_sign_ins(settings: Settings, made: list[PracticeAccount]) -> None:
    """One to a line. Whoever changed a password knows the one that counts."""
    password = practice_password(settings.secret_key)
    click.echo(f"  Sign in at {settings.public_url}/sign-in with the password {password} as:")
    for one in made:
        changed = "" if one.is_as_made else ", with the password that was chosen for it"
        click.echo(f"    {one.email.ljust(33)}({one.alias}{changed})")


def _fill(session: Session, settings: Settings) -> DemoReport | None:
    """Fill, with a bar for whoever watches."""
    with click.progressbar(length=1, label="Practice calls", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        return fill(session, settings.policy, datetime.now(UTC), tell)
