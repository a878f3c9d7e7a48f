"""Calls that nobody took, as tasks: what is to be dealt with, and what was done about it, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.errors import Conflict, NotFound
from app.domain.lines import LineKey
from app.domain.missed_calls import MISSED, OPEN_FOR, is_missed
from app.services.keeping import audit
from app.storage.insert import insert_once
from app.storage.models import Call, CallDealtWith
from app.storage.queries import today as stored
from app.storage.queries.scoped import found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.domain.calls import Outcome
    from app.domain.missed_calls import DealtAs
    from app.domain.permissions import Actor


@dataclass(frozen=True, slots=True)
class MissedCall:
    """One call that somebody has to deal with."""

    id: int
    line: LineKey
    started_at: datetime
    waited: timedelta
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Dealt:
    """What was done, by whom and when."""

    call: int
    line: LineKey
    started_at: datetime
    dealt_as: DealtAs
    by: str | None
    """An alias; ``None`` when the account is gone."""
    at: datetime


class AlreadyDealt(Conflict):
    """Somebody was quicker: ``dealt`` says who."""

    def __init__(self, dealt: Dealt) -> None:
        self.dealt = dealt
        super().__init__(f"call {dealt.call} was dealt with already")


def to_deal_with(session: Session, actor: Actor, now: datetime) -> Sequence[MissedCall]:
    """What waits on the actor's lines, the earliest first, of the last ``OPEN_FOR``."""
    calls = stored.missed_calls(session, actor, now - OPEN_FOR)
    return [_missed(call) for call in calls if is_missed(call.outcome, _waited(call))]


def dealt_since(session: Session, actor: Actor, since: datetime) -> Sequence[Dealt]:
    """What was dealt with since then, the latest first."""
    return [_dealt(one, call, alias) for one, call, alias in stored.dealt_since(session, actor, since)]


def missed(session: Session, actor: Actor, call_id: int) -> Call:
    """A call of the actor's lines that nobody took. Raises ``NotFound``."""
    call = found(session, Call, call_id, actor)
    is_ours = call.organisation == actor.organisation and LineKey(call.line) in actor.lines
    if not is_ours or call.outcome not in MISSED:
        message = f"there is no call {call_id} that nobody took"
        raise NotFound(message)
    return call


def deal_with(session: Session, actor: Actor, call_id: int, dealt_as: DealtAs, now: datetime) -> None:
    """Say what was done about a call. Raises ``NotFound``, and ``AlreadyDealt`` when somebody did before."""
    call = missed(session, actor, call_id)
    is_first = insert_once(
        session,
        CallDealtWith,
        call_id=call.id,
        organisation=call.organisation,
        line=call.line,
        dealt_as=dealt_as,
        dealt_at=now,
        account_id=actor.account_id,
    )
    if not is_first and (before := stored.dealt_with(session, call.id)):
        raise AlreadyDealt(_dealt(before[0], call, before[1]))
    audit.note_change(session, actor, f"call:{call.id}", ["dealt_as"], now)


def _missed(call: Call) -> MissedCall:
    return MissedCall(call.id, LineKey(call.line), call.started_at, _waited(call), call.outcome)


def _waited(call: Call) -> timedelta:
    return max(timedelta(), (call.ended_at or call.last_heard_at) - call.started_at)


def _dealt(one: CallDealtWith, call: Call, alias: str | None) -> Dealt:
    return Dealt(call.id, LineKey(call.line), call.started_at, one.dealt_as, alias, one.dealt_at)
