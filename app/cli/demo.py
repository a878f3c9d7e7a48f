"""``radrum demo``: practice data."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from app.factory import open_database
from app.services.demo import fill
from app.settings import load_settings
from app.storage.queries.staff import is_anybody_there

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.demo import DemoReport
    from app.settings import Settings

_IN_LIVE = (
    "radrum: this database is live: invented staff are being put on duty in it, with numbers that nobody answers. "
    "Before real callers come: radrum staff remove ALIAS"
)


@click.command()
def demo() -> None:
    """Fill an empty database with practice data: invented staff, rotas, and two years of calls.

    A database that has staff already is left as it is.
    """
    settings = load_settings(os.environ)
    with open_database(settings) as session:
        if not (settings.is_practice or is_anybody_there(session)):
            click.echo(_IN_LIVE, err=True)
        report = _fill(session, settings)
        if report is None:
            click.echo("The database has staff already; nothing was changed.")
            return
        session.commit()
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(report.outcomes.items()))
    click.echo(f"{report.staff} invented staff and {report.calls} practice calls: {outcomes}.")


def _fill(session: Session, settings: Settings) -> DemoReport | None:
    """Fill, with a bar for whoever watches."""
    with click.progressbar(length=1, label="Practice calls", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        return fill(session, settings.policy, datetime.now(UTC), tell)
