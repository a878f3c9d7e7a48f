"""Phase by phase through the callback offer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.callflow import step
from app.domain.callflow.nodes import CallerKind
from app.domain.callflow.values import (
    AwaitKey,
    AwaitNumber,
    Facts,
    HangUp,
    Keys,
    NumberSource,
    Phase,
    Position,
    Silence,
    Step,
)
from app.domain.calls import Outcome, Verdict
from tests.domain.callflow.cast import WORDS, facts, node_id, said, small_flow

FLOW = small_flow()
NUMBER = Keys("0701740612")
SHOWN = facts()
WITHHELD = facts(caller_may_be_rung=False)
GOOD = facts(caller_may_be_rung=False, keys_may_be_rung=True)


def after(phase: Phase, event: Keys | Silence, world: Facts, tries: int = 1) -> Step:
    position = Position(node_id("callback"), phase=phase, tries=tries, caller_kind=CallerKind.PROFESSIONAL)
    return step(FLOW, WORDS, position, event, world)


READ_BACK, ASK, REFUSED, SORRY, DONE = "Is it {number}?", "Which number?", "Not that one.", "Sorry.", "We ring."


@pytest.mark.parametrize(
    ("phase", "event", "world", "tries", "spoken", "next_phase"),
    [
        (Phase.OFFER, Keys("1"), SHOWN, 1, [READ_BACK], Phase.CONFIRM_CALLER),
        (Phase.OFFER, Keys("1"), WITHHELD, 1, [ASK], Phase.ASK),
        (Phase.OFFER, Keys("2"), SHOWN, 1, [SORRY], Phase.ENTER),
        (Phase.OFFER, Silence(), SHOWN, 1, [SORRY], Phase.ENTER),
        (Phase.CONFIRM_CALLER, Keys("1"), SHOWN, 1, [DONE], Phase.ENTER),
        (Phase.CONFIRM_CALLER, Keys("2"), SHOWN, 1, [ASK], Phase.ASK),
        (Phase.CONFIRM_CALLER, Keys("5"), SHOWN, 1, [READ_BACK], Phase.CONFIRM_CALLER),
        (Phase.CONFIRM_CALLER, Silence(), SHOWN, 1, [READ_BACK], Phase.CONFIRM_CALLER),
        (Phase.CONFIRM_CALLER, Silence(), SHOWN, 2, [SORRY], Phase.ENTER),
        # The number isn't shown any more: it can't be confirmed.
        (Phase.CONFIRM_CALLER, Keys("1"), WITHHELD, 1, [ASK], Phase.ASK),
        (Phase.ASK, NUMBER, GOOD, 1, [READ_BACK], Phase.CONFIRM_TYPED),
        (Phase.ASK, NUMBER, WITHHELD, 1, [REFUSED, ASK], Phase.ASK),
        (Phase.ASK, NUMBER, WITHHELD, 3, [SORRY], Phase.ENTER),
        (Phase.ASK, NUMBER, GOOD, 3, [READ_BACK], Phase.CONFIRM_TYPED),
        (Phase.ASK, Silence(), GOOD, 1, [ASK], Phase.ASK),
        (Phase.ASK, Silence(), WITHHELD, 3, [SORRY], Phase.ENTER),
        (Phase.CONFIRM_TYPED, Keys("1"), WITHHELD, 3, [DONE], Phase.ENTER),
        (Phase.CONFIRM_TYPED, Keys("2"), WITHHELD, 1, [ASK], Phase.ASK),
        (Phase.CONFIRM_TYPED, Keys("2"), WITHHELD, 3, [SORRY], Phase.ENTER),
        (Phase.CONFIRM_TYPED, Keys("7"), WITHHELD, 1, [READ_BACK], Phase.CONFIRM_TYPED),
        (Phase.CONFIRM_TYPED, Silence(), WITHHELD, 2, [READ_BACK], Phase.CONFIRM_TYPED),
        (Phase.CONFIRM_TYPED, Silence(), WITHHELD, 3, [SORRY], Phase.ENTER),
    ],
)
def test_each_phase_answers_each_event(
    phase: Phase, event: Keys | Silence, world: Facts, tries: int, spoken: list[str], next_phase: Phase
) -> None:
    answer = after(phase, event, world, tries)

    assert said(answer) == spoken
    assert answer.position.phase is next_phase
    awaited = {Phase.ASK: AwaitNumber(), Phase.ENTER: HangUp()}.get(next_phase, AwaitKey())
    assert answer.wait == awaited


@pytest.mark.parametrize(
    ("phase", "world", "source"),
    [(Phase.CONFIRM_CALLER, SHOWN, NumberSource.CALLER), (Phase.CONFIRM_TYPED, WITHHELD, NumberSource.TYPED)],
)
def test_a_confirmed_number_makes_the_call_a_callback(phase: Phase, world: Facts, source: NumberSource) -> None:
    answer = after(phase, Keys("1"), world)

    assert answer.confirmed is source
    assert answer.verdict == Verdict(Outcome.CALLBACK, "callback")


def test_a_number_that_is_not_confirmed_makes_no_callback() -> None:
    answer = after(Phase.CONFIRM_CALLER, Silence(), SHOWN, tries=2)

    assert answer.confirmed is None
    assert answer.verdict != Verdict(Outcome.CALLBACK, "callback")


@pytest.mark.parametrize("phase", list(Phase))
def test_an_exposed_caller_gets_no_offer_even_where_a_changed_flow_leads_to_one(phase: Phase) -> None:
    position = Position(node_id("callback"), phase=phase, caller_kind=CallerKind.EXPOSED)

    answer = step(FLOW, WORDS, position, Keys("1"), SHOWN)

    assert said(answer) == ["Sorry."]
    assert answer.confirmed is None


def test_an_exposed_caller_who_comes_to_an_offer_passes_it() -> None:
    position = Position(node_id("ring"), phase=Phase.WAIT, caller_kind=CallerKind.EXPOSED)

    answer = step(FLOW, WORDS, position, Silence(), replace(SHOWN, candidates=()))

    assert said(answer) == ["Sorry."]


def through(world: Facts, *keys: str) -> list[Phase]:
    """The phases of a call that comes to the offer and presses these keys; "" is silence."""
    position = Position(node_id("callback"), phase=Phase.OFFER, tries=1, caller_kind=CallerKind.PROFESSIONAL)
    phases = []
    for pressed in keys:
        may_be_rung = pressed == NUMBER.digits
        event = Keys(pressed) if pressed else Silence()
        position = step(FLOW, WORDS, position, event, replace(world, keys_may_be_rung=may_be_rung)).position
        phases.append(position.phase)
    return phases


READ, ASKED, TYPED, LEFT = Phase.CONFIRM_CALLER, Phase.ASK, Phase.CONFIRM_TYPED, Phase.ENTER


@pytest.mark.parametrize(
    ("world", "keys", "phases"),
    [
        # The caller's own number is read twice, any other three times in all, and a number is asked for three times.
        (SHOWN, ("1", "", ""), [READ, READ, LEFT]),
        (SHOWN, ("1", "", "2", "", "", ""), [READ, READ, ASKED, ASKED, ASKED, LEFT]),
        (WITHHELD, ("1", "", "", ""), [ASKED, ASKED, ASKED, LEFT]),
        (WITHHELD, ("1", "112", "112", "112"), [ASKED, ASKED, ASKED, LEFT]),
        (WITHHELD, ("1", NUMBER.digits, "", "", ""), [ASKED, TYPED, TYPED, TYPED, LEFT]),
        (
            WITHHELD,
            ("1", NUMBER.digits, "2", NUMBER.digits, "2", NUMBER.digits, "2"),
            [ASKED, TYPED, ASKED, TYPED, ASKED, TYPED, LEFT],
        ),
    ],
)
def test_a_caller_is_asked_a_bounded_number_of_times(world: Facts, keys: tuple[str, ...], phases: list[Phase]) -> None:
    assert through(world, *keys) == phases
