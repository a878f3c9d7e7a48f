"""What the practice phones show of the service's own side: the phones on duty, and how a call is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.domain.calls import CallSid, Outcome, Source, Verdict
from app.services.record import records
from app.services.rota.duty import duty_at
from app.storage.models import Call
from app.storage.queries.api_pages import CallRecord, call_with
from app.storage.queries.practice import aliases_of, events_of, people_with_phones

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import LineKey
    from app.domain.phone import PhoneNumber
    from app.domain.policy import Policy
    from app.domain.rotas import Tier
    from app.storage.models import CallEvent


@dataclass(frozen=True, slots=True)
class PhoneOnDuty:
    """A phone that a call to a line can make ring."""

    line: LineKey
    """The one whose rota it is on."""
    alias: str
    phone: PhoneNumber
    tier: Tier
    place: int
    """In ringing order on that line, from 1."""
    is_free: bool


@dataclass(frozen=True, slots=True)
class CallStory:
    """A call as it is recorded so far."""

    record: CallRecord
    events: Sequence[CallEvent]
    aliases: Mapping[str, str]
    """Of everybody who was rung, by id."""

    @property
    def trail(self) -> list[str]:
        """The nodes that the caller has passed, in order."""
        steps: list[dict[str, Any]] = [event.step for event in self.events if event.step]
        passed = (node for step in steps for node in step.get("trail", ()))
        return [node for node, _ in groupby(passed)]  # a step begins where the one before it waited

    @property
    def stands_at(self) -> str | None:
        """The node where the caller is; ``None`` once they are gone."""
        call = self.record.call
        return None if call.ended_at else (call.position or {}).get("node")


def phones_on_duty(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> tuple[PhoneOnDuty, ...]:
    """The phones of a line at ``at`` in ringing order, then those of the line that it overflows to; each once.

    Raises ``NotFound`` for no such line, and ``ValueError`` for a time beyond the calendar.
    """
    overflow = policy.lines[line_key].overflow if line_key in policy.lines else None
    found = list(_phones(session, policy, line_key, at))
    known = {one.phone for one in found}
    if overflow:
        found += [one for one in _phones(session, policy, overflow, at) if one.phone not in known]
    return tuple(found)


def story_of(session: Session, sid: CallSid) -> CallStory | None:
    """A call from its first webhook on; ``None`` for one that never reached us."""
    record = call_with(session, sid)
    if record is None:
        return None
    rung = {attempt.staff_id for attempt in record.attempts}
    return CallStory(record, events_of(session, sid), aliases_of(session, rung))


def _phones(session: Session, policy: Policy, line_key: LineKey, at: datetime) -> tuple[PhoneOnDuty, ...]:
    persons = duty_at(session, policy, line_key, at)
    people = people_with_phones(session, [person.staff for person in persons])
    found = [(person, people[person.staff]) for person in persons if person.staff in people]
    return tuple(
        PhoneOnDuty(line_key, one.alias, one.phone, person.tier, place, one.is_free)
        for place, (person, one) in enumerate(found, 1)
    )


def end_what_was_cut_off(session: Session) -> int:
    """End every practice call that is still open, and so free every phone: the simulator that played them is gone.

    The sweep can't tell: a practice call may be on a day to come.
    """
    cut_off = session.scalars(select(Call.sid).where(Call.source == Source.PRACTICE, Call.ended_at.is_(None))).all()
    for sid in cut_off:
        call = records.hold(session, CallSid(sid))
        if call is not None and call.ended_at is None:
            records.decide(call, Verdict(Outcome.FAILED, "practice_cut_off"))
            records.end(session, call, call.last_heard_at)
            records.refresh(session, call)
    return len(cut_off)
