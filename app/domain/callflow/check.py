"""Proves, before any call, that a callflow can't leave a caller without words, in a circle, or in danger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.callflow.check_questions import problems_with_questions, questions_before
from app.domain.callflow.check_words import problem_at, problems_with_words
from app.domain.callflow.graph import Exit, exits, reachable, waits
from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Flow,
    Hold,
    Message,
    Node,
    NodeId,
    Refer,
    Ring,
    WhoGate,
)
from app.domain.callflow.prompts import (
    LONGEST_VALUES,
    prompts_in_all_languages,
    prompts_of,
    worst_length,
)
from app.domain.callflow.ring import DIAL_MARGIN_SECONDS, MOST_ATTEMPTS, MOST_RINGS_EACH
from app.domain.callflow.walk import MOST_DOCUMENTS, MOST_SILENT_DOCUMENTS
from app.domain.errors import Problem
from app.domain.lines import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.lines import Line


def check_flow(flow: Flow) -> list[Problem]:
    """Everything wrong with a flow, whichever line uses it; empty when it is proved."""
    missing = list(_missing_exits(flow))
    if missing:  # the other laws can't be judged on a graph with holes
        return missing
    return [
        *_unreachable(flow),
        *_circles(flow),
        *_silent_ends(flow),
        *_give_up_that_waits(flow),
        *problems_with_questions(flow),
        *_callbacks_for_exposed(flow),
        *_attempts_that_do_not_fit(flow),
        *_bad_holds(flow),
        *problems_with_words(flow),
    ]


def check_flow_for_line(flow: Flow, line: Line) -> list[Problem]:
    """Everything wrong with a flow (one that check_flow found nothing in) for the line that uses it."""
    serves_exposed = Audience.EXPOSED in line.serves
    where = f"line {line.key} with callflow {flow.name}"
    found = [*_exits_of_exposed(flow, where, serves_exposed=serves_exposed)]
    if serves_exposed:
        found += _callbacks_without_choice(flow, where)
    for name, text in (("line", line.name), ("more_at", line.more_at)):
        if len(text) > LONGEST_VALUES[name]:
            found.append(Problem(where, name, f"{len(text)} characters", f"at most {LONGEST_VALUES[name]}"))
    return found


def proofs(flow: Flow) -> tuple[str, ...]:
    """What check_flow has proved of a flow that it found nothing wrong with, as sentences."""
    longest = max(
        (worst_length(one.prompt.say) for node in flow.nodes.values() for one in prompts_in_all_languages(node)),
        default=0,
    )
    questions = max((count for here, count in questions_before(flow) if isinstance(flow.nodes[here], Ring)), default=0)
    rounds = max((node.rounds for node in flow.nodes.values() if isinstance(node, Ring)), default=0)
    return (
        f"every exit of its {len(flow.nodes)} nodes exists, and every node can be reached",
        "every path ends in a conversation, or in words and then a hang-up",
        "all words before a human's phone rings can be interrupted by a key",
        "no circle can be walked without a key of the caller's, but for holds, which count their turns",
        f"questions asked before a human's phone rings: at most {questions}",
        "nobody who says that they are exposed is offered to be rung back",
        f"characters of the longest prompt when it is filled: at most {longest}",
        f"answers in one call: at most {MOST_DOCUMENTS}, and at most {MOST_SILENT_DOCUMENTS} in a row without a key",
        f"attempts in one call: at most {MOST_ATTEMPTS}, of them at most {min(rounds, MOST_RINGS_EACH)} for one person",
        f"a call that has used up its bounds is told the way on at {flow.give_up}",
    )


def _missing_exits(flow: Flow) -> Iterator[Problem]:
    names = ", ".join(flow.nodes)
    for key, target in (("start", flow.start), ("give_up", flow.give_up)):
        if target not in flow.nodes:
            yield Problem(f"callflow {flow.name}", key, target, f"one of the nodes {names}")
    for node in flow.nodes.values():
        for one in exits(node):
            if one.to not in flow.nodes:
                yield problem_at(flow, node.id, one.name, one.to, f"one of the nodes {names}")


def _unreachable(flow: Flow) -> Iterator[Problem]:
    for key in flow.nodes.keys() - reachable(flow, (flow.start, flow.give_up)):
        yield problem_at(flow, key, "", "a node that no call can come to", "a node that start or another node leads to")


def _circles(flow: Flow) -> Iterator[Problem]:
    """Nodes from which a caller who never presses a key comes back to the same node."""
    for node in flow.nodes.values():
        for one in exits(node):
            if _without_key(node, one) and node.id in reachable(flow, (one.to,), _without_key):
                yield problem_at(
                    flow, node.id, one.name, f"{one.to}, which leads back without a key", "a way that comes to an end"
                )


def _without_key(_node: Node, one: Exit) -> bool:
    return not one.needs_key and not one.is_counted


def _silent_ends(flow: Flow) -> Iterator[Problem]:
    """Ends that a call can come to without a word since it last waited."""
    found: set[tuple[NodeId, bool]] = set()
    waiting = [(flow.start, False)]
    while waiting:
        here, spoke = state = waiting.pop()
        if state in found:
            continue
        found.add(state)
        node = flow.nodes[here]
        if isinstance(node, End) and not spoke:
            yield problem_at(
                flow, here, "", "an end that can be reached without words before it", "words, then the end"
            )
        # A node that waits has been answered when the call goes on: what it said belongs to an earlier answer.
        speaks = not waits(node) and (spoke or bool(prompts_of(node)))
        waiting += [(one.to, speaks) for one in exits(node)]


def _give_up_that_waits(flow: Flow) -> Iterator[Problem]:
    nodes = [flow.nodes[key] for key in reachable(flow, (flow.give_up,))]
    for node in nodes:
        if not isinstance(node, Message | End):
            yield problem_at(flow, node.id, "", f"a {type(node).__name__} after give_up", "messages, then an end")
    if isinstance(flow.nodes[flow.give_up], End):
        yield Problem(f"callflow {flow.name}", "give_up", "an end", "a message that leads to an end")


def _callbacks_for_exposed(flow: Flow) -> Iterator[Problem]:
    for gate in flow.nodes.values():
        if isinstance(gate, WhoGate):
            for key in _callbacks(flow, reachable(flow, (gate.exposed,))):
                yield problem_at(
                    flow, gate.id, "exposed", f"a way to the callback offer {key}", "no way to any callback offer"
                )


def _callbacks(flow: Flow, nodes: frozenset[NodeId]) -> list[NodeId]:
    return sorted(key for key in nodes if isinstance(flow.nodes[key], CallbackOffer))


def _attempts_that_do_not_fit(flow: Flow) -> Iterator[Problem]:
    for node in flow.nodes.values():
        if isinstance(node, Ring):
            least = node.ring_seconds + DIAL_MARGIN_SECONDS
            for key, seconds in (("tier_seconds", node.tier_seconds), ("total_seconds", node.total_seconds)):
                if seconds < least:
                    yield problem_at(flow, node.id, key, str(seconds), f"at least {least}: one attempt")


def _bad_holds(flow: Flow) -> Iterator[Problem]:
    for node in flow.nodes.values():
        if isinstance(node, Hold):
            if not isinstance(flow.nodes[node.ring], Ring):
                yield problem_at(flow, node.id, "ring", node.ring, "a ring node")
            if node.callback is not None and not isinstance(flow.nodes[node.callback], CallbackOffer):
                yield problem_at(flow, node.id, "callback", node.callback, "a callback node")
        if isinstance(node, Ring) and node.busy is not None and not isinstance(flow.nodes[node.busy], Hold):
            yield problem_at(flow, node.id, "busy", node.busy, "a hold node")


def _exits_of_exposed(flow: Flow, where: str, *, serves_exposed: bool) -> Iterator[Problem]:
    wanted: type[Node] = Ring if serves_exposed else Refer
    gates = [node for node in flow.nodes.values() if isinstance(node, WhoGate)]
    if serves_exposed and not gates:
        yield Problem(where, "serves", "exposed, without any who-gate", "a callflow that asks who calls")
    for gate in gates:
        kinds = {type(flow.nodes[key]) for key in reachable(flow, (gate.exposed,))}
        key = f"node.{gate.id}.exposed"
        if wanted not in kinds:
            word = "ring somebody" if serves_exposed else "refer them on"
            yield Problem(where, key, "exposed persons who are left without", f"a way to {word}")
        if not serves_exposed and Ring in kinds:
            yield Problem(
                where, key, "a way that rings the staff", "no ring node: the line doesn't serve exposed persons"
            )


def _callbacks_without_choice(flow: Flow, where: str) -> Iterator[Problem]:
    """Callback offers that a caller comes to without having said that they call in their work."""

    def unsaid(node: Node, one: Exit) -> bool:
        return not (isinstance(node, WhoGate) and one.name == "professional")

    for key in _callbacks(flow, reachable(flow, (flow.start,), unsaid)):
        found = "a callback offer for callers who made no choice"
        yield Problem(
            where, f"node.{key}", found, "an offer for professionals only, as the line serves exposed persons"
        )
