"""``radrum keys``: changing the keys that names, numbers and notes are sealed with."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from app.domain.errors import RadrumError
from app.factory import open_database
from app.services.keeping.keys import Rotation, no_longer_needed
from app.services.keeping.keys import rotate as seal_anew
from app.settings import load_settings
from app.storage.types import keyring

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group()
def keys() -> None:
    """Change the keys that names, numbers and notes are sealed with."""


@keys.command()
def rotate() -> None:
    """Seal everything anew with the newest data key, the first in RADRUM_DATA_KEYS.

    First put the new key before the old one in RADRUM_DATA_KEYS, and restart every process: whoever runs without the
    new key can't open what this seals. Calls go on meanwhile. It may be stopped at any time and begun again. Then it
    says which old key may go.
    """
    with open_database(load_settings(os.environ)) as session:
        rotation = _rotated(session)
        gone = no_longer_needed(session)
    if rotation.problems:
        raise RadrumError("\n".join(rotation.problems))
    if rotation.sealed_anew:
        click.echo(f"{rotation.sealed_anew} values are sealed anew, with the data key {keyring.newest}.")
    else:
        click.echo(f"Everything is sealed with the data key {keyring.newest} already.")
    for key in gone:
        click.echo(
            f"The data key {key} is no longer needed here; backups from before need it as long as you keep them."
        )
    for key in set(keyring.older) - set(gone):
        click.echo(
            f"The data key {key} sealed something meanwhile: restart what still runs without {keyring.newest}, "
            "then run this again."
        )


def _rotated(session: Session) -> Rotation:
    """All of it, with a bar for whoever watches."""
    rotation = Rotation(0)
    with click.progressbar(length=1, label="Values", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for rotation in seal_anew(session, datetime.now(UTC)):
            session.commit()
            bar.length = max(1, rotation.of)
            bar.update(rotation.passed - bar.pos)
    return rotation
