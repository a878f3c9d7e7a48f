"""``radrum audit``: whether the read log is whole."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.domain.audit import anchor_from
from app.domain.errors import Problem, RejectedInput
from app.factory import open_database
from app.services.keeping.audit import verify as verify_chain
from app.settings import load_settings
from app.storage.engine import begin_read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.audit import Anchor

_LARGEST_ANCHOR = 1_000


@click.group()
def audit() -> None:
    """Check the log of who opened and changed what."""


@audit.command()
@click.option(
    "--anchor",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What this command printed earlier, kept elsewhere: the log must still go through it.",
)
def verify(anchor: Path | None) -> None:
    """Go through the whole log and print its end, as a number and a hash.

    Keep what is printed on another machine: without it nobody can tell that the last entries were cut off, or that all
    of it was written anew. Exits with 1 where the log is broken, and says at which entry.
    """
    kept = _read(anchor) if anchor else None
    with open_database(load_settings(os.environ)) as session, _bar() as tell:
        begin_read_only(session)
        end = verify_chain(session, kept, tell)
    click.echo(end)
    through = f", and it goes through the anchor at {kept.sequence}" if kept else ""
    click.echo(f"The read log is whole: {end.sequence} entries{through}.", err=True)


def _read(file: Path) -> Anchor:
    with file.open(encoding="utf-8", errors="replace") as opened:
        text = opened.read(_LARGEST_ANCHOR)
    anchor = anchor_from(text)
    if anchor is None:
        raise RejectedInput([Problem(str(file), "anchor", "something else", "what radrum audit verify printed")])
    return anchor


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    with click.progressbar(length=1, label="Read log", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield tell
