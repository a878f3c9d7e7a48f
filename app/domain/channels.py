"""How a consultation took place, and for which days one may be opened by hand."""

from __future__ import annotations

from datetime import time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import Problem, RejectedInput
from app.domain.wall_clock import instant_at, local_time

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

DAYS_BACK = 60
"""A record of what is longer ago would be written from memory."""
_NOON = time(12)


class Channel(StrEnum):
    """How it took place. The first two come from a call; the others are chosen by whoever opens the record."""

    CALL = "call"
    CALL_BACK = "call_back"
    EMAIL = "email"
    MEETING = "meeting"
    VISIT = "visit"
    PHONE = "phone"
    """By phone, but not over the line."""


BY_HAND = (Channel.EMAIL, Channel.MEETING, Channel.VISIT, Channel.PHONE)
"""In the order in which they are shown."""


def days_open(now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day that a record can be opened for, both included: the last is today in ``zone``."""
    today = local_time(now, zone).date()
    return today - timedelta(days=DAYS_BACK), today


def instant_of(day: date, now: datetime, zone: ZoneInfo) -> datetime:
    """When a consultation of that day counts as held: now, if it is today, else noon: nobody is asked for the hour.

    Raises ``RejectedInput`` for a day to come and for one that is too long ago.
    """
    first, today = days_open(now, zone)
    if not first <= day <= today:
        raise RejectedInput([Problem("", "day", day.isoformat(), f"a day from {first} to {today}")])
    return now if day == today else instant_at(day, _NOON, zone)
