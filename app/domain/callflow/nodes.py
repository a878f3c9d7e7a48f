"""What a callflow is made of: nodes and their prompts, as a file of callflows/ has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.skills import Competence, Language

NodeId = NewType("NodeId", str)


class CallerKind(StrEnum):
    """What the caller said of themselves."""

    PROFESSIONAL = "professional"
    EXPOSED = "exposed"
    """An exposed person, or a relative. The machine never offers them to be rung back."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Prompt:
    """Words of a callflow file: ``say`` may hold the placeholders that its node kind knows.

    ``play`` names a WAV file that is played instead; ``say`` then tells what it says.
    """

    say: str
    play: str | None = None
    others: Mapping[Language, Prompt] = field(default_factory=dict)
    """The same in other languages than Swedish."""

    def in_language(self, language: Language) -> Prompt:
        """The same in that language, where it is known; else in Swedish."""
        return self.others.get(language, self)


@dataclass(frozen=True, slots=True)
class Greeting:
    """Says welcome and goes on."""

    id: NodeId
    prompt: Prompt
    next: NodeId


@dataclass(frozen=True, slots=True)
class HoursGate:
    """Lets callers in while the line is open."""

    id: NodeId
    open: NodeId
    closed: NodeId


@dataclass(frozen=True, slots=True)
class WhoGate:
    """Asks who calls: 1 a professional, 2 an exposed person or a relative, 3 somebody with a case reference.

    Silence goes on, to a human.
    """

    id: NodeId
    prompt: Prompt
    professional: NodeId
    exposed: NodeId
    silent: NodeId
    tries: int = 2
    reference: NodeId | None = None
    """Where key 3 leads; ``None``: it means nothing here."""


@dataclass(frozen=True, slots=True)
class ReferenceQuestion:
    """Asks for the reference of a case. Whatever the answer, and without one, somebody is rung next."""

    id: NodeId
    prompt: Prompt
    again: Prompt
    """Said, once, after digits that can't be a reference."""
    next: NodeId


@dataclass(frozen=True, slots=True)
class Menu:
    """Asks what it is about. The answer orders those who are rung, and leaves nobody out; silence goes on."""

    id: NodeId
    prompt: Prompt
    keys: Mapping[str, Competence]
    next: NodeId
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Ring:
    """Rings those on duty, one at a time, tier by tier; whoever accepts is bridged."""

    id: NodeId
    screen: Prompt
    """What the specialist hears before they press 1: {line} and {caller_kind}."""
    farewell: Prompt
    """What the caller hears when the specialist has hung up first."""
    nobody: NodeId
    ring_seconds: int = 20
    tier_seconds: int = 90
    total_seconds: int = 300
    rounds: int = 1
    """How often one person is rung at most: 1 or 2."""
    busy: NodeId | None = None
    """Where a call goes while everyone who is left to be rung is in a call. ``None``: as if nobody were there."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Everyone is in a call: words at short intervals, until somebody is free, first come, first served."""

    id: NodeId
    first: Prompt
    again: Prompt
    ring: NodeId
    """The ring node that is tried again whenever the caller has heard the words."""
    over: NodeId
    """Where the call goes when it has waited as long as it may."""
    callback: NodeId | None = None
    """The callback offer that key 1 leads to; ``None`` where no callback may be offered."""
    pause_seconds: int = 12
    """The silence after the words."""
    turns: int = 15


@dataclass(frozen=True, slots=True)
class CallbackOffer:
    """Offers to ring back: asks, reads the number back digit by digit, and has it confirmed."""

    id: NodeId
    offer: Prompt
    read_back: Prompt
    """{number}: the digits. 1 confirms, 2 asks for another."""
    ask: Prompt
    """Asks for a number that ends with #."""
    refused: Prompt
    """Said before asking again, when the number can't be rung."""
    done: NodeId
    declined: NodeId
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Refer:
    """Tells a caller whom the line doesn't serve where to turn instead."""

    id: NodeId
    prompt: Prompt
    next: NodeId


@dataclass(frozen=True, slots=True)
class Message:
    """Says something and goes on."""

    id: NodeId
    prompt: Prompt
    next: NodeId


@dataclass(frozen=True, slots=True)
class End:
    """Hangs up."""

    id: NodeId


Node = Greeting | HoursGate | WhoGate | ReferenceQuestion | Menu | Ring | Hold | CallbackOffer | Refer | Message | End


@dataclass(frozen=True, slots=True)
class Flow:
    """A callflow: what callers hear, and where each answer leads."""

    name: str
    title: str
    start: NodeId
    give_up: NodeId
    """Where a call goes that has used up its bounds: a message that leads to an end."""
    nodes: Mapping[NodeId, Node]
    other_language: Language | None = None
    """The language that 9 changes to at every question."""
