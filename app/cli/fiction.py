"""Numbers that nobody has, in a deployment whose callers are real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Settings


def warn_of_fiction(settings: Settings) -> None:
    """Live: say on stderr which numbers of the lines are reserved for fiction. The shipped configuration has some."""
    if not settings.is_practice:
        for sentence in _sentences(settings):
            click.echo(f"radrum: {sentence}", err=True)


def _sentences(settings: Settings) -> Iterator[str]:
    for line in settings.policy.lines.values():
        numbers = [
            ("public_number", line.public_number),
            *(("twilio_numbers", number) for number in line.twilio_numbers),
            ("backup_number", line.backup_number),
        ]
        for key, number in numbers:
            if number.is_fictive:
                yield f"line.{line.key}.{key}: {number.e164} is reserved for fiction: nobody answers there"
