"""Open hours in which nobody would be rung, and when somebody has to hear of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.hours import Span
from app.domain.layers import NO_LAYERS
from app.domain.timetable import final_schedule
from app.domain.wall_clock import ONE_DAY, instant_at, local_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.domain.hours import DatedChange
    from app.domain.layers import Layers
    from app.domain.policy import Schedule
    from app.domain.rotas import Membership


class Stage(StrEnum):
    """How near a gap is."""

    DAY = "24h"
    HOURS = "2h"
    NOW = "now"


AHEAD = {Stage.NOW: timedelta(), Stage.HOURS: timedelta(hours=2), Stage.DAY: timedelta(hours=24)}
"""How long before a gap each stage begins, the nearest first."""


@dataclass(frozen=True, slots=True)
class Unmanned:
    """Open hours ``[begins, ends)``, in UTC, with nobody on duty.

    They keep their beginning when it has passed, so that one gap is one gap however often somebody looks.
    """

    begins: datetime
    ends: datetime

    def stage(self, now: datetime) -> Stage | None:
        """The nearest stage that has come; ``None`` before the first and when it is over."""
        if self.ends <= now:
            return None
        return next((stage for stage, ahead in AHEAD.items() if self.begins - ahead <= now), None)


def whole_dates(schedule: Schedule, begins: datetime, ends: datetime) -> Span:
    """The period with the whole of its first and its last local date: what ``unmanned`` looks at."""
    zone = schedule.hours.zone
    first, last = local_time(begins, zone).date(), local_time(ends, zone).date()
    return Span(instant_at(first, time.min, zone), instant_at(last + ONE_DAY, time.min, zone))


def unmanned(
    schedule: Schedule,
    changes: Mapping[date, DatedChange],
    memberships: Sequence[Membership],
    now: datetime,
    until: datetime,
    layers: Layers = NO_LAYERS,
) -> tuple[Unmanned, ...]:
    """The gaps that last at ``now`` or begin between it and ``until``, in order; gaps that meet are one.

    A pause without an end lasts until further notice, and so leaves a gap on the days to come as well. Raises
    ValueError for instants outside the calendar.
    """
    # Whole dates, so that a gap keeps the beginning that has passed.
    period = whole_dates(schedule, now, until)
    final = final_schedule(schedule.hours, changes, schedule.rotas, memberships, *period, layers)
    return tuple(Unmanned(*gap) for gap in final.gaps if now < gap.closes and gap.opens < until)
