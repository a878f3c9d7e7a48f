"""How promises were kept: the follow-ups of one period, line by line. Their unit is the follow-up, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain import trends
from app.domain.promises import Promised, Promises, counted
from app.storage.queries.follow_ups import promised_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.domain.lines import Line
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.trends import Period


@dataclass(frozen=True, slots=True)
class KeptOnLine:
    """What became of the follow-ups that were promised on one line."""

    line: Line
    promises: Promises


def kept_on(
    session: Session, policy: Policy, actor: Actor, lines: Iterable[Line], period: Period
) -> Sequence[KeptOnLine]:
    """Of the consultations that began in the period, each line on its own wall clock. The lines are in reach."""
    found = []
    for line in lines:
        zone = policy.schedules[line.key].hours.zone
        rows = promised_between(session, actor, line.key, *trends.bounds(period, zone))
        found.append(KeptOnLine(line, counted((Promised(*row) for row in rows), zone)))
    return found
