"""Open hours in which nobody would be rung, and when somebody has to hear of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.duty import on_duty
from app.domain.hours import Span, open_spans
from app.domain.wall_clock import ONE_DAY, instant_at, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from app.domain.hours import DatedChange
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


def unmanned(
    schedule: Schedule,
    changes: Mapping[date, DatedChange],
    memberships: Sequence[Membership],
    now: datetime,
    until: datetime,
) -> tuple[Unmanned, ...]:
    """The gaps that last at ``now`` or begin between it and ``until``, in order; gaps that meet are one.

    Raises ValueError for instants outside the calendar.
    """
    found: list[Unmanned] = []
    for begins, ends in _pieces(schedule, changes, now, until):
        if not on_duty(schedule.hours, changes, schedule.rotas, memberships, begins):
            if found and found[-1].ends == begins:
                begins = found.pop().begins  # noqa: PLW2901 - the earlier gap goes on
            found.append(Unmanned(begins, ends))
    return tuple(gap for gap in found if now < gap.ends and gap.begins < until)


def _pieces(schedule: Schedule, changes: Mapping[date, DatedChange], now: datetime, until: datetime) -> Iterator[Span]:
    """The open hours of all dates from that of ``now`` to that of ``until``, cut where who is on duty may change."""
    zone = schedule.hours.zone
    day, last = local_time(now, zone).date(), local_time(until, zone).date()
    while day <= last:
        cuts = sorted(instant_at(day, rota.handover, zone) for rota in schedule.rotas)
        for opens, closes in open_spans(schedule.hours, changes, day):
            edges = [opens.astimezone(UTC), *(cut for cut in cuts if opens < cut < closes), closes.astimezone(UTC)]
            yield from (Span(*edge) for edge in pairwise(edges))
        day += ONE_DAY
