"""Hold: everyone is in a call. Words at short intervals, and after each of them a look at who is free."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from app.domain.callflow.nodes import CallerKind, Ring
from app.domain.callflow.ring import has_time
from app.domain.callflow.values import AwaitKey, AwaitTime, Phase

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Hold, NodeId
    from app.domain.callflow.turn import Turn
    from app.domain.callflow.values import Wait

MOST_TURNS = 15
MOST_IDLE_KEYS = 15
"""Beyond these, keys that mean nothing count as turns."""
LONGEST_SILENCE_SECONDS = 20
"""From the first of some words to the first of the next: words come at least this often."""
CALLBACK_KEY = "1"
WORDS_SECONDS = 8
"""How long the words of a hold take at most (prompts.LONGEST_HOLD)."""


def come_to_hold(turn: Turn, node: Hold) -> NodeId | Wait:
    """Wait once more; where turns or time are used up, go on to the last words."""
    used = turn.position.hold_turns
    ring = turn.flow.nodes[node.ring]
    passes = WORDS_SECONDS + node.pause_seconds
    if isinstance(ring, Ring) and not has_time(turn, ring, after_seconds=passes):
        # Whoever hasn't waited at all hasn't been told of a callback either.
        return node.over if used else ring.nobody
    if used >= min(node.turns, MOST_TURNS):
        return node.over
    turn.say(node.again if turn.position.hold_began else node.first)
    turn.move(
        phase=Phase.WAIT,
        hold_turns=used + 1,
        hold_began=turn.position.hold_began or turn.facts.now.astimezone(UTC),
    )
    # Where no key means anything, none is listened to: a key would cut the words short.
    return AwaitKey(node.pause_seconds) if _callback(turn, node) else AwaitTime(node.pause_seconds)


def answer_hold(turn: Turn, node: Hold, keys: str) -> NodeId:
    """1 asks to be rung back, at any time; whatever else comes, look again who is free."""
    callback = _callback(turn, node)
    if callback and keys == CALLBACK_KEY:
        turn.wants_callback = True
        return callback
    if keys and turn.position.hold_keys < MOST_IDLE_KEYS:  # a slip must not cost the caller a turn of the queue
        turn.move(hold_keys=turn.position.hold_keys + 1, hold_turns=max(0, turn.position.hold_turns - 1))
    return node.ring


def _callback(turn: Turn, node: Hold) -> NodeId | None:
    """Where key 1 leads; an exposed person is never offered to be rung back."""
    return None if turn.position.caller_kind is CallerKind.EXPOSED else node.callback
