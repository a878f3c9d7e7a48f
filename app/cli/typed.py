"""What people type and read: lines, instants, keys, and how the command is written."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.domain.errors import NotFound, Problem, RejectedInput
from app.domain.hours import local_at
from app.domain.lines import LineKey, OrganisationKey
from app.domain.wall_clock import instant_at, times_shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from app.domain.hours import OpeningHours
    from app.domain.policy import Policy

SILENCE = "-"
_WHICH_DEPLOYMENT = ("RADRUM_CONFIG", "RADRUM_MODE", "RADRUM_BIND", "RADRUM_PUBLIC_URL")
_WIDTH = 110
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) (?=[0-9])")
_NO_BREAK_SPACE = "\u00a0"
_NAME = "radrum"
_PRESS = re.compile(r"[0-9*#]{1,32}|-", re.ASCII)
_INSTANT = "an instant like 2026-11-23T10:00, or 2026-11-23T09:00+00:00"
_KEYS = "0-9, * and #, comma between, - for silence"


def command() -> str:
    """How this very program is started, to be pasted: by a path below the working directory where it has one."""
    started_as = Path(sys.argv[0]).absolute()
    if started_as.name != _NAME:
        return _NAME
    if started_as.is_relative_to(Path.cwd()):
        return str(started_as.relative_to(Path.cwd()))
    return _NAME if shutil.which(_NAME) == str(started_as) else str(started_as)


def command_elsewhere(environ: Mapping[str, str]) -> str:
    """``command`` with the variables by which it finds this deployment from another terminal; none is a secret."""
    given = [f"{name}={shlex.quote(environ[name])}" for name in _WHICH_DEPLOYMENT if environ.get(name)]
    return " ".join([*given, command()])


def line_key(policy: Policy, name: str) -> LineKey:
    """The line that is called so. Raises ``NotFound``."""
    if name not in policy.lines:
        message = f"there is no line {name}; the lines are {', '.join(policy.lines)}"
        raise NotFound(message)
    return LineKey(name)


def organisation_key(policy: Policy, name: str) -> OrganisationKey:
    """The organisation that is called so. Raises ``NotFound``."""
    if name not in policy.organisations:
        message = f"there is no organisation {name}; they are {', '.join(policy.organisations)}"
        raise NotFound(message)
    return OrganisationKey(name)


def keys(option: str, given: str) -> list[str]:
    """The keys for each question, ``SILENCE`` for none. Raises ``RejectedInput``."""
    presses = [one.strip() for one in given.split(",")] if given.strip() else []
    wrong = [one for one in presses if not _PRESS.fullmatch(one)]
    if wrong:
        raise RejectedInput([_problem(option, repr(one), _KEYS) for one in wrong])
    return presses


def instant(option: str, given: str, hours: OpeningHours) -> datetime:
    """An instant in UTC, from a time with an offset or on the line's wall clock. Raises ``RejectedInput``.

    A wall time that the clock jumps over means the instant of the jump, one that comes twice its first time; both are
    said.
    """
    try:
        read = datetime.fromisoformat(given.strip())
    except ValueError:
        raise RejectedInput([_problem(option, repr(given), _INSTANT)]) from None
    try:
        at = read.astimezone(UTC) if read.tzinfo else _on_the_wall(read, hours)
        local = local_at(hours, at)
    except (ValueError, OverflowError):
        allowed = f"an instant of the years {hours.calendar.first_year} to {hours.calendar.last_year}"
        raise RejectedInput([_problem(option, str(read), allowed)]) from None
    if not read.tzinfo:
        _say_which(read, local, hours.zone)
    return at


def beside(start: str, text: str) -> list[str]:
    """Lines with ``text`` beside ``start``, and all of it in that column. Numbers like 114 14 stay on one line."""
    whole = _BETWEEN_DIGITS.sub(_NO_BREAK_SPACE, text)
    lines = textwrap.wrap(
        whole, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
    )
    return [line.replace(_NO_BREAK_SPACE, " ") for line in lines] or [start.rstrip()]


def _on_the_wall(read: datetime, hours: OpeningHours) -> datetime:
    if not hours.calendar.covers(date(read.year, 1, 1)):
        raise OverflowError
    return instant_at(read.date(), read.time().replace(microsecond=0), hours.zone)


def _say_which(read: datetime, local: datetime, zone: ZoneInfo) -> None:
    shown = times_shown(read.date(), read.time(), zone)
    if shown == 0:
        click.echo(f"{read} doesn't exist that day: the clock jumps over it, to {local:%H:%M:%S}.", err=True)
    elif shown > 1:
        second = local.replace(fold=1).isoformat()
        click.echo(f"{read} comes twice that day: the first is meant; the second is {second}.", err=True)


def _problem(option: str, found: str, allowed: str) -> Problem:
    return Problem("", option, found, allowed)
