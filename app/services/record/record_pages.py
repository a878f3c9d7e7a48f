"""What the pages of records show besides a record's content: lists, the call itself, and the call that goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.callflow import position_from_json
from app.domain.channels import BY_HAND, Channel
from app.domain.consultations import Answers, Form
from app.domain.errors import NotFound
from app.domain.lines import LineKey
from app.services.call_times import conversation_of, talk_seconds, wait_seconds
from app.storage.models import Consultation
from app.storage.queries import record_pages as stored
from app.storage.queries.consultations import answers_of
from app.storage.queries.record_pages import Live
from app.storage.queries.scoped import found

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.callflow.nodes import CallerKind
    from app.domain.calls import AttemptState, Outcome
    from app.domain.permissions import Actor
    from app.domain.policy import Policy
    from app.domain.skills import Competence, Language

JUST_TAKEN = timedelta(minutes=1)
"""Longer than it takes to come from one page to the next."""
_MOST_UNTAGGED = 50

__all__ = [
    "CallBeside",
    "Listed",
    "Live",
    "Rung",
    "call_beside",
    "frame_of",
    "listed",
    "live",
    "opens_by_itself",
    "untagged",
]


@dataclass(frozen=True, slots=True)
class Listed:
    """One record of a list."""

    id: int
    line: LineKey
    opened_at: datetime
    alias: str | None
    answers: Answers
    is_complete: bool
    channel: Channel

    @property
    def is_by_hand(self) -> bool:
        """Whether its day is known, and no hour."""
        return self.channel in BY_HAND


@dataclass(frozen=True, slots=True)
class Rung:
    """One try to reach a specialist. Without an alias: another organisation's."""

    alias: str | None
    state: AttemptState
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBeside:
    """What a call itself knows. No phone number."""

    dialled: str
    """The name of the line that was dialled."""
    started_at: datetime
    ended_at: datetime | None
    wait_seconds: int | None
    talk_seconds: int | None
    outcome: Outcome
    rung: tuple[Rung, ...]
    language: Language
    competence: Competence | None
    caller: CallerKind
    asks_back: int | None
    """The request to be rung back that came of it, while it is open."""


def frame_of(session: Session, policy: Policy, actor: Actor, record: int) -> tuple[Consultation, Form]:
    """A record without what is answered in it, and what it is filled in by.

    Raises ``NotFound`` when there is none, it isn't the actor's to see, or its line isn't configured any more.
    """
    consultation = found(session, Consultation, record, actor)
    line = policy.lines.get(LineKey(consultation.line))
    if line is None:
        message = f"consultation {record} is of the line {consultation.line}, which isn't configured any more"
        raise NotFound(message)
    return consultation, Form(policy.taxonomy, policy.municipalities, line)


def untagged(session: Session, actor: Actor) -> Sequence[Listed]:
    """The actor's own records that aren't complete, the oldest first."""
    if actor.staff_id is None:
        return ()
    mine = stored.untagged(session, actor, actor.staff_id, _MOST_UNTAGGED)
    return listed(session, [(one, None) for one in mine])


def live(session: Session, actor: Actor) -> Live | None:
    """The record of the call that the actor has taken and that goes on."""
    return stored.live(session, actor)


def opens_by_itself(session: Session, actor: Actor, taken: Live, now: datetime) -> bool:
    """Whether a page that has just been loaded opens that record: the call was taken while no page asked.

    What its specialist has opened already isn't opened again: they may have left it to look something up.
    """
    return taken.accepted_at > now - JUST_TAKEN and not stored.was_opened(session, actor, taken.record)


def call_beside(session: Session, policy: Policy, actor: Actor, record: Consultation) -> CallBeside | None:
    """What the call of a record knows; ``None`` for a record made by hand. The actor has opened the record."""
    call = stored.call_of(session, record)
    if call is None:
        return None
    attempts = stored.attempts_of(session, call, actor)
    line = policy.lines.get(LineKey(call.line))
    position = position_from_json(call.position or {"node": ""})
    conversation = conversation_of(attempt for attempt, _ in attempts)
    return CallBeside(
        dialled=line.name if line else call.line,
        started_at=call.started_at,
        ended_at=call.ended_at,
        wait_seconds=wait_seconds(call, conversation),
        talk_seconds=talk_seconds(call, conversation),
        outcome=call.outcome,
        rung=tuple(Rung(alias, attempt.state, attempt.began_at) for attempt, alias in attempts),
        language=position.language,
        competence=position.competence,
        caller=position.caller_kind,
        asks_back=stored.asks_back(session, call, actor),
    )


def listed(session: Session, rows: Sequence[tuple[Consultation, str | None]]) -> Sequence[Listed]:
    """Records as lists show them, each with the alias of who held it."""
    answers = answers_of(session, [record for record, _ in rows])
    return [
        Listed(
            id=record.id,
            line=LineKey(record.line),
            opened_at=record.opened_at,
            alias=alias,
            answers=answers.get(record.id, Answers()),
            is_complete=record.closed_at is not None,
            channel=record.channel,
        )
        for record, alias in rows
    ]
