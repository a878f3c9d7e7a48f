"""A callflow as an SVG picture: one file that needs nothing else, light and dark, with what is proved of the flow."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from app.domain.callflow.graph import exits, is_question
from app.domain.callflow.layout import Link, Size, lay_out
from app.domain.callflow.mermaid import label_of, lines_of
from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Greeting,
    Hold,
    HoursGate,
    Menu,
    Message,
    Refer,
    ReferenceQuestion,
    Ring,
    WhoGate,
)
from app.domain.callflow.outlines import Outline, arrow, escaped, outline
from app.domain.callflow.prompts import prompts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.domain.callflow.layout import Layout, Route, Spot
    from app.domain.callflow.nodes import Flow, Node

OUTLINES: Mapping[type[Node], Outline] = {
    Greeting: Outline.ROUNDED,
    Message: Outline.BOX,
    Refer: Outline.FOLDED,
    HoursGate: Outline.DIAMOND,
    WhoGate: Outline.HEXAGON,
    ReferenceQuestion: Outline.LEANING,
    Menu: Outline.POINTED,
    Ring: Outline.DOUBLE,
    Hold: Outline.FUNNEL,
    CallbackOffer: Outline.SLANTED,
    End: Outline.STADIUM,
}

_CALL, _TALK, _BOUNDS = "(call)", "(conversation)", "(bounds)"
"""Not names that a node can have."""

_MARGIN = 24
_NAME_WIDTH, _TEXT_WIDTH, _CAPTION_WIDTH = 9.0, 8.0, 7.8
"""Of one letter, at the sizes of the style sheet: rather too wide than too narrow, as nobody knows the font."""
_LINE_HEIGHT = 18
_HEADING = 56
_LEAST_WIDTH = 560

_STYLE = """
.callflow { --paper: #fff; --ink: #1c242c; --line: #52606d; --words: #e6eff8; --gate: #fff1c9; --human: #d8f0dd;
  --back: #ece2fa; --plain: #e9ecef; background: var(--paper); color-scheme: light dark;
  font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) { .callflow { --paper: #14191f; --ink: #eef1f4; --line: #a3b0bc; --words: #20344a;
  --gate: #463a12; --human: #17402a; --back: #3a2a57; --plain: #303942; } }
.callflow text { fill: var(--ink); }
.callflow .name { font-weight: 600; }
.callflow .kind, .callflow .label { font-size: 13px; }
.callflow .title { font-size: 18px; font-weight: 600; }
.callflow .paper { fill: var(--paper); }
.callflow .node path { stroke: var(--line); stroke-width: 1.5; fill: var(--plain); }
.callflow .node.words path { fill: var(--words); }
.callflow .node.gate path { fill: var(--gate); }
.callflow .node.human path { fill: var(--human); }
.callflow .node.back path { fill: var(--back); }
.callflow .exit path { fill: none; stroke: var(--line); stroke-width: 1.5; }
.callflow .exit .head { fill: var(--line); stroke: none; }
.callflow .dotted path { stroke-dasharray: 2 4; }
.callflow .dotted .head { stroke-dasharray: none; }
"""


@dataclass(frozen=True, slots=True)
class _Box:
    lines: tuple[str, ...]
    outline: Outline
    family: str = "plain"
    words: str = ""
    """What is said there, shown to whoever points at it."""


@dataclass(frozen=True, slots=True)
class _Arrow:
    source: str
    target: str
    label: str = ""
    is_dotted: bool = False


def draw_svg(flow: Flow, proofs: Sequence[str]) -> str:
    """The SVG document: every node once, every exit once with its name, and ``proofs`` below them."""
    boxes, arrows = _boxes(flow), list(_arrows(flow))
    links = [Link(one.source, one.target, _label_size(one.label)) for one in arrows]
    layout = lay_out({key: _size(box) for key, box in boxes.items()}, links)
    width = max(layout.width, _LEAST_WIDTH, len(flow.title) * _CAPTION_WIDTH * 1.3) + 2 * _MARGIN
    caption = _caption(proofs, width)
    below = _MARGIN + _HEADING + layout.height + 2 * _MARGIN
    height = below + _LINE_HEIGHT * (len(caption) + 1) + _MARGIN
    drawing = [*_drawn_arrows(layout, arrows), *_drawn_boxes(layout, boxes)]
    aside = (width - layout.width) / 2
    view = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="callflow" role="img" {size} {view}>',
            f"<title>{escaped(flow.title)}</title>",
            f"<desc>{escaped(_description(flow))}</desc>",
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" {size}/>',
            f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 18}">{escaped(flow.title)}</text>',
            f'<text class="kind" x="{_MARGIN}" y="{_MARGIN + 40}">{escaped(f"callflow {flow.name}")}</text>',
            f'<g transform="translate({aside:.1f} {_MARGIN + _HEADING})">',
            *drawing,
            "</g>",
            f'<g class="proofs" transform="translate({_MARGIN} {below:.1f})">',
            *_drawn_caption(("Proved before any call:", *caption)),
            "</g>",
            "</svg>\n",
        )
    )


# --- the graph -------------------------------------------------------------------------------------------------------


def _boxes(flow: Flow) -> dict[str, _Box]:
    boxes = {_CALL: _Box(("call",), Outline.STADIUM)}
    for node in flow.nodes.values():
        boxes[node.id] = _Box((*lines_of(node), *_again(node)), _outline_of(node), _family(node), _words(node))
    if any(isinstance(node, Ring) for node in flow.nodes.values()):
        boxes[_TALK] = _Box(("conversation", "farewell, hang-up"), Outline.STADIUM, "human")
    return boxes | {_BOUNDS: _Box(("bounds used up",), Outline.STADIUM)}


def _arrows(flow: Flow) -> Iterator[_Arrow]:
    yield _Arrow(_CALL, flow.start)
    for node in flow.nodes.values():
        for one in exits(node):
            if one.to != node.id:
                yield _Arrow(node.id, one.to, label_of(one))
        if isinstance(node, Ring):
            yield _Arrow(node.id, _TALK, "accepted")
    yield _Arrow(_BOUNDS, flow.give_up, is_dotted=True)


def _again(node: Node) -> Iterator[str]:
    """Exits that lead back to their own node are written in it: there is no arrow to draw."""
    return (f"again: {label_of(one) or one.name}" for one in exits(node) if one.to == node.id)


def _outline_of(node: Node) -> Outline:
    return OUTLINES.get(type(node), Outline.HEXAGON if is_question(node) else Outline.BOX)


def _family(node: Node) -> str:
    match node:
        case Ring():
            return "human"
        case CallbackOffer():
            return "back"
        case HoursGate() | WhoGate():
            return "gate"
        case _:
            return "words" if prompts_of(node) else "plain"


def _words(node: Node) -> str:
    return "\n".join(one.prompt.say.strip() for one in prompts_of(node))


def _description(flow: Flow) -> str:
    sentences = [f"A call begins at {flow.start}."]
    for node in flow.nodes.values():
        ways = [f"{label_of(one) or 'then'}: {one.to}" for one in exits(node)]
        sentences.append(f"{', '.join(lines_of(node))}; {', '.join(ways) or 'the end'}.")
    return " ".join([*sentences, f"A call that has used up its bounds goes to {flow.give_up}."])


# --- sizes -----------------------------------------------------------------------------------------------------------


def _size(box: _Box) -> Size:
    name, *rest = box.lines
    text = max(len(name) * _NAME_WIDTH, *(len(line) * _TEXT_WIDTH for line in rest), 0)
    return box.outline.around(text, _LINE_HEIGHT * len(box.lines))


def _label_size(label: str) -> Size:
    return Size(len(label) * _TEXT_WIDTH + 8, _LINE_HEIGHT) if label else Size(6, 0)


def _caption(proofs: Sequence[str], width: float) -> list[str]:
    letters = int((width - 2 * _MARGIN) / _CAPTION_WIDTH)
    return [
        line
        for proof in proofs
        for line in wrap(proof, letters, initial_indent="✓ ", subsequent_indent="\N{NO-BREAK SPACE}" * 4)
    ]


# --- drawing ---------------------------------------------------------------------------------------------------------


def _drawn_boxes(layout: Layout, boxes: Mapping[str, _Box]) -> Iterator[str]:
    for key, box in boxes.items():
        spot = layout.boxes[key]
        first = spot.y - _LINE_HEIGHT * (len(box.lines) - 1) / 2 + 5
        yield f'<g class="node {box.family}" data-node="{escaped(key)}">'
        if box.words:
            yield f"<title>{escaped(box.words)}</title>"
        yield f'<path d="{outline(box.outline, spot)}"/>'
        for place, line in enumerate(box.lines):
            style = "kind" if place else "name"
            yield _text(style, spot.x, first + place * _LINE_HEIGHT, line)
        yield "</g>"


def _drawn_arrows(layout: Layout, arrows: Sequence[_Arrow]) -> Iterator[str]:
    """All lines first, so that no line runs over a label."""
    for one, route in zip(arrows, layout.routes, strict=True):
        line, head = arrow(route.points)
        style = "exit dotted" if one.is_dotted else "exit"
        ends = f'data-from="{escaped(one.source)}" data-to="{escaped(one.target)}" data-label="{escaped(one.label)}"'
        yield f'<g class="{style}" {ends}><path d="{line}"/><path class="head" d="{head}"/></g>'
    for one, route in zip(arrows, layout.routes, strict=True):
        if one.label:
            yield from _drawn_label(one.label, route)


def _drawn_label(label: str, route: Route) -> Iterator[str]:
    spot: Spot = route.label
    left, top = spot.x - spot.width / 2, spot.y - spot.height / 2
    yield f'<rect class="paper" x="{left:.1f}" y="{top:.1f}" width="{spot.width:.1f}" height="{spot.height:.1f}"/>'
    yield _text("label", spot.x, spot.y + 4.5, label)


def _drawn_caption(lines: Sequence[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        style = "kind" if place else "name"
        yield f'<text class="{style}" x="0" y="{place * _LINE_HEIGHT}">{escaped(line)}</text>'


def _text(style: str, x: float, y: float, text: str) -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escaped(text)}</text>'
