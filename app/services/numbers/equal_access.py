"""Which municipalities turn to a line and which don't: from the tallies, with a sum that is whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain import calendar_periods as calendar
from app.domain import reach, tallies
from app.domain.consultations import PlaceKind
from app.domain.tallies import HELD, WRONG, Cell, Dimension, Grain, TallyUnit
from app.domain.trends import Period
from app.domain.wall_clock import local_time
from app.services.numbers import trends
from app.services.numbers.asked_period import period_asked
from app.storage.queries import reached as stored
from app.storage.queries.tallies import first_day

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import Line, LineKey, MunicipalityCode
    from app.domain.municipalities import Municipality
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.reach import Often
    from app.domain.tallies import Question
    from app.services.numbers.asked_period import Asked
    from app.services.numbers.trends import Counted

_MUNICIPALITY: Question = (TallyUnit.CONSULTATION, Dimension.MUNICIPALITY)
_QUESTIONS: tuple[Question, ...] = (
    (TallyUnit.CONSULTATION, Dimension.ALL),
    (TallyUnit.CONSULTATION, WRONG.dimension),
    (TallyUnit.CONSULTATION, Dimension.PLACE),
    _MUNICIPALITY,
)


@dataclass(frozen=True, slots=True)
class AskedReach:
    """What somebody wants to see. ``since``: of the reach; without one since the first line began."""

    trends: Asked
    silent_months: int = 6
    since: date | None = None


@dataclass(frozen=True, slots=True)
class OfMunicipality:
    """One municipality of the catchment."""

    municipality: Municipality
    held: int
    """Consultations that were held for it in the period."""
    often: Often
    last: date | None
    """A day of the last month with one, up to the end of the period; ``None``: there was none since it is counted."""
    quiet_months: int
    """Whole months without one, up to the end of the period."""
    is_reached: bool
    """Whether there was one since the day that is asked for."""
    population: tuple[int, int] | None
    """The newest year that is known, and how many lived there."""

    @property
    def per_10_000(self) -> float | None:
        """Consultations for each 10,000 inhabitants."""
        return reach.per_10_000(self.held, self.population[1] if self.population else None)


@dataclass(frozen=True, slots=True)
class Apart:
    """Consultations that are for no municipality of the catchment, by why. With those for one they are all held."""

    elsewhere: int
    county: int
    """The municipality isn't known, the county is."""
    whole_county: int
    abroad: int
    unknown: int
    """Noted as not known."""
    not_noted: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.elsewhere + self.county + self.whole_county + self.abroad + self.unknown + self.not_noted


@dataclass(frozen=True, slots=True)
class Reach:
    """The catchment of some lines in a period."""

    kind: calendar.Kind
    period: Period
    until: date
    """The last day that is counted: that of the period, or today."""
    lines: Sequence[Line]
    in_reach: Sequence[Line]
    rows: Sequence[OfMunicipality]
    held: int
    """All consultations that were held in the period."""
    apart: Apart
    silent_months: int
    since: date
    """The day since which the reach is asked for."""
    counted_since: date | None
    """The first day of which anything was counted; ``None`` while nothing was."""
    today: date

    @property
    def is_counted(self) -> bool:
        """Whether anything was counted by the end of the period. Else no municipality is known to have been silent."""
        return self.counted_since is not None and self.counted_since <= self.until

    @property
    def for_municipalities(self) -> int:
        """Consultations for municipalities of the catchment."""
        return sum(one.held for one in self.rows)

    @property
    def with_any(self) -> int:
        """How many municipalities there was one for in the period."""
        return sum(one.held > 0 for one in self.rows)

    @property
    def reached(self) -> int:
        """How many there was one for since the day that is asked for."""
        return sum(one.is_reached for one in self.rows)

    @property
    def silent(self) -> Sequence[OfMunicipality]:
        """Those that there was none for in so many whole months."""
        return [one for one in self.rows if one.quiet_months >= self.silent_months]

    @property
    def population_years(self) -> Sequence[int]:
        """Of which years the populations are; none where nobody knows any."""
        return sorted({one.population[0] for one in self.rows if one.population})

    def as_often(self, often: Often) -> int:
        """How many turned to the line so often."""
        return sum(one.often is often for one in self.rows)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is known of municipalities, by code."""

    months: Sequence[Counted]
    """The period, month by month."""
    begins: date
    """Since when anything is counted."""
    last: Mapping[str, date]
    since: Collection[str]
    people: Mapping[MunicipalityCode, tuple[int, int]]


def of(session: Session, policy: Policy, actor: Actor, asked: AskedReach, now: datetime) -> Reach | None:
    """The catchment of the lines that are asked for; ``None`` for whoever has no line in reach.

    Raises ``NotFound`` for a line that isn't in reach, and ``NoSuchPeriod`` as ``period_asked`` does.
    """
    in_reach = [line for line in policy.lines.values() if line.key in actor.lines]
    lines = trends.chosen_lines(in_reach, asked.trends.lines)
    if not lines:
        return None
    keys = [line.key for line in lines]
    today = local_time(now, policy.schedules[keys[0]].hours.zone).date()
    period = period_asked(asked.trends, today)
    so_far = Period(period.first, min(period.last, today))
    counted_since = min((day for key in keys if (day := first_day(session, actor, key))), default=None)
    begins = min(counted_since or so_far.last, so_far.last)
    months = trends.count_steps(session, actor, keys, calendar.months_within(so_far), _QUESTIONS)
    numbers = sum((month.numbers for month in months), Counter[Cell]())
    catchment = frozenset(code for line in lines for code in line.catchment)
    last = _last(session, actor, keys, Period(begins.replace(day=1), so_far.last))
    since = begins if asked.since is None else min(asked.since, so_far.last)
    reached = last if asked.since is None else _last(session, actor, keys, Period(since, so_far.last))
    people = stored.newest_population(session, actor)
    return Reach(
        kind=asked.trends.kind,
        period=period,
        until=so_far.last,
        lines=lines,
        in_reach=in_reach,
        rows=_rows(policy, catchment, _Heard(months, begins, last, reached.keys(), people)),
        held=numbers[HELD] - numbers[WRONG],
        apart=_apart(numbers, catchment),
        silent_months=asked.silent_months,
        since=since,
        counted_since=counted_since,
        today=today,
    )


def _last(session: Session, actor: Actor, keys: Collection[LineKey], period: Period) -> Mapping[str, date]:
    return stored.last_by_code(session, actor, keys, tallies.pieces_of(period, longest=Grain.MONTH), _MUNICIPALITY)


def _rows(policy: Policy, catchment: Collection[MunicipalityCode], heard: _Heard) -> Sequence[OfMunicipality]:
    held = Counter[str]()
    for month in heard.months:
        held.update(month.of(*_MUNICIPALITY))
    months = Counter(code for month in heard.months for code in month.of(*_MUNICIPALITY))
    until = heard.months[-1].period.last
    return [
        OfMunicipality(
            municipality=policy.municipalities.by_code[code],
            held=held[code],
            often=reach.how_often(held[code], months[code], len(heard.months)),
            last=heard.last.get(code),
            quiet_months=reach.quiet_months(heard.last.get(code), heard.begins, until),
            is_reached=code in heard.since,
            population=heard.people.get(code),
        )
        for code in sorted(catchment)
    ]


def _apart(numbers: Counter[Cell], catchment: Collection[MunicipalityCode]) -> Apart:
    by_place, by_code = _of(numbers, Dimension.PLACE), _of(numbers, Dimension.MUNICIPALITY)
    others = sum(number for kind, number in by_place.items() if kind != PlaceKind.MUNICIPALITY)
    return Apart(
        elsewhere=sum(number for code, number in by_code.items() if code not in catchment),
        county=by_place.get(PlaceKind.COUNTY, 0),
        whole_county=by_place.get(PlaceKind.WHOLE_COUNTY, 0),
        abroad=by_place.get(PlaceKind.ABROAD, 0),
        unknown=by_place.get(PlaceKind.UNKNOWN, 0),
        not_noted=numbers[HELD] - numbers[WRONG] - others - sum(by_code.values()),
    )


def _of(numbers: Counter[Cell], dimension: str) -> Mapping[str, int]:
    return {
        cell.code: number
        for cell, number in numbers.items()
        if (cell.unit, cell.dimension) == (TallyUnit.CONSULTATION, dimension)
    }
