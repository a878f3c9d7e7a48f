"""What the first page shows of promises: one's own, the cases one was handed, what absent ones have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.permissions import Permission, allowed
from app.services.case import followup_lists
from app.services.case.absent_colleagues import absent_colleagues
from app.web.desk import ages
from app.web.desk.case.case_words import HAND_OVERS
from app.web.desk.case.follow_up_shown import follow_up_of
from app.web.desk.wall_clocks import zone_of
from app.web.desk.ways import address_if_there

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.services.case.absent_colleagues import Absent
    from app.services.case.hand_overs import HandedToMe
    from app.web.desk.case.follow_up_shown import FollowUpShown

MOST_SHOWN = 10
"""Of each part, those that are due first."""


@dataclass(frozen=True, slots=True)
class Part:
    """Follow-ups that stand alike."""

    key: str
    first: Sequence[FollowUpShown]
    count: int


@dataclass(frozen=True, slots=True)
class HandedShown:
    """A case that somebody handed to the reader."""

    handed: HandedToMe
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class AbsentShown:
    """A colleague who isn't there."""

    absent: Absent
    back: str
    """When they are back; empty for somebody who has left."""


@dataclass(frozen=True, slots=True)
class FollowUpsToday:
    """The parts of the page. ``None``: not for this reader."""

    parts: Sequence[Part] | None
    count: int
    """To be done within a week."""
    later: int
    handed: Sequence[HandedShown] | None
    unseen: int
    absent: Sequence[AbsentShown] | None
    waiting: int
    """How many follow-ups absent colleagues have."""
    all_url: str
    """The list of all follow-ups, where there is one."""


def follow_ups_today(session: Session, policy: Policy, actor: Actor, now: datetime) -> FollowUpsToday:
    """For its reader: a specialist, a coordinator, or both."""
    is_specialist = actor.staff_id is not None and allowed(actor, Permission.FOLLOW_UP)
    mine = followup_lists.mine(session, policy, actor, now) if is_specialist else None
    handed = followup_lists.handed_lately(session, actor, now) if is_specialist else None
    absent = absent_colleagues(session, policy, actor, now) if allowed(actor, Permission.HAND_OVER) else None
    parts = {"overdue": mine.overdue, "today": mine.today, "coming": mine.coming} if mine else {}
    return FollowUpsToday(
        parts=[
            Part(key, [follow_up_of(one, now) for one in rows[:MOST_SHOWN]], len(rows))
            for key, rows in parts.items()
            if rows
        ]
        if mine
        else None,
        count=mine.count if mine else 0,
        later=mine.later if mine else 0,
        handed=None if handed is None else [_handed(one, now) for one in handed],
        unseen=sum(not one.is_seen for one in handed or ()),
        absent=None if absent is None else [_absent(one, now) for one in absent],
        waiting=sum(len(one.follow_ups) for one in absent or ()),
        all_url=address_if_there("desk.follow_ups"),
    )


def _handed(one: HandedToMe, now: datetime) -> HandedShown:
    return HandedShown(one, ages.when(one.at, now, zone_of(one.line)), str(HAND_OVERS[one.reason]))


def _absent(one: Absent, now: datetime) -> AbsentShown:
    zone = zone_of(one.line)
    return AbsentShown(one, ages.when(one.until, now, zone) if one.until else "")
