"""The callback offer: asks, reads the number back, and has it confirmed. Silence always leads out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from app.domain.callflow.nodes import CallbackOffer, CallerKind
from app.domain.callflow.values import AwaitKey, AwaitNumber, NumberSource, Phase
from app.domain.calls import Outcome

if TYPE_CHECKING:
    from app.domain.callflow.nodes import NodeId
    from app.domain.callflow.turn import Turn
    from app.domain.callflow.values import Wait

YES = "1"
OTHER_NUMBER = "2"
_TIMES_READ_BACK = 2


def offer(turn: Turn, node: CallbackOffer) -> NodeId | Wait:
    """Come to the offer. An exposed person is never offered to be rung back, whatever led here."""
    if turn.position.caller_kind is CallerKind.EXPOSED:
        return node.declined
    if turn.wants_callback:  # asked for already, on hold
        return _start(turn, node)
    turn.say(node.offer)
    turn.move(phase=Phase.OFFER, tries=1)
    return AwaitKey()


def answer(turn: Turn, node: CallbackOffer, keys: str) -> NodeId | Wait:
    """Take the caller's keys; an empty text is silence."""
    if turn.position.caller_kind is CallerKind.EXPOSED:
        return node.declined
    match turn.position.phase:
        case Phase.OFFER:
            return _start(turn, node) if keys == YES else node.declined
        case Phase.CONFIRM_CALLER:
            return _confirm_caller(turn, node, keys)
        case Phase.ASK:
            return _take_number(turn, node, keys)
        case Phase.CONFIRM_TYPED:
            return _confirm_typed(turn, node, keys)
        case Phase.ENTER | Phase.WAIT:  # the call stood at another kind of node before the flow changed
            return offer(turn, node)
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(turn.position.phase)


def _start(turn: Turn, node: CallbackOffer) -> Wait:
    if turn.facts.caller_may_be_rung:
        return _read_back(turn, node, Phase.CONFIRM_CALLER, tries=1)
    return _ask(turn, node, tries=1)


def _confirm_caller(turn: Turn, node: CallbackOffer, keys: str) -> NodeId | Wait:
    if keys == OTHER_NUMBER or not turn.facts.caller_may_be_rung:
        return _ask(turn, node, tries=1)
    if keys == YES:
        return _confirmed(turn, node, NumberSource.CALLER)
    if turn.position.tries >= _TIMES_READ_BACK:
        return node.declined
    return _read_back(turn, node, Phase.CONFIRM_CALLER, tries=turn.position.tries + 1)


def _take_number(turn: Turn, node: CallbackOffer, keys: str) -> NodeId | Wait:
    if keys and turn.facts.keys_may_be_rung:
        return _read_back(turn, node, Phase.CONFIRM_TYPED, tries=turn.position.tries)
    if turn.position.tries >= node.tries:
        return node.declined
    if keys:
        turn.say(node.refused)
    return _ask(turn, node, tries=turn.position.tries + 1)


def _confirm_typed(turn: Turn, node: CallbackOffer, keys: str) -> NodeId | Wait:
    if keys == YES:
        return _confirmed(turn, node, NumberSource.TYPED)
    if turn.position.tries >= node.tries:
        return node.declined
    if keys == OTHER_NUMBER:
        return _ask(turn, node, tries=turn.position.tries + 1)
    return _read_back(turn, node, Phase.CONFIRM_TYPED, tries=turn.position.tries + 1)


def _confirmed(turn: Turn, node: CallbackOffer, source: NumberSource) -> NodeId:
    turn.confirmed = source
    turn.decide(Outcome.CALLBACK, node.id)
    return node.done


def _read_back(turn: Turn, node: CallbackOffer, phase: Phase, *, tries: int) -> Wait:
    turn.say(node.read_back)
    turn.move(phase=phase, tries=tries)
    return AwaitKey()


def _ask(turn: Turn, node: CallbackOffer, *, tries: int) -> Wait:
    turn.say(node.ask)
    turn.move(phase=Phase.ASK, tries=tries)
    return AwaitNumber()
