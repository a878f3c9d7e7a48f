"""The calls of the day, each in one part: those that ring, wait and are talked now, and those that have ended.

Of a call that another organisation answered, or a line out of reach, only outcome and times are shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from app.domain.calls import AttemptState
from app.domain.lines import LineKey
from app.domain.permissions import Permission, allowed
from app.domain.today import CallPart, CallStanding, part_of
from app.domain.wall_clock import instant_at, local_time
from app.services.call_times import is_conversation, talk_seconds, wait_seconds
from app.storage.queries import today as stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.calls import Outcome
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.storage.models import Attempt, Call, Consultation

MOST_ENDED = 1_000

_Tries = list[tuple["Attempt", str]]


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call. No phone number is in it."""

    id: int
    line: LineKey
    """The dialled line."""
    part: CallPart
    outcome: Outcome
    started_at: datetime
    ended_at: datetime | None
    since: datetime
    """When what it does now began: to ring, to wait, to be talked."""
    wait: timedelta | None
    """Until somebody took it, or it ended; ``None`` while neither has happened, and of others' calls."""
    talk: timedelta | None
    who: str | None
    """The alias of whoever took it, or whose phone rings."""
    is_mine: bool
    """Whether that is the actor."""
    record: int | None
    """The record, where the actor may read it."""
    is_theirs: bool
    """Another organisation, or a line out of reach, has it."""


def day_began(policy: Policy, actor: Actor, now: datetime) -> datetime:
    """The midnight that today began with, on the earliest wall clock of the lines in reach."""
    zones = {policy.schedules[key].hours.zone for key in actor.lines if key in policy.schedules}
    midnights = (instant_at(local_time(now, zone).date(), time.min, zone) for zone in zones)
    return min(midnights, default=now)


def calls_of_today(session: Session, actor: Actor, since: datetime) -> Sequence[CallShown]:
    """Those that go on, the earliest first, whenever they began; then those that ended, the latest first."""
    going_on = stored.going_on(session, actor)
    calls = [*going_on, *stored.ended_since(session, actor, since, MOST_ENDED)]
    numbers = [call.id for call in calls]
    records = stored.records_of(session, actor, numbers)
    tries: dict[int, _Tries] = defaultdict(list)
    for attempt, alias in stored.attempts_at(session, actor, numbers):
        tries[attempt.call_id].append((attempt, alias))
    return [_shown(call, records.get(call.id), tries[call.id], actor) for call in calls]


def _shown(call: Call, record: Consultation | None, tries: _Tries, actor: Actor) -> CallShown:
    is_theirs = record is None
    taken = next((one for one in tries if is_conversation(one[0])), None) if record else None
    rung = next((one for one in tries if one[0].ended_at is None and one[0].state is AttemptState.RINGING), None)
    is_talked = taken is not None and taken[0].ended_at is None
    has_ended = call.ended_at is not None
    standing = CallStanding(call.outcome, has_ended, is_theirs or is_talked, rung is not None, bool(call.holding_since))
    part = part_of(standing)
    shown = taken or (rung if part is CallPart.RINGING else None)
    conversation = taken[0] if taken else None
    return CallShown(
        id=call.id,
        line=LineKey(call.line),
        part=part,
        outcome=call.outcome,
        started_at=call.started_at,
        ended_at=call.ended_at,
        since=_since(call, part, taken),
        wait=None if is_theirs else _lasting(wait_seconds(call, conversation)),
        talk=_lasting(talk_seconds(call, conversation)),
        who=shown[1] if shown else None,
        is_mine=shown is not None and shown[0].staff_id == actor.staff_id,
        record=_readable(record, actor),
        is_theirs=is_theirs,
    )


def _readable(record: Consultation | None, actor: Actor) -> int | None:
    is_held = record is not None and record.held_at is not None
    return record.id if record and is_held and allowed(actor, Permission.READ_RECORDS) else None


def _since(call: Call, part: CallPart, taken: tuple[Attempt, str] | None) -> datetime:
    if part is CallPart.TALKING and taken and taken[0].accepted_at:
        return taken[0].accepted_at
    return call.holding_since if part is CallPart.ON_HOLD and call.holding_since else call.started_at


def _lasting(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
