"""Which reports there are: each quarter, half-year and year since something was counted, by line and as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain import calendar_periods as calendar
from app.domain.calendar_periods import Kind
from app.domain.wall_clock import local_time
from app.storage.queries import tallies as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.trends import Period

KINDS: Final = (Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR)
"""What there are reports of."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report."""

    kind: Kind
    period: Period
    is_over: bool


@dataclass(frozen=True, slots=True)
class Year:
    """The reports whose period begins in a year: each kind's in their order."""

    year: int
    reports: Sequence[Report]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reports of a line, or of all lines in reach (``line`` is ``None``), the latest year first."""

    line: Line | None
    years: Sequence[Year]


def shelves(session: Session, policy: Policy, actor: Actor, now: datetime) -> Sequence[Shelf]:
    """What there is for the asker: all lines together first, where there are several; none without a number."""
    lines = [line for line in policy.lines.values() if line.key in actor.lines]
    found = []
    for line in lines:
        since = stored.first_day(session, actor, line.key)
        if since is not None:
            today = local_time(now, policy.schedules[line.key].hours.zone).date()
            found.append((line, since, today))
    shelves = [Shelf(line, _years(since, today)) for line, since, today in found]
    if len(lines) > 1 and found:
        whole = Shelf(None, _years(min(since for _, since, _ in found), max(today for _, _, today in found)))
        return [whole, *shelves]
    return shelves


def ended(today: date, at_most_days: int) -> Sequence[Report]:
    """The periods that ended before today, and no more than so many days ago."""
    found = []
    for kind in KINDS:
        period = calendar.before(kind, calendar.period_with(kind, today))
        if (today - period.last).days <= at_most_days:
            found.append(Report(kind, period, is_over=True))
    return found


def _years(since: date, today: date) -> Sequence[Year]:
    reports = [
        Report(kind, period, is_over=period.last < today)
        for kind in KINDS
        for period in calendar.all_between(kind, since, max(since, today))
    ]
    years = sorted({report.period.first.year for report in reports}, reverse=True)
    return [Year(year, [one for one in reports if one.period.first.year == year]) for year in years]
