"""The yearly figures that everybody may read: published once, and read as they were published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.calls import Outcome
from app.domain.lines import Audience
from app.domain.public_statistics import (
    NEVER_SHOWN,
    AgeGroup,
    Dimension,
    Row,
    Rows,
    Unit,
    first_year,
    last_year,
    published,
    quarters_of,
)
from app.domain.taxonomy import GroupKey
from app.domain.trends import WRONG_TARGET, bounds
from app.domain.wall_clock import local_time
from app.storage.insert import insert_once
from app.storage.models import PublishedYear
from app.storage.queries import public_statistics as stored
from app.storage.queries.public_statistics import Year

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.domain.policy import Policy

OUTCOMES = (
    Outcome.ANSWERED, Outcome.CALLBACK, Outcome.UNANSWERED, Outcome.ABANDONED, Outcome.CLOSED, Outcome.REFERRED,
)  # fmt: skip
"""Those that have rows: our own failures are in the rest."""
_GROUPS = (Dimension.SERVICE, Dimension.TYPE, Dimension.THEME)


@dataclass(frozen=True, slots=True)
class OfYear:
    """One published year of a line."""

    year: int
    published_at: datetime
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class OfLine:
    """A line that chose to be public, and its years, the latest first."""

    line: Line
    years: Sequence[OfYear]


def publish(session: Session, policy: Policy, now: datetime) -> int:
    """Publish each year of each line that is due and wasn't published yet; say how many. Doesn't commit.

    A year is published once: two versions of it would tell how many records lie between them. One of which records
    were destroyed before it was published never is.
    """
    lines = public_lines(policy)
    known = {(one.line, one.year) for one in stored.years_published(session, lines)}
    due = ((line, year) for line in lines for year in _due(session, policy, line, now))
    return sum(_publish(session, policy, line, year, now) for line, year in due if (line.key, year) not in known)


def of_lines(session: Session, policy: Policy) -> Sequence[OfLine]:
    """What was published, of the lines that are public now, in their order."""
    lines = public_lines(policy)
    years = stored.years_published(session, lines)
    return [OfLine(line, [_read(one) for one in years if one.line == line.key]) for line in lines]


def public_lines(policy: Policy) -> Sequence[Line]:
    """The lines that chose it."""
    return [line for line in policy.lines.values() if line.public_statistics]


def rows_of(policy: Policy, line: Line) -> Rows:
    """The rows of a line's tables."""
    taxonomy = policy.taxonomy.groups
    exposed, kind, theme = (taxonomy[GroupKey(name)] for name in ("exposed", "type", "theme"))
    unused = {*NEVER_SHOWN, WRONG_TARGET[1], *_not_served(policy, line)}
    groups = {
        dimension: [code for code in taxonomy[GroupKey(dimension)].choices if code not in unused]
        for dimension in _GROUPS
    }
    return Rows(
        of={
            **groups,
            Dimension.MUNICIPALITY: sorted(line.catchment),
            Dimension.AGE: list(AgeGroup),
            Dimension.OUTCOME: OUTCOMES,
        },
        most_themes=theme.most,
        most_exposed=exposed.most,
        types_with_exposed=frozenset(exposed.applies.get(kind.key, kind.choices)),
    )


def _not_served(policy: Policy, line: Line) -> frozenset[str]:
    """Who is always the wrong target group of a line for professionals."""
    referred = policy.taxonomy.referred
    if referred is None or Audience.EXPOSED in line.serves:
        return frozenset()
    return frozenset(referred.codes)


def _due(session: Session, policy: Policy, line: Line, now: datetime) -> Iterator[int]:
    began = stored.first_instant(session, line)
    if began is not None:
        zone = policy.schedules[line.key].hours.zone
        first, last = (local_time(at, zone).date() for at in (began, now))
        yield from range(first_year(first), last_year(last) + 1)


def _publish(session: Session, policy: Policy, line: Line, year: int, now: datetime) -> bool:
    quarters = quarters_of(year)
    if stored.is_destroyed(session, line, quarters[0].first, quarters[-1].last):
        return False
    zone = policy.schedules[line.key].hours.zone
    first, second, third, fourth = (bounds(quarter, zone) for quarter in quarters)
    counted = stored.counted(session, Year(line, (first[0], second[0], third[0], *fourth)))
    shown = published(counted, rows_of(policy, line))
    rows = [[row.unit, row.dimension, row.code, row.number] for row in shown]
    return insert_once(session, PublishedYear, line=line.key, year=year, published_at=now, rows=rows)


def _read(one: PublishedYear) -> OfYear:
    rows = [Row(Unit(unit), Dimension(dimension), code, number) for unit, dimension, code, number in one.rows]
    return OfYear(one.year, one.published_at, rows)
