"""Staffing as its page shows it: in words, as a table of the week, and as one for each weekday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from babel.dates import get_day_names
from flask_babel import gettext, ngettext

from app.domain.trends import Span
from app.services.numbers.staffing import FEWEST_CALLS
from app.web import language
from app.web.desk.ages import lasts
from app.web.desk.figures.figures_shown import SPANS as SPANS_OF_FIGURES
from app.web.desk.number_words import HALF_A_PERCENT, hundredths, number, rounded_percent, short_percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.policy import Policy
    from app.domain.staffing import Expected
    from app.domain.week_hours import WeekHour
    from app.services.numbers.staffing import Asked, Hour, Staffing

SPANS: Final = tuple(span for span in SPANS_OF_FIGURES if span is not Span.YEAR)
WRAP_UPS: Final = (5, 10, 15, 20, 30)
"""Minutes that can be chosen."""
_MOST_PRESSED: Final = 3
_ONE_MINUTE: Final = timedelta(minutes=1)
_NOT_THERE: Final = "\u2013"


@dataclass(frozen=True, slots=True)
class Day:
    """The open hours of one weekday."""

    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows."""

    staffing: Staffing
    lines: Sequence[Mapping[str, object]]
    """None, where there is no choice."""
    spans: Sequence[Mapping[str, object]]
    wrap_ups: Sequence[Mapping[str, object]]
    fewest: str
    """So many calls there have to be."""
    calls: str
    talks: str
    talk: str
    wrap_up: str
    handling: str
    rung_last: str
    """For how long the line rings somebody last after a call; empty where it doesn't."""
    shares: Sequence[tuple[str, str]]
    """The calls that meet all busy, and how many a year: with the rota, with one fewer, with one more."""
    pressed: Sequence[str]
    weekdays: Sequence[str]
    grid: Sequence[tuple[str, Sequence[str]]]
    """The hours of a day, each with a cell for each weekday; empty: closed."""
    days: Sequence[Day]


def page_of(found: Staffing, asked: Asked, policy: Policy) -> Page:
    """The staffing in the language of the page."""
    rung_last = policy.schedules[found.line.key].wrap_up_minutes
    return Page(
        staffing=found,
        lines=[
            {"value": line.key, "label": line.name, "is_chosen": line.key == found.line.key}
            for line in found.in_reach
            if len(found.in_reach) > 1
        ],
        spans=[
            {"value": span.value, "label": SPANS_OF_FIGURES[span], "is_chosen": span is asked.span} for span in SPANS
        ],
        wrap_ups=_wrap_ups(found.wrap_up, rung_last),
        fewest=number(FEWEST_CALLS),
        calls=number(found.calls),
        talks=number(found.talks),
        talk=_minutes(found.talk),
        wrap_up=_minutes(found.wrap_up),
        handling=_minutes(found.handling),
        rung_last=_minutes(timedelta(minutes=rung_last)) if rung_last else "",
        shares=[
            (rounded_percent(share), _a_year(found.a_year(share)))
            for share in (found.blocked, found.blocked_with_fewer, found.blocked_with_more)
        ],
        pressed=[
            _pressed(hour) for hour in found.most_pressed(_MOST_PRESSED) if hour.choices.now.blocked >= HALF_A_PERCENT
        ],
        weekdays=[_weekday(one, "abbreviated") for one in _weekdays(found.hours)],
        grid=_grid(found.hours),
        days=[
            Day(_capital(_weekday(weekday)), [_row(hour) for hour in hours])
            for weekday, hours in groupby(found.hours, key=lambda hour: hour.at.weekday)
        ],
    )


def _a_year(calls: float) -> str:
    if round(calls) < 1:
        return str(gettext("less than one call in a year"))
    written = number(round(calls))
    return str(
        ngettext("about %(written)s call in a year", "about %(written)s calls in a year", round(calls), written=written)
    )


def _wrap_ups(chosen: timedelta, rung_last: int) -> Sequence[Mapping[str, object]]:
    """What there is to choose from: the line's own time, and what was asked for, among it."""
    now = chosen // _ONE_MINUTE
    return [
        {"value": str(minutes), "label": _minutes(timedelta(minutes=minutes)), "is_chosen": minutes == now}
        for minutes in sorted({*WRAP_UPS, rung_last, now})
    ]


def _weekdays(hours: Sequence[Hour]) -> Sequence[int]:
    return sorted({hour.at.weekday for hour in hours})


def _grid(hours: Sequence[Hour]) -> Sequence[tuple[str, Sequence[str]]]:
    blocked = {(hour.at.hour, hour.at.weekday): short_percent(hour.choices.now.blocked) for hour in hours}
    labels = {hour.at.hour: _clock(hour.at) for hour in hours}
    weekdays = _weekdays(hours)
    return [(labels[hour], [blocked.get((hour, weekday), "") for weekday in weekdays]) for hour in sorted(labels)]


def _row(hour: Hour) -> Sequence[str]:
    around = hour.choices
    return [
        _clock(hour.at),
        hundredths(around.now.demand.calls_an_hour),
        number(hour.specialists),
        _ranged(hour),
        rounded_percent(around.fewer.blocked) if around.fewer else _NOT_THERE,
        rounded_percent(around.more.blocked),
        _waits(around.now),
    ]


def _ranged(hour: Hour) -> str:
    """The share that meets all busy, and what it might be, so few calls having been counted."""
    share, low, high = map(rounded_percent, (hour.choices.now.blocked, *hour.blocked_range))
    if high == share:
        return share
    if low == share:
        return str(gettext("%(share)s (up to %(high)s)", share=share, high=high))
    return str(gettext("%(share)s (%(low)s to %(high)s)", share=share, low=low, high=high))


def _waits(met: Expected) -> str:
    if met.waiting is None or met.mean_wait is None:
        return str(gettext("more calls than can be served"))
    if not met.waiting:
        return rounded_percent(met.waiting)
    wait = lasts(met.mean_wait) or str(gettext("less than a minute"))
    return str(gettext("%(share)s, %(wait)s on average", share=rounded_percent(met.waiting), wait=wait))


def _pressed(hour: Hour) -> str:
    day, share = _capital(_weekday(hour.at.weekday)), rounded_percent(hour.choices.now.blocked)
    return str(gettext("%(day)s %(clock)s: %(share)s", day=day, clock=_clock(hour.at), share=share))


def _weekday(number_of_day: int, width: Literal["wide", "abbreviated"] = "wide") -> str:
    return str(get_day_names(width, context="stand-alone", locale=language.locale())[number_of_day])


def _clock(at: WeekHour) -> str:
    """As 09\u201310."""
    return f"{at.hour:02d}\u2013{at.until:02d}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _minutes(length: timedelta) -> str:
    """To the nearest minute."""
    return lasts(timedelta(minutes=round(length / _ONE_MINUTE))) or str(gettext("less than a minute"))
