"""The questions before a phone rings: who calls, what it is about, and in which language. Silence always goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.callflow.nodes import CallerKind
from app.domain.callflow.values import AwaitKey, Phase
from app.domain.skills import Language

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Menu, NodeId, WhoGate
    from app.domain.callflow.turn import Turn
    from app.domain.callflow.values import Wait

MOST_QUESTIONS = 2
"""Questions that a caller is asked before a human's phone rings."""

PROFESSIONAL_KEY = "1"
EXPOSED_KEY = "2"
OTHER_LANGUAGE_KEY = "9"


def ask(turn: Turn, node: WhoGate | Menu) -> Wait:
    """Come to a question, for the first time."""
    turn.move(questions=turn.position.questions + 1, tries=0)
    return _ask_again(turn, node)


def ask_unless_enough(turn: Turn, node: Menu) -> NodeId | Wait:
    """Come to a menu. Whoever has answered two questions already, one of them twice in two languages, is rung for."""
    return ask(turn, node) if turn.position.questions < MOST_QUESTIONS else node.next


def answer_who(turn: Turn, node: WhoGate, keys: str) -> NodeId | Wait:
    """Who calls: 1 and 2 decide, 9 asks again in the other language."""
    if turn.position.phase is not Phase.WAIT:  # the call stood at another kind of node before the flow changed
        return ask(turn, node)
    if keys == PROFESSIONAL_KEY:
        turn.move(caller_kind=CallerKind.PROFESSIONAL)
        return node.professional
    if keys == EXPOSED_KEY:
        turn.move(caller_kind=CallerKind.EXPOSED)
        return node.exposed
    if _changes_language(turn, keys):
        # Once in this language: the caller has heard the question before, and is to reach a human soon.
        turn.move(questions=turn.position.questions + 1, tries=node.tries - 1)
        return _ask_again(turn, node)
    return _ask_again(turn, node) if turn.position.tries < node.tries else node.silent


def answer_menu(turn: Turn, node: Menu, keys: str) -> NodeId | Wait:
    """What it is about. Whoever asks for the other language here is rung for at once."""
    if turn.position.phase is not Phase.WAIT:
        return ask(turn, node)
    if keys in node.keys:
        turn.move(competence=node.keys[keys])
        return node.next
    if _changes_language(turn, keys):
        return node.next
    return _ask_again(turn, node) if turn.position.tries < node.tries else node.next


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
