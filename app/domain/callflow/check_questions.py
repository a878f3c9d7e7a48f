"""The laws of what callers are asked: few questions before a phone rings, and each of them leads somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.callflow.check_words import problem_at
from app.domain.callflow.graph import exits, is_question
from app.domain.callflow.nodes import Flow, Menu, NodeId, ReferenceQuestion, Ring, WhoGate
from app.domain.callflow.questions import MOST_QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.errors import Problem


def problems_with_questions(flow: Flow) -> Iterator[Problem]:
    """Everything wrong with the questions of a flow whose exits all exist."""
    yield from _too_many(flow)
    yield from _bad_menus(flow)
    yield from _bad_references(flow)


def questions_before(flow: Flow) -> set[tuple[NodeId, int]]:
    """How many questions a call can have been asked when it comes to each node, counted up to one too many."""
    found: set[tuple[NodeId, int]] = set()
    waiting = [(flow.start, 0)]
    while waiting:
        here, count = state = waiting.pop()
        if state in found:
            continue
        found.add(state)
        node = flow.nodes[here]
        after = min(count + is_question(node), MOST_QUESTIONS + 1)
        waiting += [(one.to, after) for one in exits(node)]
    return found


def _too_many(flow: Flow) -> Iterator[Problem]:
    for here, count in sorted(questions_before(flow)):
        if isinstance(flow.nodes[here], Ring) and count > MOST_QUESTIONS:
            found = f"more than {MOST_QUESTIONS} questions before it rings"
            yield problem_at(flow, here, "", found, f"at most {MOST_QUESTIONS} questions before a human's phone rings")


def _bad_menus(flow: Flow) -> Iterator[Problem]:
    for node in flow.nodes.values():
        if isinstance(node, Menu) and not node.keys:
            yield problem_at(flow, node.id, "keys", "no keys", "at least one")


def _bad_references(flow: Flow) -> Iterator[Problem]:
    """A case reference is asked for by key 3 of a who-gate alone, and then somebody is rung, whatever was keyed in."""
    for node in flow.nodes.values():
        for one in exits(node):
            is_asked_for = isinstance(node, WhoGate) and one.name == "reference"
            if is_asked_for != isinstance(flow.nodes[one.to], ReferenceQuestion):
                allowed = "a reference node" if is_asked_for else "no reference node: key 3 of a who leads there"
                yield problem_at(flow, node.id, one.name, one.to, allowed)
        if isinstance(node, ReferenceQuestion) and not isinstance(flow.nodes[node.next], Ring):
            yield problem_at(flow, node.id, "next", node.next, "a ring node")
