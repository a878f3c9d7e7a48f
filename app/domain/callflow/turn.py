"""What one step gathers while it walks through the nodes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.domain.callflow.nodes import CallerKind
from app.domain.callflow.values import Spoken
from app.domain.callflow.words import LONGEST_REASON, fill, spoken_closure, spoken_instant
from app.domain.calls import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.callflow.nodes import Flow, NodeId, Prompt
    from app.domain.callflow.values import Facts, NumberSource, Position
    from app.domain.callflow.words import Words


@dataclass(slots=True)
class Turn:
    """One step in the making; the only thing in this package that changes, and it never leaves it."""

    flow: Flow
    words: Words
    facts: Facts
    position: Position
    spoken: list[Spoken] = field(default_factory=list)
    trail: list[NodeId] = field(default_factory=list)
    confirmed: NumberSource | None = None
    wants_callback: bool = False
    """Whether the caller asked to be rung back before it was offered."""

    def move(self, **changes: Any) -> None:  # noqa: ANN401 - checked by replace()
        """Change the position."""
        self.position = replace(self.position, **changes)

    def say(self, prompt: Prompt) -> None:
        """Speak a prompt, in the caller's language."""
        language = self.position.language
        self.spoken.append(self._filled(prompt.in_language(language), self.words.in_language(language)))

    def screened(self, prompt: Prompt) -> Spoken:
        """What a specialist hears on picking up. They are spoken to in Swedish, whatever the caller speaks."""
        return self._filled(prompt, self.words)

    def _filled(self, prompt: Prompt, words: Words) -> Spoken:
        """A prompt with all that is known now; ``{number}`` stays for the renderer."""
        opening = self.facts.opening
        text = fill(
            prompt.say,
            line=self.facts.line_name,
            more_at=self.facts.more_at,
            caller_kind=described(self.position, words),
            reason=spoken_closure(words, opening.closed) if opening.closed else "",
            next_opening=(
                spoken_instant(words, opening.next_opening, self.facts.now)
                if opening.next_opening
                else words.no_opening
            ),
        )
        return Spoken(text, prompt.play)

    def decide(self, outcome: Outcome, reason: str) -> None:
        """Settle what becomes of the call, unless that is settled already."""
        if self.position.at_gate is None:
            self.move(at_gate=Verdict(outcome, reason[:LONGEST_REASON]))


def described(position: Position, words: Words) -> str:
    """Who calls, about what, in which language; as a specialist hears it."""
    return ", ".join(_description(position, words))


def _description(position: Position, words: Words) -> Iterator[str]:
    if position.gave_reference and position.caller_kind is CallerKind.UNKNOWN:
        yield words.with_reference
    else:
        yield words.caller_kinds[position.caller_kind]
    if position.competence is not None:
        yield words.topics[position.competence]
    if position.language in words.caller_languages:
        yield words.caller_languages[position.language]
