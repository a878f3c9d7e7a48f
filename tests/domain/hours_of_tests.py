"""Opening hours and instants, built in a line."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from app.domain.hours import DatedChange, Interval, OpeningHours
from tests.domain.swedish_days import CALENDAR, STOCKHOLM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from app.domain.hours import Calendar, SpecialDay


def intervals(*written: str) -> tuple[Interval, ...]:
    """Intervals from "09:00-12:00"."""
    return tuple(Interval(*map(time.fromisoformat, one.split("-"))) for one in written)


NINE_TO_FOUR = intervals("09:00-16:00")


def opening_hours(
    *weekdays: str,
    saturday: tuple[Interval, ...] = (),
    calendar: Calendar = CALENDAR,
    close_on_eves: bool = True,
    special_days: Mapping[SpecialDay, tuple[Interval, ...]] | None = None,
    zone: ZoneInfo = STOCKHOLM,
) -> OpeningHours:
    """Monday to Friday at the same hours (09:00-16:00 unless given)."""
    daily = intervals(*weekdays) if weekdays else NINE_TO_FOUR
    weekly = (*(daily,) * 5, saturday, ())
    return OpeningHours(zone, weekly, calendar, close_on_eves=close_on_eves, special_days=special_days or {})


def wall(text: str, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The instant when the clock on the wall shows "2026-11-23 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def changed(day: str, *written: str) -> dict[date, DatedChange]:
    """A dated change on "2026-11-23"; without intervals it closes."""
    on = date.fromisoformat(day)
    return {on: DatedChange(on, intervals(*written), "utbildningsdag")}
