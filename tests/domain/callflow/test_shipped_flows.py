"""What the shipped files say, and what every call through them obeys."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from app.domain.callflow import check_flow, check_flow_for_line, proofs
from app.domain.callflow.nodes import CallbackOffer, CallerKind, Ring
from app.domain.callflow.values import ConversationEnded, HangUp, NotReached, Phase, RingOne, Spoken
from app.domain.calls import Outcome, Verdict
from app.domain.lines import Audience
from tests.domain.callflow.cast import AINA, BO, FLOWS, SHUT, facts, free, line, said, walk
from tests.domain.callflow.exploring import Visit, every_visit

if TYPE_CHECKING:
    from app.domain.callflow.values import Step

NAMES = sorted(FLOWS)
FOR_PROFESSIONALS = ("nationell", "regional")
FOR_ALL = "regional-utsatta"
TO_RING = {"nationell": ("1", ""), "regional": ("1",), "regional-utsatta": ("1",)}
"""What a professional presses before somebody is rung."""
OFFERING = {Phase.OFFER, Phase.CONFIRM_CALLER, Phase.ASK, Phase.CONFIRM_TYPED}

SOS, POLICE, FOREIGN_OFFICE = "112", "11414", "084055005"
WOMENS_LINE, BRIS, NATIONAL_LINE = "020505050", "116111", "0102235760"


@cache
def visits(name: str) -> tuple[Visit, ...]:
    return tuple(every_visit(FLOWS[name]))


def numbers(answer: Step) -> list[str]:
    """The telephone numbers that an answer speaks, as they are dialled."""
    text = " ".join(said(answer))
    return ["".join(filter(str.isdigit, found)) for found in re.findall(r"\d(?:[ ,-]{0,2}\d)+", text)]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_greeting_says_the_line_what_is_noted_and_where_to_turn_in_danger(name: str) -> None:
    greeting = said(walk(FLOWS[name], facts(free(AINA))))[0]

    assert greeting.startswith("Välkommen till Resurscentrum heder Skåne.")
    assert "i ditt arbete" in greeting
    assert "utan namn och personnummer" in greeting
    assert "Samtalet spelas inte in." in greeting
    assert "ämne och kommun för statistik" in greeting
    assert "Läs mer på malmo punkt s e." in greeting
    assert "Vid fara för liv, ring 112." in greeting


@pytest.mark.parametrize("name", NAMES)
def test_the_closed_message_says_why_when_and_where_to_turn_now(name: str) -> None:
    answer = walk(FLOWS[name], facts(opening=SHUT, now=SHUT.at))

    message = " ".join(said(answer))
    assert "Du har kommit till Resurscentrum heder Skåne. Vi har stängt för dagen." in message
    assert "Vi öppnar igen på måndag den 28 december klockan nio." in message
    assert "socialtjänsten eller socialjouren" in message
    assert "Fler nummer finns på malmo punkt s e." in message
    womens_line = [WOMENS_LINE] if name == FOR_ALL else []
    assert numbers(answer)[1:] == [SOS, POLICE, SOS, FOREIGN_OFFICE, *womens_line]
    assert answer.verdict == Verdict(Outcome.CLOSED, "efter stängning")


@pytest.mark.parametrize("name", FOR_PROFESSIONALS)
def test_an_exposed_caller_of_a_line_for_professionals_is_told_who_helps(name: str) -> None:
    answer = walk(FLOWS[name], facts(free(AINA)), "2")

    assert numbers(answer)[:3] == [SOS, WOMENS_LINE, "18"]
    assert numbers(answer)[3] == BRIS
    assert "socialjouren" in said(answer)[0]
    assert answer.verdict == Verdict(Outcome.REFERRED, "refer_exposed")


def test_an_exposed_caller_of_a_line_for_all_is_rung_through_and_never_offered_a_callback() -> None:
    connected = walk(FLOWS[FOR_ALL], facts(free(AINA)), "2")
    ended = walk(FLOWS[FOR_ALL], facts(free(AINA)), "2", NotReached())

    assert isinstance(connected.wait, RingOne)
    assert "någon som är utsatt eller anhörig" in connected.wait.screen.text
    assert ended.wait == HangUp()
    assert {SOS, WOMENS_LINE, BRIS} <= set(numbers(ended))
    assert ended.verdict == Verdict(Outcome.UNANSWERED, "ring_exposed:no_answer")


def test_a_silent_caller_of_a_line_for_all_is_rung_through_and_never_offered_a_callback() -> None:
    connected = walk(FLOWS[FOR_ALL], facts(free(AINA)), "", "")
    ended = walk(FLOWS[FOR_ALL], facts(free(AINA)), "", "", NotReached())

    assert isinstance(connected.wait, RingOne)
    assert ended.wait == HangUp()
    assert {SOS, WOMENS_LINE, NATIONAL_LINE} <= set(numbers(ended))


@pytest.mark.parametrize("name", NAMES)
def test_a_professional_whom_nobody_answers_has_the_number_read_back_and_confirmed(name: str) -> None:
    reading = walk(FLOWS[name], facts(free(AINA)), *TO_RING[name], NotReached(), "1")
    confirmed = walk(FLOWS[name], facts(free(AINA)), *TO_RING[name], NotReached(), "1", "1")

    assert "{number}" in said(reading)[0]
    assert confirmed.verdict == Verdict(Outcome.CALLBACK, "callback")
    assert SOS in numbers(confirmed)


@pytest.mark.parametrize("name", NAMES)
def test_a_professional_who_wants_no_callback_is_told_the_way_on(name: str) -> None:
    answer = walk(FLOWS[name], facts(free(AINA)), *TO_RING[name], NotReached(), "")

    assert "Ring gärna igen" in said(answer)[0]
    assert numbers(answer) == ([SOS] if name == "nationell" else [NATIONAL_LINE, SOS])
    assert answer.verdict == Verdict(Outcome.UNANSWERED, "ring:no_answer")


@pytest.mark.parametrize("name", NAMES)
def test_a_caller_who_is_left_after_the_conversation_hears_a_farewell(name: str) -> None:
    answer = walk(FLOWS[name], facts(free(AINA)), *TO_RING[name], ConversationEnded())

    assert said(answer) == ["Samtalet är avslutat. Är någon i fara, ring 112. Tack för att du ringde."]


def test_the_farewell_is_that_of_the_ring_node_where_the_call_was_taken() -> None:
    answer = walk(FLOWS[FOR_ALL], facts(free(AINA)), "2", ConversationEnded())

    assert said(answer) == ["Samtalet är avslutat. Är du i fara, ring 112. Tack för att du ringde."]
    assert answer.position.documents == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_caller_hears_ringing_and_no_words_until_somebody_answers(name: str) -> None:
    world = facts(free(AINA), free(BO))

    assert said(walk(FLOWS[name], world, *TO_RING[name])) == []
    assert said(walk(FLOWS[name], world, *TO_RING[name], NotReached())) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_pilot_line_whose_future_is_open_is_not_spoken(name: str) -> None:
    assert not any("Rätt att välja" in one.text for visit in visits(name) for one in visit.answer.spoken)


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_a_shipped_flow_and_it_has_its_proofs(name: str) -> None:
    assert check_flow(FLOWS[name]) == []
    assert len(proofs(FLOWS[name])) == 10


def test_each_shipped_flow_fits_its_lines() -> None:
    for_all = line(Audience.PROFESSIONAL, Audience.EXPOSED)

    assert check_flow_for_line(FLOWS[FOR_ALL], for_all) == []
    for name in FOR_PROFESSIONALS:
        assert check_flow_for_line(FLOWS[name], line(Audience.PROFESSIONAL)) == []
        assert check_flow_for_line(FLOWS[name], for_all) != []
    assert check_flow_for_line(FLOWS[FOR_ALL], line(Audience.PROFESSIONAL)) != []


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_says_something_or_rings_and_every_hang_up_has_words(name: str) -> None:
    for visit in visits(name):
        words = "".join(said(visit.answer)).strip()
        assert words or isinstance(visit.answer.wait, RingOne), visit


@pytest.mark.parametrize("name", NAMES)
def test_every_hang_up_has_a_verdict_but_the_one_after_a_conversation(name: str) -> None:
    for visit in visits(name):
        if isinstance(visit.answer.wait, HangUp):
            assert (visit.answer.verdict is None) == isinstance(visit.event, ConversationEnded), visit


@pytest.mark.parametrize("name", NAMES)
def test_a_verdict_stays_once_it_is_given(name: str) -> None:
    for visit in visits(name):
        if visit.before and visit.before.at_gate:
            assert visit.answer.position.at_gate == visit.before.at_gate, visit


@pytest.mark.parametrize("name", NAMES)
def test_no_exposed_caller_ever_meets_a_callback_offer(name: str) -> None:
    for visit in visits(name):
        after = visit.answer.position
        if after.caller_kind is CallerKind.EXPOSED:
            assert after.phase not in OFFERING, visit
            assert not any(isinstance(FLOWS[name].nodes[one], CallbackOffer) for one in visit.answer.trail), visit
            assert visit.answer.confirmed is None


def test_on_a_line_for_all_only_professionals_meet_a_callback_offer() -> None:
    for visit in visits(FOR_ALL):
        if visit.answer.position.phase in OFFERING:
            assert visit.answer.position.caller_kind is CallerKind.PROFESSIONAL, visit


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_rung_who_is_not_on_duty_and_free(name: str) -> None:
    for visit in visits(name):
        if isinstance(visit.answer.wait, RingOne):
            assert visit.answer.wait.staff in {one.staff for one in visit.world.candidates if one.is_free}, visit


@pytest.mark.parametrize("name", NAMES)
def test_a_number_is_only_confirmed_after_it_was_read_back(name: str) -> None:
    for visit in visits(name):
        if visit.answer.confirmed:
            assert visit.before is not None
            assert visit.before.phase in {Phase.CONFIRM_CALLER, Phase.CONFIRM_TYPED}, visit


@pytest.mark.parametrize("name", NAMES)
def test_no_placeholder_but_the_number_is_left_for_the_renderer(name: str) -> None:
    for visit in visits(name):
        screens = [visit.answer.wait.screen] if isinstance(visit.answer.wait, RingOne) else list[Spoken]()
        for one in (*visit.answer.spoken, *screens):
            assert not re.search(r"[{}]", one.text.replace("{number}", "")), one


@pytest.mark.parametrize("name", NAMES)
def test_every_ring_node_keeps_to_the_bounds(name: str) -> None:
    for node in FLOWS[name].nodes.values():
        if isinstance(node, Ring):
            assert (node.ring_seconds, node.tier_seconds, node.total_seconds) == (20, 90, 300)
            assert replace(node).rounds == 1
