"""What can be answered without the database: the files alone say when a line is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import callflow
from app.domain.callflow.values import Facts
from app.domain.hours import opening_at
from app.services.line.turns import Answer

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.lines import Line
    from app.domain.policy import Policy


def closed_answer(policy: Policy, line: Line, now: datetime) -> Answer | None:
    """The line's words for being closed; ``None`` while it is open, as far as the files know, or when they don't."""
    hours = policy.schedules[line.key].hours
    if not hours.calendar.covers(now.date()):
        return None
    opening = opening_at(hours, {}, now)
    if opening.is_open:
        return None
    facts = Facts(now=now, opening=opening, line_name=line.name, more_at=line.more_at)
    return Answer(line=line, step=callflow.begin(policy.flows[line.key], policy.words, facts), next_turn=1)
