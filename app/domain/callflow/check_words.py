"""The laws of a callflow's words: said where they are true, short enough, whole, and in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.callflow.graph import Exit, exits, reachable, waits
from app.domain.callflow.nodes import Flow, HoursGate, Node, NodeId, Ring
from app.domain.callflow.prompts import (
    SCREEN,
    placeholders_in,
    prompts_in_all_languages,
    prompts_of,
    speaks_of_closing,
    unknown_placeholders,
    worst_length,
)
from app.domain.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems_with_words(flow: Flow) -> Iterator[Problem]:
    """Everything wrong with the words of a flow whose exits all exist."""
    yield from _words_before_ringing(flow)
    yield from _words_out_of_place(flow)
    yield from _bad_prompts(flow)
    yield from _untranslated(flow)


def problem_at(flow: Flow, node: NodeId, key: str, found: str, allowed: str) -> Problem:
    """A problem with a key of a node."""
    return Problem(f"callflow {flow.name}", f"node.{node}.{key}" if key else f"node.{node}", found, allowed)


def _words_out_of_place(flow: Flow) -> Iterator[Problem]:
    """Words about closing time where a call can come while the line is open."""

    def open_ways(node: Node, one: Exit) -> bool:
        return not (isinstance(node, HoursGate) and one.name == "closed")

    for key in sorted(reachable(flow, (flow.start, flow.give_up), open_ways)):
        if speaks_of_closing(flow.nodes[key]):
            found = "{reason} or {next_opening} where the line may be open"
            yield problem_at(flow, key, "say", found, "them only where a closed exit leads")


def _words_before_ringing(flow: Flow) -> Iterator[Problem]:
    """Words with no question behind them: the caller couldn't interrupt them, and would wait longer for a human."""
    for node in flow.nodes.values():
        if prompts_of(node) and not waits(node):
            after = reachable(flow, [one.to for one in exits(node)], lambda here, _exit: not waits(here))
            for key in sorted(key for key in after if isinstance(flow.nodes[key], Ring)):
                yield problem_at(
                    flow, node.id, "next", f"words, then {key} at once", "a question before it rings, or no words"
                )


def _bad_prompts(flow: Flow) -> Iterator[Problem]:
    for node in flow.nodes.values():
        for one in prompts_in_all_languages(node):
            say = one.prompt.say
            if not say.strip():
                yield problem_at(flow, node.id, one.key, "no words", "words")
            for unknown in unknown_placeholders(say, one.placeholders):
                allowed = ", ".join(sorted(one.placeholders)) or "no placeholder"
                yield problem_at(flow, node.id, one.key, f"the placeholder {unknown}", allowed)
            if worst_length(say) > one.longest:
                found = f"up to {worst_length(say)} characters when it is filled"
                yield problem_at(flow, node.id, one.key, found, f"at most {one.longest}")
            if one.prompt.play and placeholders_in(say):
                found = f"placeholders in words that {one.prompt.play} plays"
                yield problem_at(flow, node.id, one.key, found, "no placeholder: a recording can't be filled")


def _untranslated(flow: Flow) -> Iterator[Problem]:
    """Words missing in the language that 9 changes to; or words in a language that nobody can change to."""
    other = flow.other_language
    for node in flow.nodes.values():
        for one in prompts_of(node):
            if one.key != SCREEN and other is not None and other not in one.prompt.others:
                yield problem_at(flow, node.id, f"{one.key}_{other}", "nothing", "the words in the other language")
            for language in one.prompt.others:
                if one.key == SCREEN or language is not other:
                    found = "words that nobody hears"
                    yield problem_at(
                        flow, node.id, f"{one.key}_{language}", found, "none, or the flow's other_language"
                    )
