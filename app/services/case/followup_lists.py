"""Follow-ups as pages show them: one's own, that of a case, when a promise would be due, and what is open around a day.

When one is due is domain.followups' to say; here it is asked with the opening days that stand now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.followups import WITHIN_DAYS, FollowUpEnd, FollowUpState, Promise, state_on
from app.domain.lines import LineKey
from app.domain.opening_days import last_open_day, next_open_day
from app.domain.wall_clock import local_time
from app.services.case.followups import days_of, listed
from app.services.case.hand_overs import handed_to_me
from app.storage.queries import follow_ups as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.case.followups import Listed
    from app.services.case.hand_overs import HandedToMe
    from app.storage.models import Consultation

DAYS_AHEAD = 7
"""What comes later isn't shown on the first page."""
HANDED_LATELY = timedelta(days=7)
"""For so long a case that was handed over is shown to whoever has it, though they have seen it."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody has to follow up, what is due first."""

    overdue: Sequence[Listed]
    today: Sequence[Listed]
    coming: Sequence[Listed]
    """Within ``DAYS_AHEAD``."""
    later: int
    """How many are due after that."""

    @property
    def count(self) -> int:
        """How many are to be done within ``DAYS_AHEAD``."""
        return len(self.overdue) + len(self.today) + len(self.coming)


@dataclass(frozen=True, slots=True)
class WouldBeDue:
    """When a promise would be due."""

    within_days: int
    """What is promised."""
    days: int
    """From the day of the promise to the one on which it is due; fewer, where that one would be closed."""
    due: date
    state: FollowUpState


def mine(session: Session, policy: Policy, actor: Actor, now: datetime) -> Mine:
    """The actor's own; nothing for whoever is no specialist."""
    found = stored.open_of(session, actor, [actor.staff_id]) if actor.staff_id else ()
    rows = listed(session, policy, actor, found, now)
    ahead = {line: _today(policy, line, now) + timedelta(days=DAYS_AHEAD) for line in {one.line for one in rows}}
    planned = [one for one in rows if one.state is FollowUpState.PLANNED]
    coming = [one for one in planned if one.due <= ahead[one.line]]
    return Mine(
        overdue=[one for one in rows if one.state is FollowUpState.OVERDUE],
        today=[one for one in rows if one.state is FollowUpState.DUE],
        coming=coming,
        later=len(planned) - len(coming),
    )


def handed_lately(session: Session, actor: Actor, now: datetime) -> Sequence[HandedToMe]:
    """The cases that were handed to the actor: those not seen yet first, then those of the last days."""
    found = handed_to_me(session, actor, now - HANDED_LATELY)
    return sorted(found, key=lambda one: one.is_seen)


def in_case(session: Session, policy: Policy, actor: Actor, case: int, now: datetime) -> Listed | None:
    """What is promised in a case of the actor's lines and isn't done."""
    return next(iter(listed(session, policy, actor, stored.open_in(session, actor, case), now)), None)


def ended_last(session: Session, case: int) -> FollowUpEnd | None:
    """How the last follow-up of a case ended that is over. The caller has looked whether the case is theirs to see."""
    return stored.ended_last(session, case)


def would_be_due(session: Session, policy: Policy, record: Consultation, now: datetime) -> Sequence[WouldBeDue]:
    """When a follow-up that is promised in this record would be due, the longest promise first.

    Each open day once, by the longest promise that leads to it.
    """
    days = days_of(session, policy, LineKey(record.line), record.opened_at)
    promised_on, today = days.day(record.opened_at), days.day(now)
    longest = {days.due_of(Promise(promised_on, within)): within for within in range(1, WITHIN_DAYS + 1)}
    return [
        WouldBeDue(within, (due - promised_on).days, due, state_on(due, today, None))
        for due, within in sorted(longest.items(), reverse=True)
    ]


def open_days_near(
    session: Session, policy: Policy, line: LineKey, day: date, now: datetime
) -> tuple[date | None, date | None]:
    """The open days just before and just after a day; none before today."""
    days = days_of(session, policy, line, now)
    before = last_open_day(days.hours, days.changes, day, days.day(now))
    return before, next_open_day(days.hours, days.changes, day)


def _today(policy: Policy, line: LineKey, now: datetime) -> date:
    return local_time(now, policy.schedules[line].hours.zone).date()
