"""What periods are called: "quarter 3 of 2026", and, beside it, "the same quarter last year"."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from flask_babel import format_date, gettext, lazy_gettext

from app.domain.calendar_periods import Kind
from app.web.desk.number_words import DASH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.domain.trends import Period

_YEAR_BEFORE = {
    Kind.MONTH: lazy_gettext("the same month last year"),
    Kind.QUARTER: lazy_gettext("the same quarter last year"),
    Kind.HALF_YEAR: lazy_gettext("the same half-year last year"),
    Kind.YEAR: lazy_gettext("the year before"),
    Kind.OWN: lazy_gettext("the same days last year"),
}
_BEFORE = {
    Kind.WEEK: lazy_gettext("the week before"),
    Kind.MONTH: lazy_gettext("the month before"),
    Kind.QUARTER: lazy_gettext("the quarter before"),
    Kind.HALF_YEAR: lazy_gettext("the half-year before"),
    Kind.YEAR: lazy_gettext("the year before"),
    Kind.OWN: lazy_gettext("as many days before"),
}
_PART_OF_YEAR_BEFORE = lazy_gettext("the same days last year")
_PART_OF_BEFORE = lazy_gettext("as many days of the period before")


def begin(words: str) -> str:
    """With a capital: at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def joined(words: Sequence[str]) -> str:
    """Several as in a sentence, "one, two and three"."""
    *first, last = words
    return str(gettext("%(first)s and %(last)s", first=", ".join(first), last=last)) if first else last


def year_before(kind: Kind, earlier: Period, *, is_over: bool) -> str:
    """What ``earlier``, the same period of the year before, is called, after "than".

    A week by its number: it has other dates than a year ago, and week 53 another number, too.
    """
    if kind is Kind.WEEK:
        week = named(kind, earlier)
        return week if is_over else str(gettext("as many days of %(week)s", week=week))
    return str(_YEAR_BEFORE[kind] if is_over else _PART_OF_YEAR_BEFORE)


def before(kind: Kind, *, is_over: bool) -> str:
    """What the period before is called, after "than"."""
    return str(_BEFORE[kind] if is_over else _PART_OF_BEFORE)


def named(kind: Kind, period: Period) -> str:
    """The period's name, in the middle of a sentence."""
    first = period.first
    match kind:
        case Kind.WEEK:
            year, week, _ = first.isocalendar()
            return str(gettext("week %(week)d of %(year)d", week=week, year=year))
        case Kind.MONTH:
            return _written(first, "MMMM y")
        case Kind.QUARTER:
            return str(gettext("quarter %(number)d of %(year)d", number=(first.month + 2) // 3, year=first.year))
        case Kind.HALF_YEAR:
            half = gettext("the first half of %(year)d") if first.month == 1 else gettext("the second half of %(year)d")
            return str(half) % {"year": first.year}
        case Kind.YEAR:
            return str(first.year)
        case Kind.OWN:
            return days(period)
        case _:  # pragma: no cover - every kind is above
            assert_never(kind)


def days(period: Period) -> str:
    """Its first and its last day, as "1 januari" to "31 mars 2026"."""
    if period.first == period.last:
        return _written(period.first, "d MMMM y")
    first = "d MMMM" if period.first.year == period.last.year else "d MMMM y"
    return f"{_written(period.first, first)} {DASH} {_written(period.last, 'd MMMM y')}"


def step_named(step: Period, whole: Period) -> tuple[str, str]:
    """A part of a period: as short as a bar has room for, and in full."""
    if step.day_count == 1:
        return str(step.first.day), _written(step.first, "EEEE d MMMM y")
    if _is_of_week(step, whole):
        return str(step.first.isocalendar().week), named(Kind.WEEK, step)
    months = (step.last.year - step.first.year) * 12 + step.last.month - step.first.month + 1
    if months == 1:
        return _month(step.first), _written(step.first, "MMMM y")
    if months < _QUARTER:
        return f"{_month(step.first)}{DASH}{_month(step.last)}", days(step)
    if months == _QUARTER:
        return gettext("Q%(number)d", number=(step.first.month + 2) // 3), named(Kind.QUARTER, step)
    return str(step.first.year), days(step)


_QUARTER = 3
_MOST_LETTERS = 5
_DAYS_A_WEEK, _MOST_WEEKS = 7, 220


def _is_of_week(step: Period, whole: Period) -> bool:
    return step.day_count <= _DAYS_A_WEEK and whole.day_count <= _MOST_WEEKS


def beneath(names: Sequence[tuple[str, str]]) -> list[str]:
    """The short names, as bars that stand side by side have room for them: a wide one takes that of its neighbour.

    Only the first and the last can be parts of a quarter, and so be wide.
    """
    short = [name for name, _ in names]
    for end, neighbour in ((0, 1), (-1, -2)):
        if len(short) > 1 and len(short[end]) > _MOST_LETTERS:
            short[neighbour] = ""
    return short


def _month(day: date) -> str:
    return _written(day, "MMM").rstrip(".")


def _written(day: date, form: str) -> str:
    return str(format_date(day, form))
