"""How long the questions of time take: ``python -m tests.benchmarks.bench_time`` prints medians in microseconds.

Not a test: a busy machine would fail it. Aims: an open instant below 50, duty below 200 also after twenty years.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from statistics import median
from time import perf_counter_ns
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.duty import on_duty
from app.domain.hours import DatedChange, Interval, OpeningHours, SpecialDay, opening_at
from app.domain.lines import StaffId
from app.domain.rotas import Membership, Rota, RotaKey, RotaUnit, Tier
from app.reading.calendar import swedish_calendar

if TYPE_CHECKING:
    from collections.abc import Callable

NINE_TO_FOUR = (Interval(time(9), time(16)),)
MORNING = (Interval(time(9), time(12)),)
WEEKDAYS = frozenset(range(5))
ANCHOR = date(2026, 1, 5)
OPEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
OPEN_TWENTY_YEARS_LATER = datetime(2046, 11, 23, 10, tzinfo=UTC)
CLOSED_AT_CHRISTMAS = datetime(2026, 12, 23, 15, tzinfo=UTC)
ROUNDS = 2_000


def main() -> None:
    """Print one line for each question."""
    hours = _hours()
    special = _hours(special=True)
    closed_for_ever = {OPEN.date() + timedelta(days=n): _closed(OPEN.date() + timedelta(days=n)) for n in range(500)}
    few, many = _memberships(people=10, joining_days=1), _memberships(people=60, joining_days=110)
    daily, weekly = _rota("daily", RotaUnit.DAY), _rota("weekly", RotaUnit.WEEK)

    _report("opening_at, open", lambda: opening_at(hours, {}, OPEN))
    _report("opening_at, open, every special day named", lambda: opening_at(special, {}, OPEN))
    _report("opening_at, closed over Christmas", lambda: opening_at(hours, {}, CLOSED_AT_CHRISTMAS))
    _report("opening_at, closed for ever", lambda: opening_at(hours, closed_for_ever, OPEN), rounds=100)
    for at in (OPEN, OPEN_TWENTY_YEARS_LATER):
        year = at.year
        _report(f"on_duty {year}, daily, 10 people", partial(on_duty, hours, {}, [daily], few, at))
        _report(f"on_duty {year}, weekly, 10 people", partial(on_duty, hours, {}, [weekly], few, at))
        _report(f"on_duty {year}, both, 60 came and most left", partial(on_duty, hours, {}, [daily, weekly], many, at))


def _report(question: str, ask: Callable[[], object], rounds: int = ROUNDS) -> None:
    taken = []
    for _ in range(rounds):
        begun = perf_counter_ns()
        ask()
        taken.append(perf_counter_ns() - begun)
    print(f"{median(taken) / 1000:8.1f} µs  {question}")


def _hours(*, special: bool = False) -> OpeningHours:
    return OpeningHours(
        zone=ZoneInfo("Europe/Stockholm"),
        weekly=(NINE_TO_FOUR,) * 5 + ((), ()),
        calendar=swedish_calendar(),
        special_days=dict.fromkeys(SpecialDay, MORNING) if special else {},
    )


def _closed(day: date) -> DatedChange:
    return DatedChange(day, (), "stängt")


def _rota(key: str, unit: RotaUnit) -> Rota:
    return Rota(
        RotaKey(key),
        Tier.PRIMARY,
        unit,
        length=1,
        weekdays=WEEKDAYS,
        handover=time(9),
        handover_weekday=0,
        at_once=2,
        anchor=ANCHOR,
    )


def _memberships(people: int, joining_days: int) -> list[Membership]:
    """In both rotas; when not all join at once, each leaves when ten others have come."""
    found: list[Membership] = []
    for number in range(people):
        begins = ANCHOR + timedelta(days=number * joining_days)
        ends = None if joining_days == 1 else begins + timedelta(days=10 * joining_days)
        rotas = (RotaKey("daily"), RotaKey("weekly"))
        found.extend(Membership(rota, StaffId(f"staff-{number}"), begins, number, ends) for rota in rotas)
    return found


if __name__ == "__main__":
    main()
