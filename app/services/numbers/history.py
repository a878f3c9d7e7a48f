"""The long curve of a line: what was published before, and what was counted here, beside each other and never added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain import calendar_periods as calendar
from app.domain import history as domain
from app.domain.errors import NotFound
from app.domain.history import EarlierFigure, SeriesUnit
from app.domain.lines import LineKey
from app.domain.tallies import CASES, WRONG, Dimension, TallyUnit
from app.domain.trends import Period
from app.domain.wall_clock import local_time
from app.services.numbers import opened_cases, trends
from app.storage.queries import history as stored
from app.storage.queries import tallies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from app.domain.history import ImportedYear, Run
    from app.domain.lines import Line
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.tallies import Question
    from app.storage.models import EarlierFigure as Row

_QUESTIONS: tuple[Question, ...] = (
    (TallyUnit.CALL, Dimension.ALL),
    (TallyUnit.CONSULTATION, Dimension.ALL),
    (TallyUnit.CONSULTATION, WRONG.dimension),
    (TallyUnit.PERSON, Dimension.ALL),
    opened_cases.QUESTION,
)


@dataclass(frozen=True, slots=True)
class OwnYear:
    """What was counted here from the first to the last day, which are a whole year but where the line began or is."""

    period: Period
    number: int

    @property
    def is_whole(self) -> bool:
        """Whether all of the year was counted."""
        return calendar.period_with(calendar.Kind.YEAR, self.period.first) == self.period


@dataclass(frozen=True, slots=True)
class YearBeside:
    """One year of one unit: what was published, and what was counted here. Two numbers, no sum."""

    year: int
    imported: ImportedYear | None
    own: OwnYear | None

    @property
    def is_both(self) -> bool:
        """Whether there is something of both."""
        return self.imported is not None and self.own is not None


@dataclass(frozen=True, slots=True)
class Series:
    """One unit of a line over all its years, without a gap between the first and the last."""

    unit: SeriesUnit
    years: Sequence[YearBeside]
    figures: Sequence[EarlierFigure]
    """What was published, at its own grain."""


@dataclass(frozen=True, slots=True)
class Change:
    """A year beside the one before. ``percent``: rounded; ``None`` where one of them isn't whole, or was 0."""

    year: ImportedYear
    percent: int | None


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """What a report says of a published series: its sums, and each year beside the one before."""

    unit: SeriesUnit
    runs: Sequence[Run]
    """In the order of time; of days that lie apart no sum is told."""
    sources: Sequence[str]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class History:
    """Every unit of which there is anything."""

    line: Line
    in_reach: Sequence[Line]
    series: Sequence[Series]
    published: Sequence[PublishedFacts]
    today: date


def of(session: Session, policy: Policy, actor: Actor, asked: LineKey | None, now: datetime) -> History | None:
    """The long curve of the line, by itself of the first in reach of which something was published; ``None``: of none.

    Raises ``NotFound`` for a line that isn't in reach.
    """
    in_reach = [line for line in policy.lines.values() if line.key in actor.lines]
    if asked is not None and asked not in {line.key for line in in_reach}:
        message = "a line that isn't there, or isn't the asker's to see"
        raise NotFound(message)
    if not in_reach:
        return None
    found = figures(session, actor, [line.key for line in in_reach])
    with_any = {one.line for one in found}
    chosen = asked or next((line.key for line in in_reach if line.key in with_any), in_reach[0].key)
    zone = policy.schedules[chosen].hours.zone
    today = local_time(now, zone).date()
    mine = [one for one in found if one.line == chosen]
    own = _own(session, actor, chosen, zone, today)
    return History(
        line=policy.lines[chosen],
        in_reach=in_reach,
        series=[series for unit in SeriesUnit if (series := _series(unit, mine, own[unit]))],
        published=facts(mine),
        today=today,
    )


def figures(session: Session, actor: Actor, lines: Sequence[LineKey]) -> Sequence[EarlierFigure]:
    """What was published of these lines, at its own grain, in the order of time."""
    return [_figure(row) for row in stored.figures(session, actor, lines)]


def figures_of(session: Session, policy: Policy) -> Sequence[EarlierFigure]:
    """The same of every line, for a command."""
    return [_figure(row) for row in stored.figures_of(session, policy.lines.keys())]


def facts(published: Sequence[EarlierFigure]) -> Sequence[PublishedFacts]:
    """What a report says of the published figures of one line, unit by unit."""
    return [_facts(unit, mine) for unit in SeriesUnit if (mine := [one for one in published if one.unit is unit])]


def _figure(row: Row) -> EarlierFigure:
    return EarlierFigure(LineKey(row.line), row.unit, Period(row.first_day, row.last_day), row.number, row.source)


def _facts(unit: SeriesUnit, published: Sequence[EarlierFigure]) -> PublishedFacts:
    years = domain.years_of(published)
    before = (None, *years)
    return PublishedFacts(
        unit=unit,
        runs=domain.runs_of(published),
        sources=tuple(dict.fromkeys(source for year in years for source in year.sources)),
        changes=[
            Change(year, domain.change_percent(earlier, year) if earlier else None)
            for earlier, year in zip(before, years, strict=False)
        ],
    )


def _series(unit: SeriesUnit, published: Sequence[EarlierFigure], own: Mapping[int, OwnYear]) -> Series | None:
    mine = [one for one in published if one.unit is unit]
    imported = {year.year: year for year in domain.years_of(mine)}
    counted = {year: one for year, one in own.items() if one.number or year in imported}
    known = imported.keys() | counted.keys()
    if not known:
        return None
    years = range(min(known), max(known) + 1)
    return Series(unit, [YearBeside(year, imported.get(year), own.get(year)) for year in years], mine)


def _own(
    session: Session, actor: Actor, line: LineKey, zone: ZoneInfo, today: date
) -> Mapping[SeriesUnit, Mapping[int, OwnYear]]:
    """What was counted here by the year, since the line began."""
    since = tallies.first_day(session, actor, line)
    if since is None or since > today:
        return {unit: {} for unit in SeriesUnit}
    steps = calendar.years_within(Period(since, today))
    counted = trends.count_steps(session, actor, [line], steps, _QUESTIONS)
    known = opened_cases.known(session, actor, zone, steps)
    numbers: Mapping[SeriesUnit, Mapping[Period, int]] = {
        SeriesUnit.CASES: {one.period: one.numbers[CASES] for one in counted if one.period in known},
        SeriesUnit.PERSONS: {one.period: one.persons for one in counted},
        SeriesUnit.CONSULTATIONS: {one.period: one.held for one in counted},
        SeriesUnit.CALLS: {one.period: one.calls for one in counted},
    }
    return {
        unit: {period.first.year: OwnYear(period, number) for period, number in by_period.items()}
        for unit, by_period in numbers.items()
    }
