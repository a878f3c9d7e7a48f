"""The days around a day on which a line is open: what a closed day is answered with, and when a day was announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.hours import open_spans
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from app.domain.hours import DatedChange, OpeningHours, Span

FURTHEST: Final = 60
"""Days that are looked through, in either direction: longer than any closure over a holiday."""


def next_open_day(hours: OpeningHours, changes: Mapping[date, DatedChange], day: date) -> date | None:
    """The first open day after this one; ``None`` when none comes soon, or the calendar ends before."""
    return _first(hours, changes, (day + step * ONE_DAY for step in range(1, FURTHEST)))


def last_open_day(
    hours: OpeningHours, changes: Mapping[date, DatedChange], day: date, since: date | None = None
) -> date | None:
    """The last open day before this one, and not before ``since``; ``None`` when there is none so near."""
    days = (day - step * ONE_DAY for step in range(1, FURTHEST))
    return _first(hours, changes, (one for one in days if since is None or one >= since))


def spans_of(hours: OpeningHours, changes: Mapping[date, DatedChange], day: date | None) -> tuple[Span, ...]:
    """When the line is open on a date; never, on one that isn't in the calendar."""
    return open_spans(hours, changes, day) if day is not None and hours.calendar.covers(day) else ()


def _first(hours: OpeningHours, changes: Mapping[date, DatedChange], days: Iterator[date]) -> date | None:
    return next((one for one in days if spans_of(hours, changes, one)), None)
