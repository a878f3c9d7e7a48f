"""What a deployment may do, and probably shouldn't: said at its start, never a reason not to answer."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.cli.overflow import overflow_doubts
from app.storage.engine import create_engine_for
from app.storage.walls import who_walks_through

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Settings


_GOOD_LENGTH = 32
_GOOD_VARIETY = 8


def say_doubts(settings: Settings) -> None:
    """Say on stderr what is doubtful; live, also what is so in the shipped configuration, with its fictive numbers."""
    today = datetime.now(UTC).date()
    doubts = chain.from_iterable(overflow_doubts(settings.policy, one, today) for one in settings.policy.lines.values())
    for sentence in chain([] if settings.is_practice else _live_doubts(settings), doubts):
        click.echo(f"radrum: {sentence}", err=True)


def _live_doubts(settings: Settings) -> Iterator[str]:
    if len(settings.secret_key) < _GOOD_LENGTH or len(set(settings.secret_key)) < _GOOD_VARIETY:
        yield f"RADRUM_SECRET_KEY can be guessed: draw {_GOOD_LENGTH} random characters or more"
    for line in settings.policy.lines.values():
        numbers = [
            ("public_number", line.public_number),
            *(("twilio_numbers", number) for number in line.twilio_numbers),
            ("backup_number", line.backup_number),
        ]
        for key, number in numbers:
            if number.is_fictive:
                yield f"line.{line.key}.{key}: {number.e164} is reserved for fiction: nobody answers there"
    if role := _role_without_walls(settings):
        yield (
            f"the role {role} isn't bound by PostgreSQL's row-level security, the second wall between organisations: "
            "connect as a role that is neither superuser nor BYPASSRLS"
        )


def _role_without_walls(settings: Settings) -> str | None:
    """Whoever starts says by itself that a database doesn't answer."""
    engine = create_engine_for(settings.database_url)
    if engine.dialect.name == "sqlite":
        return None
    try:
        with Session(engine) as session:
            return who_walks_through(session)
    except DBAPIError:
        return None
    finally:
        engine.dispose()
