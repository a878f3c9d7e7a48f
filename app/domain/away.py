"""Who isn't there when what they promised is due: what puts their cases before a coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.hours import Span
from app.domain.opening_days import next_open_day, spans_of
from app.domain.wall_clock import local_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from app.domain.hours import DatedChange, OpeningHours


def away_until(
    hours: OpeningHours, changes: Mapping[date, DatedChange], absences: Iterable[Span], now: datetime
) -> datetime | None:
    """When somebody is back who is away for all that is left of today, or for the whole of the next open day.

    An hour at the dentist's moves nobody's cases, nor does a weekend; a sick-note from ten o'clock on does, and so does
    a holiday that begins on Monday, from Friday on. Absences that meet are one. ``None``: they are there, or nothing
    opens on those days.
    """
    today = local_time(now, hours.zone).date()
    left = [Span(max(one.opens, now), one.closes) for one in spans_of(hours, changes, today) if one.closes > now]
    next_day = spans_of(hours, changes, next_open_day(hours, changes, today))
    for one in _merged(absences):
        if any(_covers(one, spans) for spans in (left, next_day)):
            return one.closes
    return None


def _covers(absence: Span, spans: Sequence[Span]) -> bool:
    return bool(spans) and absence.opens <= spans[0].opens and spans[-1].closes <= absence.closes


def _merged(absences: Iterable[Span]) -> Sequence[Span]:
    merged: list[Span] = []
    for one in sorted(absences):
        if merged and one.opens <= merged[-1].closes:
            merged[-1] = Span(merged[-1].opens, max(one.closes, merged[-1].closes))
        else:
            merged.append(one)
    return merged
