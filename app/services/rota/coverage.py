"""Which lines will be open with nobody on duty."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.coverage import AHEAD, unmanned, whole_dates
from app.domain.wall_clock import local_time
from app.services.rota.duty import dated_changes, memberships
from app.services.rota.layers import layers_during

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.coverage import Unmanned
    from app.domain.lines import LineKey
    from app.domain.policy import Policy

_HORIZON = max(AHEAD.values()) + timedelta(seconds=1)


def coming_gaps(session: Session, policy: Policy, now: datetime) -> Iterator[tuple[LineKey, Unmanned]]:
    """The gaps of every line that last now or begin within the next 24 hours."""
    for key, schedule in policy.schedules.items():
        changes = dated_changes(session, key, local_time(now, schedule.hours.zone).date())
        people = memberships(session, schedule.rotas)
        layers = layers_during(session, schedule, *whole_dates(schedule, now, now + _HORIZON))
        for gap in unmanned(schedule, changes, people, now, now + _HORIZON, layers):
            yield key, gap
