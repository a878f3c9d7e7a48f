"""What a change of a rota comes to: whose duty it changes, and which open hours have nobody because of it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from app.cli.rota_shown import until, when
from app.services.rota.final_schedule import duty_during

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.domain.hours import Span
    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.services.rota.rota_fields import Person

_LOOK_AHEAD = timedelta(days=366)
_MOST_GAPS = 10


@contextmanager
def effects(
    session: Session,
    policy: Policy,
    lines: Sequence[LineKey],
    begins: datetime,
    ends: datetime,
    absent: Person | None = None,
) -> Iterator[None]:
    """After a change, say whether it changed anybody's duty, and which open hours have nobody because of it."""
    ends = min(ends, begins + _LOOK_AHEAD)
    if begins >= ends:  # it will be refused
        yield
        return
    before = [duty_during(session, policy, line, begins, ends) for line in lines]
    yield
    after = [duty_during(session, policy, line, begins, ends) for line in lines]
    if before == after:
        click.echo("Nobody's duty changes by it, as things stand.")
    for line, was, now in zip(lines, before, after, strict=True):
        if absent and absent.id in now.time_on_duty:
            hint = f"a temporary schedule names them (radrum rota list {line})"
            click.echo(f"{absent.alias} stays on duty for {line}: {hint}.")
        new = [gap for gap in now.gaps if gap not in was.gaps]
        say_gaps(line, new[:_MOST_GAPS], policy.schedules[line].hours.zone)
        if len(new) > _MOST_GAPS:
            click.echo(f"and so {len(new) - _MOST_GAPS} times more: radrum rota show {line}")


def say_gaps(line: LineKey, gaps: Sequence[Span], zone: ZoneInfo) -> None:
    """A line for each span of open hours in which nobody is on duty."""
    for gap in gaps:
        click.echo(f"nobody is on duty for {line} {when(gap.opens, zone)} {until(gap.closes, zone)}")
