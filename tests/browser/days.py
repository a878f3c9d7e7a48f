"""Days on which a line is open, and on which it is not, not far from today."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.domain.hours import is_open
from app.domain.lines import LineKey

if TYPE_CHECKING:
    from app.domain.policy import Policy

_LINE = LineKey("skane")
_SATURDAY = 5
_AT_TEN = time(10)


def an_open_day(policy: Policy) -> datetime:
    """Ten o'clock on the wall, on the first day from tomorrow on that has the line open then."""
    return open_days(policy)[0]


def open_days(policy: Policy) -> list[datetime]:
    """The same of each such day of two weeks."""
    return [day for day in _from_tomorrow(policy) if is_open(policy.schedules[_LINE].hours, {}, day)]


def a_saturday(policy: Policy) -> datetime:
    """Ten o'clock on the wall, next Saturday."""
    return next(day for day in _from_tomorrow(policy) if day.weekday() == _SATURDAY)


def _from_tomorrow(policy: Policy) -> list[datetime]:
    zone = policy.schedules[_LINE].hours.zone
    today = datetime.now(UTC).astimezone(zone).date()
    return [datetime.combine(today + timedelta(days=days), _AT_TEN, tzinfo=zone) for days in range(1, 15)]
