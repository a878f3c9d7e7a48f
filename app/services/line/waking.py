"""Callers on hold whom somebody is free for: they needn't wait until they have heard out the words.

A caller on hold comes back by themselves every twenty seconds; this only makes it sooner. What happens then is decided
when they come, and if the provider doesn't do as it is asked they come all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import callflow
from app.domain.callflow.values import RingOne, Silence
from app.domain.calls import CallSid
from app.domain.lines import LineKey
from app.services.line.situation import facts_of
from app.services.record import records
from app.storage.engine import begin_read_only
from app.storage.models import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy


WAKE, LED = "wake", "fetched"
"""The events of a call's log: asked for, and come."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A caller on hold, and the turn that they are to take now."""

    sid: CallSid
    turn: int


def somebody_is_free_for(session: Session, policy: Policy) -> Iterator[Awaited]:
    """The callers who would be rung for if they came back now, first come first. Each turn of a call is told once.

    Looks without keeping anybody from writing, and commits, so that no row is held while the provider is asked.
    """
    begin_read_only(session)
    waiting = select(Call).where(Call.holding_since.is_not(None), Call.line.in_(policy.lines))
    found = [
        Awaited(CallSid(call.sid), call.turn)
        for call in session.scalars(waiting.order_by(Call.holding_since, Call.id)).all()
        if _would_be_rung_for(session, policy, call)
    ]
    session.rollback()
    for awaited in found:
        is_new = _told_once(session, awaited)
        session.commit()
        if is_new:
            yield awaited


def could_not_lead(session: Session, awaited: Awaited) -> None:
    """The provider didn't lead them: they are rung for when they come back by themselves. Commits."""
    call = records.hold(session, awaited.sid)
    if call is not None:
        records.log(session, call, WAKE, f"{awaited.turn}:not led", call.last_heard_at)
    session.commit()


def is_on_the_way(session: Session, call: Call, turn: int) -> bool:
    """Whether the provider was asked to lead the caller from this turn, so that they will come by that way.

    A caller who comes back by themselves meanwhile isn't rung for, as that phone would stop ringing when they are led.
    If they were asked for at the turn before already, the provider doesn't do it, and they are.
    """
    return _is_asked_for(session, call, turn) and not records.logged(session, call, WAKE, str(turn - 1))


def _is_asked_for(session: Session, call: Call, turn: int) -> bool:
    """Whether the provider was asked to lead the caller from this turn, and has neither done so nor refused."""
    settled = records.logged(session, call, WAKE, f"{turn}:not led") or records.logged(session, call, LED, str(turn))
    return settled is None and records.logged(session, call, WAKE, str(turn)) is not None


def _told_once(session: Session, awaited: Awaited) -> bool:
    call = records.hold(session, awaited.sid)
    if call is None or call.holding_since is None or call.turn != awaited.turn:
        return False  # they came back by themselves meanwhile, or are gone
    if _is_asked_for(session, call, call.turn - 1):
        return False  # a second order would silence the phone that the first one makes ring
    return records.log(session, call, WAKE, str(call.turn), call.last_heard_at)


def _would_be_rung_for(session: Session, policy: Policy, call: Call) -> bool:
    flow, position = policy.flows[LineKey(call.line)], callflow.position_from_json(call.position or {})
    # By the call's own clock: a practice call may be on another day.
    facts = facts_of(session, policy, call, position, call.last_heard_at, let_in_at=call.started_at)
    return isinstance(callflow.step(flow, policy.words, position, Silence(), facts).wait, RingOne)
