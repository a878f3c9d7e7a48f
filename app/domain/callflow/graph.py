"""A callflow as a graph: the exits of each node, and which of them need a key of the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Flow,
    Greeting,
    Hold,
    HoursGate,
    Menu,
    Message,
    Node,
    NodeId,
    Refer,
    ReferenceQuestion,
    Ring,
    WhoGate,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a node."""

    name: str
    """The key in the file."""
    to: NodeId
    needs_key: bool = False
    """Whether only a key of the caller's leads this way."""
    is_counted: bool = False
    """Whether the node itself bounds how often a call goes this way."""


def exits(node: Node) -> tuple[Exit, ...]:
    """Every way out of a node; none out of an end."""
    match node:
        case Greeting() | Message() | Refer() | ReferenceQuestion() | Menu():
            return (Exit("next", node.next),)
        case HoursGate():
            return (Exit("open", node.open), Exit("closed", node.closed))
        case WhoGate():
            return (
                Exit("professional", node.professional, needs_key=True),
                Exit("exposed", node.exposed, needs_key=True),
                *_reference(node),
                Exit("silent", node.silent),
            )
        case Ring():
            busy = () if node.busy is None else (Exit("busy", node.busy),)
            return (Exit("nobody", node.nobody), *busy)
        case Hold():
            callback = () if node.callback is None else (Exit("callback", node.callback, needs_key=True),)
            return (Exit("ring", node.ring, is_counted=True), Exit("over", node.over), *callback)
        case CallbackOffer():
            return (Exit("done", node.done, needs_key=True), Exit("declined", node.declined))
        case End():
            return ()
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(node)


def _reference(node: WhoGate) -> tuple[Exit, ...]:
    return () if node.reference is None else (Exit("reference", node.reference, needs_key=True),)


def waits(node: Node) -> bool:
    """Whether a call stops at the node, for a key or for a phone."""
    return isinstance(node, WhoGate | ReferenceQuestion | Menu | Ring | Hold | CallbackOffer)


def is_question(node: Node) -> bool:
    """Whether the node asks the caller for a key."""
    return isinstance(node, WhoGate | ReferenceQuestion | Menu | CallbackOffer)


def rings_next(flow: Flow, here: NodeId) -> bool:
    """Whether the next answer of a call that stands at ``here`` can ring somebody."""
    node = flow.nodes.get(here)
    if node is None:
        return False
    onward = reachable(flow, [one.to for one in exits(node)], lambda passed, _exit: not waits(passed))
    return any(isinstance(flow.nodes[key], Ring) for key in {here, *onward})


def reachable(
    flow: Flow, starts: Iterable[NodeId], follow: Callable[[Node, Exit], bool] = lambda _node, _exit: True
) -> frozenset[NodeId]:
    """The nodes that a call can come to from ``starts``, themselves included, by the exits that ``follow`` allows."""
    found: set[NodeId] = set()
    waiting = [start for start in starts if start in flow.nodes]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        node = flow.nodes[here]
        waiting += [one.to for one in exits(node) if one.to in flow.nodes and follow(node, one)]
    return frozenset(found)
