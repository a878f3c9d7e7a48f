"""A callflow as a Mermaid flowchart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.callflow.graph import Exit, exits
from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Greeting,
    Hold,
    HoursGate,
    Menu,
    Message,
    Node,
    Refer,
    ReferenceQuestion,
    Ring,
    WhoGate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.callflow.nodes import Flow

_KEYS = {
    "professional": "1: professional",
    "exposed": "2: exposed",
    "reference": "3: case reference",
    "done": "confirmed",
    "silent": "no key",
    "busy": "all are in calls",
    "ring": "look again",
    "over": "waited enough",
    "callback": "1: ring me back",
}

_SHAPES: Mapping[type[Node], tuple[str, str, str]] = {
    Greeting: ("[", "greeting", "]"),
    Message: ("[", "message", "]"),
    Refer: ("[", "refer", "]"),
    HoursGate: ("{", "open now?", "}"),
    WhoGate: ("{", "who calls?", "}"),
    ReferenceQuestion: ("{", "which case?", "}"),
    Menu: ("{", "about what?", "}"),
    Ring: ("[[", "ring those on duty", "]]"),
    Hold: ("[/", "hold", "/]"),
    CallbackOffer: ("{", "ring back?", "}"),
    End: ("([", "hang up", "])"),
}


def draw(flow: Flow) -> str:
    """The flowchart's text: every node with its kind, every exit with its name; dotted where a call's bounds lead."""
    lines = ["flowchart TD", '    call(("call")) --> ' + f"n_{flow.start}"]
    for node in flow.nodes.values():
        lines.append(f"    n_{node.id}{_shape(node)}")
        lines += [f"    n_{node.id} -->{_label(one)} n_{one.to}" for one in exits(node)]
        if isinstance(node, Ring):
            lines.append(f"    n_{node.id} -->|accepted| talk")
    if any(isinstance(node, Ring) for node in flow.nodes.values()):
        lines.append('    talk(["conversation, farewell, hang-up"])')
    lines.append(f'    bounds(("bounds used up")) -.-> n_{flow.give_up}')
    return "\n".join(lines) + "\n"


def label_of(one: Exit) -> str:
    """What is written beside an exit; nothing where there is no choice."""
    return "" if one.name == "next" else _KEYS.get(one.name, one.name)


def lines_of(node: Node) -> tuple[str, ...]:
    """What is written in a node: its name, and its kind where the name doesn't say it."""
    what = _SHAPES[type(node)][1]
    return (node.id,) if node.id == what else (node.id, what)


def _label(one: Exit) -> str:
    label = label_of(one)
    return f"|{label}|" if label else ""


def _shape(node: Node) -> str:
    before, _what, after = _SHAPES[type(node)]
    return f'{before}"{"<br/>".join(lines_of(node))}"{after}'
