"""What a process that stays up asks its database for before it begins.

Imports nothing of the web: what counts for Prometheus must not be imported before serve has named its folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.storage.engine import begin_read_only, create_engine_for, no_answer
from app.storage.migrations import require_current
from app.storage.queries.sealed import require_keys
from app.storage.types import KeyMissing, keyring

if TYPE_CHECKING:
    from app.settings import Settings


def require_database(settings: Settings, *, meanwhile: str) -> None:
    """Raise ``WrongRevision`` unless the schema is this version's.

    A database that doesn't answer, or data keys that don't open the phones, are no reason not to begin: callers must
    hear words all the same. That is said, with what goes on ``meanwhile``.
    """
    keyring.load(settings.data_keys)
    engine = create_engine_for(settings.database_url)
    try:
        require_current(engine)
        with Session(engine) as session:
            begin_read_only(session)
            require_keys(session)
    except KeyMissing as error:
        click.echo(f"radrum: {error}; {meanwhile}", err=True)
    except DBAPIError as error:
        click.echo(f"radrum: {no_answer(engine, error)}; {meanwhile}", err=True)
    finally:
        engine.dispose()
