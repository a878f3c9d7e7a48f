"""The calls of the trends: by weekday and hour, and how long they waited and talked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date, gettext

from app.domain.calls import Outcome
from app.domain.histograms import quantile
from app.domain.tallies import Dimension, TallyUnit, of_hour
from app.web.desk.number_words import DASH, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.numbers.trends import Counted, Trends

_ANSWERED = frozenset({Outcome.ANSWERED})
_MISSED = frozenset({Outcome.ABANDONED, Outcome.UNANSWERED, Outcome.FAILED})
_CLOSED = frozenset({Outcome.CLOSED})
_OFFERED = frozenset(Outcome) - _CLOSED
_LEVELS = 4
_MONDAY = date(2024, 1, 1)
_WEEKDAYS = range(1, 8)
_A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday. ``level``: 0 for none, up to 4 for the most: as dark as it is drawn."""

    number: str
    level: int


@dataclass(frozen=True, slots=True)
class Heat:
    """Calls of one kind by weekday and hour."""

    key: str
    title: str
    hours: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    total: str


@dataclass(frozen=True, slots=True)
class Time:
    """A median and a ninth decile, now and then."""

    label: str
    now: str
    before: str
    year_before: str


def heats_of(found: Trends) -> Sequence[Heat]:
    """Offered in open hours, answered, missed, and rung while closed."""
    by_hour: Counter[tuple[int, int, str]] = Counter()
    for code, many in found.now.of(TallyUnit.CALL, Dimension.HOUR).items():
        by_hour[of_hour(code)] += many
    kinds = (
        ("offered", gettext("Offered: the line was open"), _OFFERED),
        ("answered", gettext("Answered"), _ANSWERED),
        ("missed", gettext("Missed: nobody answered, hung up, or failed with us"), _MISSED),
        ("closed", gettext("Rang while the line was closed"), _CLOSED),
    )
    made = (_heat(key, title, by_hour, outcomes) for key, title, outcomes in kinds)
    return [heat for heat in made if heat is not None]


def times_of(found: Trends) -> Sequence[Time]:
    """How long those who were answered waited, and how long was talked."""
    rows = (
        (Dimension.WAIT, 0.5, gettext("Wait, median")),
        (Dimension.WAIT, 0.9, gettext("Wait, nine of ten within")),
        (Dimension.TALK, 0.5, gettext("Talk, median")),
        (Dimension.TALK, 0.9, gettext("Talk, nine of ten within")),
    )
    return [
        Time(
            label,
            _time(found.now, dimension, share),
            *(
                _time(one, dimension, share) if found.is_comparable(one) else DASH
                for one in (found.before, found.year_before)
            ),
        )
        for dimension, share, label in rows
        if found.now.of(TallyUnit.CALL, dimension)
    ]


def _heat(key: str, title: str, by_hour: Counter[tuple[int, int, str]], outcomes: frozenset[Outcome]) -> Heat | None:
    numbers: Counter[tuple[int, int]] = Counter()
    for (weekday, hour, outcome), many in by_hour.items():
        if outcome in outcomes:
            numbers[weekday, hour] += many
    if not numbers:
        return None
    hours = range(min(hour for _, hour in numbers), max(hour for _, hour in numbers) + 1)
    days = [day for day in _WEEKDAYS if any(numbers[day, hour] for hour in hours)]
    most = max(numbers.values())
    rows = [
        (_weekday(day), [Cell(number(many), _level(many, most)) for hour in hours for many in [numbers[day, hour]]])
        for day in days
    ]
    return Heat(key, title, [f"{hour:02d}" for hour in hours], rows, number(sum(numbers.values())))


def _level(many: int, most: int) -> int:
    return -(-many * _LEVELS // most)


def _weekday(day: int) -> str:
    return str(format_date(_MONDAY.replace(day=day), "EEE")).rstrip(".").capitalize()


def _time(counted: Counted, dimension: str, share: float) -> str:
    seconds = quantile(counted.of(TallyUnit.CALL, dimension), share)
    if seconds is None:
        return DASH
    if seconds < _A_MINUTE:
        return str(gettext("%(seconds)d s", seconds=seconds))
    return str(gettext("%(minutes)d min %(seconds)d s", minutes=seconds // _A_MINUTE, seconds=seconds % _A_MINUTE))
