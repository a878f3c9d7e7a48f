"""Finds every position that a call of a flow can come to, whatever the caller and the phones do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from app.domain.callflow import begin, step
from app.domain.callflow.values import Arrived, ConversationEnded, KeyedCase, Keys, NotReached, Silence
from app.domain.cases import CaseId, reference_of
from app.domain.rotas import Tier
from tests.domain.callflow.cast import AINA, BO, SHUT, WORDS, busy, facts, free

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.values import Event, Facts, Position, Step

REFERENCE = reference_of(412_537).digits
EVENTS: tuple[Event, ...] = (
    Arrived(),
    *(Keys(digits) for digits in ("1", "2", "3", "9", "0701740612", REFERENCE)),
    Silence(),
    NotReached(),
    ConversationEnded(),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One step that is possible: from where, by what, in which world, and the answer."""

    before: Position | None
    event: Event
    world: Facts
    answer: Step


def every_visit(flow: Flow) -> Iterator[Visit]:
    """Every step that any call of the flow can take, counts and clocks apart."""
    waiting: list[Position] = []
    for world in _worlds():
        answer = begin(flow, WORDS, world)
        yield Visit(None, Arrived(), world, answer)
        waiting.append(_bare(answer.position))
    found: set[Position] = set()
    while waiting:
        position = waiting.pop()
        if position in found:
            continue
        found.add(position)
        for event, world in product(EVENTS, _worlds()):
            answer = step(flow, WORDS, position, event, world)
            yield Visit(position, event, world, answer)
            waiting.append(_bare(answer.position))


def _worlds() -> Iterator[Facts]:
    for candidates in ((), (busy(AINA),), (free(AINA), free(BO, Tier.BACKUP))):
        for caller_may_be_rung, keys_may_be_rung in product((False, True), repeat=2):
            world = facts(*candidates, caller_may_be_rung=caller_may_be_rung, keys_may_be_rung=keys_may_be_rung)
            yield world
    yield facts(free(AINA), opening=SHUT)
    yield facts(free(AINA), free(BO, Tier.BACKUP), keyed_case=KeyedCase(CaseId(1), BO))


def _bare(position: Position) -> Position:
    return replace(position, documents=0, silent_documents=0, hold_turns=min(position.hold_turns, 1), hold_keys=0)
