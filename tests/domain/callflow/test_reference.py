"""Callers with the reference of a case: who is rung first, and that nothing tells which references there are."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow import begin, step
from app.domain.callflow.nodes import CallerKind, Prompt, ReferenceQuestion, WhoGate
from app.domain.callflow.questions import MOST_QUESTIONS
from app.domain.callflow.ring import DIAL_MARGIN_SECONDS, MOST_ATTEMPTS
from app.domain.callflow.values import AwaitKey, AwaitNumber, Candidate, KeyedCase, Keys, NotReached, RingOne, Silence
from app.domain.cases import CaseId, reference_of
from app.domain.lines import LineKey, StaffId
from app.domain.rotas import Tier
from app.domain.skills import Language
from tests.domain.callflow.cast import (
    AINA,
    BO,
    CLEO,
    FLOWS,
    WORDS,
    busy,
    facts,
    free,
    later,
    node_id,
    said,
    small_flow,
    walk,
)
from tests.domain.callflow.test_laws import events, flows, positions, worlds

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.values import Event, Facts, Position, Step

REFERENCE = reference_of(412_537).digits
WRONG = "4125370"
BOS = KeyedCase(CaseId(7), BO)
_WHO = small_flow().nodes[node_id("who")]
assert isinstance(_WHO, WhoGate)
QUESTION = ReferenceQuestion(node_id("reference"), Prompt("Which?"), Prompt("Again?"), node_id("ring"))
FLOW = small_flow(replace(_WHO, reference=node_id("reference")), QUESTION)


def rung(answer: Step) -> str | None:
    return answer.wait.staff if isinstance(answer.wait, RingOne) else None


def test_the_reference_is_asked_for_and_whoever_is_responsible_is_rung() -> None:
    world = facts(free(AINA), free(BO), keyed_case=BOS)

    asked, answer = walk(FLOW, world, "3"), walk(FLOW, world, "3", REFERENCE)

    assert (said(asked), asked.wait) == (["Which?"], AwaitNumber(10, digits=7))
    assert (rung(answer), answer.position.keyed_case, answer.position.gave_reference) == (BO, BOS, True)
    assert isinstance(answer.wait, RingOne)
    assert answer.wait.screen.text == "någon med ärendenummer on Resurscentrum heder Skåne."


@pytest.mark.parametrize(
    ("others", "order"),
    [
        ((free(AINA), free(BO), free(CLEO, Tier.BACKUP)), [BO, AINA, CLEO, None]),
        ((free(AINA), free(CLEO), free(BO, Tier.BACKUP)), [BO, AINA, CLEO, None]),
        ((free(AINA), replace(free(BO), wraps_up=True)), [BO, AINA, None]),
        ((free(AINA), busy(BO)), [AINA, None]),
        ((free(AINA), free(CLEO)), [AINA, CLEO, None]),
        ((free(AINA), replace(free(BO), overflow=LineKey("nationell"))), [AINA, None]),
    ],
    ids=["of the first tier", "of the backup tier", "wrapping up", "in a call", "off duty", "of another line"],
)
def test_whoever_is_responsible_is_rung_first_if_they_can_be(
    others: tuple[Candidate, ...], order: list[str | None]
) -> None:
    world = facts(*others, keyed_case=BOS)

    answers = [walk(FLOW, world, "3", REFERENCE, *[NotReached()] * times) for times in range(len(order))]

    assert [rung(one) for one in answers] == order


def test_whoever_waits_already_goes_before_a_case() -> None:
    world = facts(free(BO), free(AINA), keyed_case=BOS, ahead=(frozenset({BO}),))

    assert rung(walk(FLOW, world, "3", REFERENCE)) == AINA


def test_whoever_is_responsible_and_free_after_the_wait_is_rung_then() -> None:
    flow, taken = FLOWS["nationell"], facts(busy(AINA), busy(BO), keyed_case=BOS)
    waiting = walk(flow, taken, "3", REFERENCE)

    answer = step(flow, WORDS, waiting.position, Silence(), facts(free(AINA), free(BO)))

    assert (waiting.position.node, rung(answer)) == ("hold", BO)


@pytest.mark.parametrize("keyed", [[""], [WRONG, ""], [WRONG, WRONG], ["1", "2"], ["*", "0000000"]])
def test_without_a_reference_somebody_is_rung_all_the_same(keyed: list[str]) -> None:
    answer = walk(FLOW, facts(free(AINA), free(BO)), "3", *keyed)

    assert (rung(answer), answer.position.gave_reference, answer.position.keyed_case) == (AINA, False, None)
    assert answer.position.caller_kind is CallerKind.UNKNOWN


def test_digits_that_can_be_no_reference_are_asked_for_once_more() -> None:
    assert said(walk(FLOW, facts(free(AINA)), "3", WRONG)) == ["Again?"]


def test_where_key_3_leads_nowhere_it_is_no_choice() -> None:
    assert said(walk(small_flow(), facts(free(AINA)), "3")) == ["Who?"]


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_the_shipped_flows_ask_for_it_in_english_too(name: str) -> None:
    world = facts(free(AINA), free(BO), keyed_case=BOS)

    asked, answer = walk(FLOWS[name], world, "9", "3"), walk(FLOWS[name], world, "9", "3", REFERENCE)

    assert said(asked)[0].startswith("Key in your case reference")
    assert (rung(answer), answer.position.language) == (BO, Language.ENGLISH)


@given(
    st.lists(st.sampled_from(["", "1", "3", "9", "7", REFERENCE, WRONG]), min_size=8, max_size=8),
    st.sampled_from(sorted(FLOWS)),
)
def test_at_most_two_different_questions_are_asked_before_a_phone_rings(keys: list[str], name: str) -> None:
    answers = [walk(FLOWS[name], facts(free(AINA)), *keys[:count]) for count in range(len(keys))]
    questions = list(takewhile(lambda one: isinstance(one.wait, AwaitKey | AwaitNumber), answers))

    assert isinstance(answers[len(questions)].wait, RingOne)
    assert len({one.position.node for one in questions}) <= MOST_QUESTIONS


# --- nothing tells which references there are ------------------------------------------------------------------------


def heard(answer: Step) -> tuple[object, ...]:
    """A step as far as a caller can tell, and whoever picks up, but for whose phone it is."""
    wait = replace(answer.wait, staff=StaffId("")) if isinstance(answer.wait, RingOne) else answer.wait
    return answer.spoken, wait, answer.verdict, answer.trail


@given(flows, positions, events, worlds, st.none() | st.builds(KeyedCase, st.just(CaseId(1)), st.just(AINA)))
def test_a_step_is_the_same_whether_or_not_the_reference_is_known(
    flow: Flow, position: Position, event: Event, world: Facts, case: KeyedCase | None
) -> None:
    known = step(flow, WORDS, position, event, replace(world, keyed_case=case))
    unknown = step(flow, WORDS, position, event, replace(world, keyed_case=None))

    assert heard(known) == heard(unknown)


PEOPLE = [StaffId(f"staff{number}") for number in range(14)]


@given(
    st.sampled_from(sorted(FLOWS)),
    st.lists(st.sampled_from(Tier), max_size=len(PEOPLE)),
    st.sampled_from(PEOPLE),
    st.integers(0, 3),
)
def test_a_call_that_nobody_takes_is_the_same_to_its_end_whether_or_not_the_reference_is_known(
    name: str, tiers: list[Tier], responsible: StaffId, in_calls: int
) -> None:
    people = [
        Candidate(staff, tier, is_free=place >= in_calls)
        for place, (staff, tier) in enumerate(zip(PEOPLE, sorted(tiers, reverse=True), strict=False))
    ]

    known = _in_vain(FLOWS[name], people, KeyedCase(CaseId(1), responsible))
    unknown = _in_vain(FLOWS[name], people, None)

    assert [heard(one) for one in known] == [heard(one) for one in unknown]
    assert sum(isinstance(one.wait, RingOne) for one in known) <= MOST_ATTEMPTS


def _in_vain(flow: Flow, people: list[Candidate], case: KeyedCase | None) -> list[Step]:
    """Every answer up to the first that rings nobody, when each phone rings as long as it may."""
    world = facts(*people, keyed_case=case)
    answers = [begin(flow, WORDS, world)]
    for event in (Keys("3"), Keys(REFERENCE)):
        answers.append(step(flow, WORDS, answers[-1].position, event, world))
    seconds = 0.0
    while isinstance(answers[-1].wait, RingOne):
        seconds += answers[-1].wait.ring_seconds + DIAL_MARGIN_SECONDS
        answers.append(step(flow, WORDS, answers[-1].position, NotReached(), replace(world, now=later(seconds))))
    return answers


@given(flows, positions, events, worlds)
def test_no_digit_of_a_reference_is_kept(flow: Flow, position: Position, event: Event, world: Facts) -> None:
    answer = step(flow, WORDS, position, event, world)

    if isinstance(event, Keys) and event.digits == REFERENCE:
        assert REFERENCE not in repr(answer)
