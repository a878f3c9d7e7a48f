"""When the practice calls arrive: a model made from published figures of cases a year, not a claim about any line.

Each day is drawn by itself, so that the past is the same whatever day the database is filled.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from random import Random
from typing import TYPE_CHECKING

from app.domain.hours import is_open, open_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.domain.hours import DatedChange, OpeningHours
    from app.domain.lines import LineKey

SEED = "radrum"

CASES_A_YEAR = {"nationell": 900, "skane": 390, "skaraborg": 90, "vastmanland": 80}
CASES_ELSEWHERE = 80
CALLS_A_CASE = 1.25
"""In open hours."""
OUT_OF_HOURS = 0.18
"""Of all calls."""
MONTHS = (0.95, 0.95, 1.0, 1.05, 1.35, 1.3, 0.45, 1.1, 1.45, 1.1, 0.85, 0.55)
WEEKDAYS = (1.2, 1.05, 1.0, 1.0, 0.75, 0.5, 0.5)
"""Saturdays and Sundays count for lines that are open then."""
HOURS = {9: 16, 10: 20, 11: 15, 12: 7, 13: 16, 14: 16, 15: 10}
_CLOSED_HOURS = {7: 10, 8: 30, 16: 30, 17: 15, 18: 8, 19: 5, 20: 3, 21: 2}
_CLOSED_DAY_HOURS = {8: 6, 9: 12, 10: 16, 11: 14, 12: 10, 13: 12, 14: 10, 15: 8, 16: 6, 18: 4, 20: 2}


def arrivals(
    line: LineKey, hours: OpeningHours, changes: Mapping[date, DatedChange], first: date, last: date
) -> list[datetime]:
    """When the line was called from ``first`` to ``last``, both included: instants in UTC, sorted, no two alike."""
    found: set[datetime] = set()
    weights: dict[date, float] = {}
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        if step == 0 or day.day == 1:
            weights = _weights(hours, changes, day)
        chance = Random(f"{SEED} {line} {day}")  # noqa: S311 - practice data, the same on every machine
        found.update(_arrivals(hours, changes, day, _means(day, weights, calls_a_month(line, day.month)), chance))
    return sorted(found)


def calls_a_month(line: LineKey, month: int) -> float:
    """How many calls are expected in the open hours of a whole month."""
    return CASES_A_YEAR.get(line, CASES_ELSEWHERE) * CALLS_A_CASE * MONTHS[month - 1] / sum(MONTHS)


def _weights(hours: OpeningHours, changes: Mapping[date, DatedChange], day: date) -> dict[date, float]:
    """Every day of that month; those on which the line doesn't open weigh nothing."""
    days = (day.replace(day=one) for one in range(1, monthrange(day.year, day.month)[1] + 1))
    return {one: WEEKDAYS[one.weekday()] if open_spans(hours, changes, one) else 0 for one in days}


def _means(day: date, weights: Mapping[date, float], calls: float) -> tuple[float, float]:
    """How many of the month's calls are expected on that day, in open hours and out of them."""
    in_hours = calls * weights[day] / sum(weights.values()) if weights[day] else 0
    return in_hours, calls * OUT_OF_HOURS / (1 - OUT_OF_HOURS) / len(weights)


def _arrivals(
    hours: OpeningHours,
    changes: Mapping[date, DatedChange],
    day: date,
    means: tuple[float, float],
    chance: Random,
) -> Iterator[datetime]:
    in_hours, out_of_hours = means
    for at in _instants(hours, day, HOURS, _poisson(in_hours, chance), chance):
        if is_open(hours, changes, at):
            yield at
    shares = _CLOSED_HOURS if in_hours else _CLOSED_DAY_HOURS
    for at in _instants(hours, day, shares, _poisson(out_of_hours, chance), chance):
        if not is_open(hours, changes, at):
            yield at


def _instants(
    hours: OpeningHours, day: date, shares: Mapping[int, int], number: int, chance: Random
) -> Iterator[datetime]:
    for hour in chance.choices(list(shares), list(shares.values()), k=number):
        wall = time(hour, chance.randrange(60), chance.randrange(60))
        yield datetime.combine(day, wall, tzinfo=hours.zone).astimezone(UTC)


def _poisson(mean: float, chance: Random) -> int:
    """How many arrivals when ``mean`` are expected (Knuth's way: good for small means)."""
    number, product, bound = 0, chance.random(), exp(-mean)
    while product > bound:
        number += 1
        product *= chance.random()
    return number
