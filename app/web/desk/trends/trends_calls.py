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
_WORKDAYS = range(1, 6)
A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday. ``level``: 0 for none, up to 4 for the most: as dark as it is drawn."""

    many: int
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
    """Offered in open hours, answered, missed, and rung while closed.

    Those of the open line have the same days and hours, so that one can be laid beside another: none is left out for
    having only zeros.
    """
    by_hour: Counter[tuple[int, int, str]] = Counter()
    for code, many in found.now.of(TallyUnit.CALL, Dimension.HOUR).items():
        by_hour[of_hour(code)] += many
    offered, closed = _by_time(by_hour, _OFFERED), _by_time(by_hour, _CLOSED)
    open_kinds = (
        ("offered", gettext("Offered: the line was open"), offered),
        ("answered", gettext("Answered"), _by_time(by_hour, _ANSWERED)),
        ("missed", gettext("Missed: nobody answered, hung up, or failed with us"), _by_time(by_hour, _MISSED)),
    )
    heats = [_heat(key, title, numbers, offered) for key, title, numbers in open_kinds if offered]
    if closed:
        heats.append(_heat("closed", gettext("Rang while the line was closed"), closed, closed))
    return heats


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
            _read(found.now, dimension, share),
            *(
                _read(one, dimension, share) if found.is_comparable(one) else DASH
                for one in (found.before, found.year_before)
            ),
        )
        for dimension, share, label in rows
        if found.now.of(TallyUnit.CALL, dimension)
    ]


def _read(counted: Counted, dimension: str, share: float) -> str:
    return duration(quantile(counted.of(TallyUnit.CALL, dimension), share))


def duration(seconds: int | None) -> str:
    """In minutes and seconds, each beside its unit; a dash where there is none."""
    if seconds is None:
        return DASH
    minutes, rest = divmod(seconds, A_MINUTE)
    return f"{in_minutes(minutes)} {in_seconds(rest)}" if minutes else in_seconds(rest)


def in_minutes(minutes: int) -> str:
    """The number and its unit, which no line break parts."""
    return _unbroken(gettext("%(minutes)d min", minutes=minutes))


def in_seconds(seconds: int) -> str:
    """The same."""
    return _unbroken(gettext("%(seconds)d s", seconds=seconds))


def _unbroken(words: str) -> str:
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _by_time(by_hour: Counter[tuple[int, int, str]], outcomes: frozenset[Outcome]) -> Counter[tuple[int, int]]:
    numbers: Counter[tuple[int, int]] = Counter()
    for (weekday, hour, outcome), many in by_hour.items():
        if outcome in outcomes:
            numbers[weekday, hour] += many
    return numbers


def _heat(key: str, title: str, numbers: Counter[tuple[int, int]], frame: Counter[tuple[int, int]]) -> Heat:
    """With the weekdays from Monday to Friday, and those other days and all the hours that ``frame`` reaches."""
    hours = range(min(hour for _, hour in frame), max(hour for _, hour in frame) + 1)
    days = sorted({*_WORKDAYS, *(day for day, _ in frame)})
    most = max(numbers.values(), default=0)
    rows = [(_weekday(day), [_cell(numbers[day, hour], most) for hour in hours]) for day in days]
    return Heat(key, title, [f"{hour:02d}" for hour in hours], rows, number(sum(numbers.values())))


def _cell(many: int, most: int) -> Cell:
    return Cell(many, number(many), _level(many, most) if many else 0)


def _level(many: int, most: int) -> int:
    return -(-many * _LEVELS // most)


def _weekday(day: int) -> str:
    return str(format_date(_MONDAY.replace(day=day), "EEE")).rstrip(".").capitalize()
