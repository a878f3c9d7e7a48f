"""The prompts of each node kind, and the placeholders that each of them knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Greeting,
    Hold,
    HoursGate,
    Menu,
    Message,
    Node,
    Prompt,
    Refer,
    ReferenceQuestion,
    Ring,
    WhoGate,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_PROMPT = 700
LONGEST_SCREEN = 260
LONGEST_HOLD = 120
"""Eight seconds: callers on hold hear words at least every twenty."""
LONGEST_CALLER_KIND = 60
LONGEST_ABOUT_CALLER = 25
"""What a caller asks for, or the language they ask in."""

LONGEST_VALUES: Mapping[str, int] = {
    "line": 70,
    "more_at": 40,
    "reason": 80,
    "next_opening": 66,
    "caller_kind": LONGEST_CALLER_KIND + 2 * (LONGEST_ABOUT_CALLER + 2),
    "number": 45,
    "backup_number": 45,
    "name": 60,
}
"""How many characters a placeholder is filled with at most."""

SCREEN = "screen"
"""The key of the words that a specialist hears; always in Swedish."""

_LINE = frozenset({"line", "more_at"})
_CLOSED = frozenset({"reason", "next_opening"})

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}", re.ASCII)
_BRACED = re.compile(r"\{[^{}]*\}?|\}")


@dataclass(frozen=True, slots=True)
class NamedPrompt:
    """One prompt of a node: its key in the file, what it says, what it may be filled with, how long it may get."""

    key: str
    prompt: Prompt
    placeholders: frozenset[str]
    longest: int = LONGEST_PROMPT


def prompts_of(node: Node) -> tuple[NamedPrompt, ...]:
    """Every prompt of a node, in Swedish."""
    match node:
        case Greeting() | Refer() | WhoGate() | Menu():
            return (NamedPrompt("say", node.prompt, _LINE),)
        case ReferenceQuestion():
            return (NamedPrompt("say", node.prompt, _LINE), NamedPrompt("again", node.again, frozenset()))
        case Message():
            return (NamedPrompt("say", node.prompt, _LINE | _CLOSED),)
        case Ring():
            screen = NamedPrompt(SCREEN, node.screen, frozenset({"line", "caller_kind"}), LONGEST_SCREEN)
            return (screen, NamedPrompt("farewell", node.farewell, _LINE))
        case Hold():
            return (
                NamedPrompt("first", node.first, frozenset(), LONGEST_HOLD),
                NamedPrompt("again", node.again, frozenset(), LONGEST_HOLD),
            )
        case CallbackOffer():
            return (
                NamedPrompt("offer", node.offer, _LINE),
                NamedPrompt("read_back", node.read_back, frozenset({"number"})),
                NamedPrompt("ask", node.ask, frozenset()),
                NamedPrompt("refused", node.refused, frozenset()),
            )
        case HoursGate() | End():
            return ()
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(node)


def prompts_in_all_languages(node: Node) -> Iterator[NamedPrompt]:
    """Every prompt of a node, as often as there are languages that it is written in."""
    for one in prompts_of(node):
        yield one
        for language, other in one.prompt.others.items():
            yield replace(one, key=f"{one.key}_{language}", prompt=other)


def unknown_placeholders(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """Everything in braces that isn't one of the known placeholders, and every lone brace, as written."""
    return tuple(found for found in _BRACED.findall(text) if not (found[-1] == "}" and found[1:-1] in known))


def placeholders_in(text: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def worst_length(text: str) -> int:
    """How long a text can get when its placeholders are filled."""
    return len(_PLACEHOLDER.sub(lambda found: "x" * LONGEST_VALUES.get(found[1], 0), text))


def speaks_of_closing(node: Node) -> bool:
    """Whether a node's words only make sense while the line is closed."""
    return any(placeholders_in(one.prompt.say) & _CLOSED for one in prompts_in_all_languages(node))
