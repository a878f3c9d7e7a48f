"""The questions before a phone rings: who calls, in which language, about what or which case. Silence goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from app.domain.callflow.nodes import CallerKind, Menu, ReferenceQuestion, WhoGate
from app.domain.callflow.values import AwaitKey, AwaitNumber, Phase
from app.domain.cases import REFERENCE_DIGITS, typed_reference
from app.domain.skills import Language

if TYPE_CHECKING:
    from app.domain.callflow.nodes import NodeId
    from app.domain.callflow.turn import Turn
    from app.domain.callflow.values import Wait

MOST_QUESTIONS = 2
"""Questions that a caller is asked before a human's phone rings."""

PROFESSIONAL_KEY = "1"
EXPOSED_KEY = "2"
REFERENCE_KEY = "3"
OTHER_LANGUAGE_KEY = "9"

_TIMES_ASKED_FOR_REFERENCE = 2
_LOOKS_UP_SECONDS = 10
"""Whoever reads a reference from a note may pause that long between two digits."""


Question = WhoGate | ReferenceQuestion | Menu


def ask(turn: Turn, node: Question) -> NodeId | Wait:
    """Come to a question, for the first time; or go on, where enough has been asked."""
    match node:
        case WhoGate():
            return _ask_first(turn, node)
        case ReferenceQuestion():
            return _ask_for_reference(turn, node)
        case Menu():
            return _ask_unless_enough(turn, node)
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(node)


def answer(turn: Turn, node: Question, keys: str) -> NodeId | Wait:
    """Take the caller's keys; an empty text is silence."""
    if turn.position.phase is not Phase.WAIT:  # the call stood at another kind of node before the flow changed
        return ask(turn, node)
    match node:
        case WhoGate():
            return _answer_who(turn, node, keys)
        case ReferenceQuestion():
            return _answer_reference(turn, node, keys)
        case Menu():
            return _answer_menu(turn, node, keys)
        case _:  # pragma: no cover - the type checker proves that nothing is left
            assert_never(node)


def _ask_first(turn: Turn, node: WhoGate | Menu) -> Wait:
    turn.move(questions=turn.position.questions + 1, tries=0)
    return _ask_again(turn, node)


def _ask_unless_enough(turn: Turn, node: Menu) -> NodeId | Wait:
    """Whoever has answered two questions already, one of them twice in two languages, is rung for."""
    return _ask_first(turn, node) if turn.position.questions < MOST_QUESTIONS else node.next


def _answer_who(turn: Turn, node: WhoGate, keys: str) -> NodeId | Wait:
    """Who calls: 1 and 2 decide, 3 leads to a case, 9 asks again in the other language."""
    if keys == PROFESSIONAL_KEY:
        turn.move(caller_kind=CallerKind.PROFESSIONAL)
        return node.professional
    if keys == EXPOSED_KEY:
        turn.move(caller_kind=CallerKind.EXPOSED)
        return node.exposed
    if keys == REFERENCE_KEY and node.reference is not None:
        return node.reference
    if _changes_language(turn, keys):
        # Once in this language: the caller has heard the question before, and is to reach a human soon.
        turn.move(questions=turn.position.questions + 1, tries=node.tries - 1)
        return _ask_again(turn, node)
    return _ask_again(turn, node) if turn.position.tries < node.tries else node.silent


def _answer_menu(turn: Turn, node: Menu, keys: str) -> NodeId | Wait:
    """What it is about. Whoever asks for the other language here is rung for at once."""
    if keys in node.keys:
        turn.move(competence=node.keys[keys])
        return node.next
    if _changes_language(turn, keys):
        return node.next
    return _ask_again(turn, node) if turn.position.tries < node.tries else node.next


def _ask_for_reference(turn: Turn, node: ReferenceQuestion) -> NodeId | Wait:
    """Come to the question for a case reference. It was the caller's own key that led here; once in a call."""
    if turn.position.gave_reference:
        return node.next
    turn.say(node.prompt)
    turn.move(questions=turn.position.questions + 1)
    return _await_reference(turn, tries=1)


def _answer_reference(turn: Turn, node: ReferenceQuestion, keys: str) -> NodeId | Wait:
    """Whether digits can be a reference is arithmetic, and may be heard. Whether a case has it is never heard."""
    if typed_reference(keys):
        turn.move(gave_reference=True, keyed_case=turn.facts.keyed_case)
        return node.next
    if not keys or turn.position.tries >= _TIMES_ASKED_FOR_REFERENCE:
        return node.next
    turn.say(node.again)
    return _await_reference(turn, tries=turn.position.tries + 1)


def _await_reference(turn: Turn, *, tries: int) -> Wait:
    turn.move(phase=Phase.WAIT, tries=tries)
    return AwaitNumber(_LOOKS_UP_SECONDS, digits=REFERENCE_DIGITS)


def _ask_again(turn: Turn, node: WhoGate | Menu) -> Wait:
    turn.say(node.prompt)
    turn.move(phase=Phase.WAIT, tries=turn.position.tries + 1)
    return AwaitKey()


def _changes_language(turn: Turn, keys: str) -> bool:
    other = turn.flow.other_language
    if keys != OTHER_LANGUAGE_KEY or other is None or turn.position.language is not Language.SWEDISH:
        return False
    turn.move(language=other)
    return True
