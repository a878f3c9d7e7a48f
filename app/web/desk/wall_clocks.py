"""Wall clocks: that of a line, and that of whoever asks."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from app.domain.errors import NotFound
from app.web.desk.access import actor
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo
    from zoneinfo import ZoneInfo

    from app.domain.lines import LineKey


def zone_of(line: LineKey) -> ZoneInfo:
    """The line's wall clock. Raises ``NotFound`` for a line that isn't configured any more."""
    schedule = setup().policy.schedules.get(line)
    if schedule is None:
        message = f"the line {line} isn't configured any more"
        raise NotFound(message)
    return schedule.hours.zone


def zone() -> tzinfo:
    """The wall clock of the asker's lines."""
    policy = setup().policy
    return next((policy.schedules[key].hours.zone for key in sorted(actor().lines) if key in policy.schedules), UTC)


def today(now: datetime) -> date:
    """The day on that clock."""
    return now.astimezone(zone()).date()
