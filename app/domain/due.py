"""When a job is due: instants that every process works out alike, so that a row can name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.domain.wall_clock import ONE_DAY, instant_at, local_time

if TYPE_CHECKING:
    from datetime import time
    from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Result(StrEnum):
    """How an occurrence ended."""

    DONE = "done"
    FAILED = "failed"


class DueTimes(Protocol):
    """The due instants of a job, in UTC."""

    def latest(self, now: datetime) -> datetime:
        """The last due instant that has come."""

    def following(self, now: datetime) -> datetime:
        """The first one that hasn't."""


@dataclass(frozen=True, slots=True)
class Every:
    """The grid of an interval, counted from 1970: each tenth minute is due at :00, :10, :20 and so on."""

    interval: timedelta

    def __post_init__(self) -> None:
        if self.interval <= timedelta():
            message = "an interval is longer than nothing"
            raise ValueError(message)

    def latest(self, now: datetime) -> datetime:
        """``now`` itself when it is on the grid."""
        return _EPOCH + (now - _EPOCH) // self.interval * self.interval

    def following(self, now: datetime) -> datetime:
        """Never ``now`` itself."""
        return self.latest(now) + self.interval


@dataclass(frozen=True, slots=True)
class Nightly:
    """Once on every date, when the wall clock of ``zone`` shows ``wall``."""

    wall: time
    zone: ZoneInfo

    def latest(self, now: datetime) -> datetime:
        """``now`` itself when it is due now."""
        today = local_time(now, self.zone).date()
        due = instant_at(today, self.wall, self.zone)
        return due if due <= now else instant_at(today - ONE_DAY, self.wall, self.zone)

    def following(self, now: datetime) -> datetime:
        """Never ``now`` itself."""
        today = local_time(now, self.zone).date()
        due = instant_at(today, self.wall, self.zone)
        return due if due > now else instant_at(today + ONE_DAY, self.wall, self.zone)
