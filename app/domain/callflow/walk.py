"""One step of a call: an event comes in, words and the next wait go out. A step is always possible."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from app.domain.callflow import callback, questions
from app.domain.callflow.hold import answer_hold, come_to_hold
from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Greeting,
    Hold,
    HoursGate,
    Menu,
    Message,
    NodeId,
    Refer,
    ReferenceQuestion,
    Ring,
    WhoGate,
)
from app.domain.callflow.ring import Cause, begin_ringing, ring_on
from app.domain.callflow.turn import Turn
from app.domain.callflow.values import (
    Arrived,
    AwaitKey,
    AwaitNumber,
    AwaitTime,
    ConversationEnded,
    HangUp,
    Keys,
    Phase,
    Position,
    RingOne,
    Step,
    Wait,
)
from app.domain.callflow.words import closed_reason
from app.domain.calls import Outcome, Verdict

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.values import Event, Facts
    from app.domain.callflow.words import Words

MOST_DOCUMENTS = 100
MOST_SILENT_DOCUMENTS = 30

UNKNOWN_NODE = "unknown_node"
"""The reason of a call that stood at a node which a changed flow doesn't have any more."""


def begin(flow: Flow, words: Words, facts: Facts) -> Step:
    """The answer to the first webhook of a call."""
    start = Position(flow.start)
    turn = Turn(flow, words, facts, start)
    return _bounded(turn, start, _walk(turn, flow.start), Arrived())


def step(flow: Flow, words: Words, position: Position, event: Event, facts: Facts) -> Step:
    """The answer to ``event`` for a call that stands at ``position``. Never raises for a flow that was checked.

    Whatever comes is answered: an event that doesn't belong where the call stands counts as silence, and a position
    that the flow doesn't know leads to the flow's ``give_up`` node.
    """
    turn = Turn(flow, words, facts, position)
    if isinstance(event, ConversationEnded):
        return _farewell(turn)
    return _bounded(turn, position, _walk(turn, _resume(turn, event)), event)


def _bounded(turn: Turn, before: Position, wait: Wait, event: Event) -> Step:
    """Count the answer; one that would go on for ever gives up instead."""
    documents = before.documents + 1
    silent = 0 if isinstance(event, Keys) else before.silent_documents + 1
    if not isinstance(wait, HangUp) and (documents >= MOST_DOCUMENTS or silent >= MOST_SILENT_DOCUMENTS):
        turn = _anew(turn, before)
        wait = _walk(turn, turn.flow.give_up)
    turn.move(documents=documents, silent_documents=silent)
    return _step(turn, wait, turn.position.at_gate)


def _anew(turn: Turn, before: Position) -> Turn:
    """The same step without what it has said; a number that it confirmed stays confirmed."""
    kept = replace(before, at_gate=turn.position.at_gate) if turn.confirmed else before
    return Turn(turn.flow, turn.words, turn.facts, kept, confirmed=turn.confirmed)


def _step(turn: Turn, wait: Wait, verdict: Verdict | None) -> Step:
    return Step(
        position=turn.position,
        spoken=tuple(turn.spoken),
        wait=wait,
        verdict=verdict,
        confirmed=turn.confirmed,
        trail=tuple(turn.trail),
    )


def _farewell(turn: Turn) -> Step:
    """The conversation is over: what becomes of the call was decided when it was accepted."""
    nodes = turn.flow.nodes
    here = nodes.get(turn.position.ring_node or turn.position.node)
    ring = here if isinstance(here, Ring) else next((one for one in nodes.values() if isinstance(one, Ring)), None)
    if ring is None:
        return replace(_bounded(turn, turn.position, _walk(turn, turn.flow.give_up), ConversationEnded()), verdict=None)
    turn.say(ring.farewell)
    end = next(one.id for one in nodes.values() if isinstance(one, End))
    turn.trail.append(end)
    turn.move(node=end, phase=Phase.ENTER, documents=turn.position.documents + 1)
    return _step(turn, HangUp(), None)


def _resume(turn: Turn, event: Event) -> NodeId | Wait:
    """What the event leads to, at the node where the call stands."""
    keys = event.digits if isinstance(event, Keys) else ""
    node = turn.flow.nodes.get(turn.position.node)
    if node is None:
        if turn.position.ring_node is None:
            turn.decide(Outcome.FAILED, UNKNOWN_NODE)
        return turn.flow.give_up
    turn.trail.append(node.id)
    match node:
        case WhoGate() | ReferenceQuestion() | Menu():
            return questions.answer(turn, node, keys)
        case Ring():
            return ring_on(turn, node) if turn.position.phase is Phase.WAIT else begin_ringing(turn, node)
        case Hold():
            return answer_hold(turn, node, keys)
        case CallbackOffer():
            return callback.answer(turn, node, keys)
        case End():  # we hung up already; should the caller be there all the same, they hear words
            return turn.flow.give_up
        case Greeting() | HoursGate() | Refer() | Message():  # a flow that changed under the call: go on from here
            turn.trail.clear()
            return node.id
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(node)


def _walk(turn: Turn, onward: NodeId | Wait) -> Wait:
    """Go from node to node until one of them waits."""
    while not isinstance(onward, AwaitKey | AwaitTime | AwaitNumber | RingOne | HangUp):
        onward = _enter(turn, onward)
    return onward


def _enter(turn: Turn, where: NodeId) -> NodeId | Wait:
    node = turn.flow.nodes[where]
    turn.trail.append(where)
    turn.move(node=where, phase=Phase.ENTER, tries=0)
    match node:
        case Greeting() | Message() | Refer():
            turn.say(node.prompt)
            if isinstance(node, Refer):
                turn.decide(Outcome.REFERRED, node.id)
            return node.next
        case HoursGate():
            return _through_gate(turn, node)
        case WhoGate() | ReferenceQuestion() | Menu():
            return questions.ask(turn, node)
        case Ring():
            return begin_ringing(turn, node)
        case Hold():
            return come_to_hold(turn, node)
        case CallbackOffer():
            return callback.offer(turn, node)
        case End():
            return _hang_up(turn)
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(node)


def _through_gate(turn: Turn, node: HoursGate) -> NodeId:
    closed = turn.facts.opening.closed
    if closed is None:
        return node.open
    turn.decide(Outcome.CLOSED, closed_reason(turn.words, closed))
    return node.closed


def _hang_up(turn: Turn) -> HangUp:
    """The end: nobody was reached, unless something else is decided."""
    ring = turn.position.ring_node
    # Without any ring node in the call, the node that spoke last is the reason.
    spoke_last = turn.trail[-2] if len(turn.trail) > 1 else turn.trail[-1]
    turn.decide(Outcome.UNANSWERED, f"{ring}:{turn.position.cause or Cause.NO_ANSWER}" if ring else spoke_last)
    return HangUp()
