"""Nodes and events, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.callflow import step
from app.domain.callflow.nodes import CallerKind, Flow, Message, Prompt
from app.domain.callflow.values import (
    Arrived,
    AwaitKey,
    ConversationEnded,
    HangUp,
    Keys,
    NotReached,
    Phase,
    Position,
    RingOne,
    Silence,
    Spoken,
)
from app.domain.calls import Outcome, Verdict
from app.domain.hours import Closed, ClosedKind, Opening
from tests.domain.callflow.cast import (
    AINA,
    BO,
    MONDAY_AT_TEN,
    SHUT,
    WORDS,
    facts,
    free,
    node_id,
    said,
    small_flow,
    walk,
)

FLOW = small_flow()


def test_an_open_line_greets_and_asks_who_calls() -> None:
    answer = walk(FLOW, facts(free(AINA)))

    assert said(answer) == ["Welcome to Resurscentrum heder Skåne.", "Who?"]
    assert answer.wait == AwaitKey()
    assert answer.verdict is None
    assert answer.trail == ("hours", "hello", "who")
    assert answer.position.phase is Phase.WAIT


def test_a_closed_line_tells_why_and_when_it_opens_and_hangs_up() -> None:
    answer = walk(FLOW, facts(opening=SHUT, now=SHUT.at))

    assert said(answer) == ["Closed för dagen until på måndag den 28 december klockan nio."]
    assert answer.wait == HangUp()
    assert answer.verdict == Verdict(Outcome.CLOSED, "efter stängning")


def test_a_closed_line_without_a_next_opening_still_says_something() -> None:
    for_ever = Opening(MONDAY_AT_TEN, closed=Closed(ClosedKind.HOLIDAY, "Juldagen"), closes_at=None, next_opening=None)

    answer = walk(FLOW, facts(opening=for_ever))

    assert said(answer) == ["Closed för att det är Juldagen until när nästa öppettid är bestämd."]
    assert answer.verdict == Verdict(Outcome.CLOSED, "Juldagen")


@pytest.mark.parametrize(
    ("key", "kind", "spoken_kind"),
    [
        ("1", CallerKind.PROFESSIONAL, "någon som ringer i sitt arbete"),
        ("", CallerKind.UNKNOWN, "någon som inte har gjort något val"),
    ],
)
def test_the_specialist_hears_what_the_caller_said_of_themselves(key: str, kind: CallerKind, spoken_kind: str) -> None:
    events = [key] if key else ["", ""]

    answer = walk(FLOW, facts(free(AINA)), *events)

    assert answer.position.caller_kind is kind
    assert answer.wait == RingOne(AINA, 20, Spoken(f"{spoken_kind} on Resurscentrum heder Skåne."))


def test_an_exposed_caller_is_told_where_to_turn() -> None:
    answer = walk(FLOW, facts(free(AINA)), "2")

    assert said(answer) == ["Elsewhere."]
    assert answer.wait == HangUp()
    assert answer.verdict == Verdict(Outcome.REFERRED, "refer")
    assert answer.position.caller_kind is CallerKind.EXPOSED


@pytest.mark.parametrize("other", ["", "3", "#", "12"])
def test_a_caller_without_a_valid_key_is_asked_again_and_then_connected(other: str) -> None:
    again = walk(FLOW, facts(free(AINA)), other)
    connected = walk(FLOW, facts(free(AINA)), other, other)

    assert said(again) == ["Who?"]
    assert isinstance(connected.wait, RingOne)


def test_when_the_specialist_hangs_up_the_caller_hears_goodbye_and_the_accept_decides() -> None:
    answer = walk(FLOW, facts(free(AINA)), "1", ConversationEnded())

    assert said(answer) == ["Goodbye."]
    assert answer.wait == HangUp()
    assert answer.verdict is None
    assert answer.position.node == "end"


def test_a_conversation_that_ended_where_no_ring_node_is_known_ends_in_words_too() -> None:
    ringless = Flow(
        "ringless",
        "No phones",
        node_id("give_up"),
        node_id("give_up"),
        {key: FLOW.nodes[key] for key in (node_id("give_up"), node_id("end"))},
    )

    in_menu = step(FLOW, WORDS, Position(node_id("who")), ConversationEnded(), facts())
    nowhere = step(ringless, WORDS, Position(node_id("gone")), ConversationEnded(), facts())

    assert (said(in_menu), in_menu.wait, in_menu.verdict) == (["Goodbye."], HangUp(), None)
    assert (said(nowhere), nowhere.wait, nowhere.verdict) == (["Enough."], HangUp(), None)


def test_a_call_at_a_node_that_is_gone_is_told_the_way_on() -> None:
    answer = step(FLOW, WORDS, Position(node_id("gone")), Keys("1"), facts())

    assert said(answer) == ["Enough."]
    assert answer.verdict == Verdict(Outcome.FAILED, "unknown_node")


def test_a_call_that_rang_before_its_node_went_is_unanswered() -> None:
    position = Position(node_id("gone"), ring_node=node_id("ring"), cause="all_busy")

    answer = step(FLOW, WORDS, position, Keys("1"), facts())

    assert answer.verdict == Verdict(Outcome.UNANSWERED, "ring:all_busy")


@pytest.mark.parametrize("event", [Arrived(), Keys("1"), Silence(), NotReached()])
def test_an_event_after_the_hang_up_hears_words_and_changes_no_verdict(event: Keys | Silence) -> None:
    hung_up = walk(FLOW, facts(free(AINA)), "2")

    answer = step(FLOW, WORDS, hung_up.position, event, facts())

    assert said(answer) == ["Enough."]
    assert answer.verdict == hung_up.verdict


@pytest.mark.parametrize("event", [Arrived(), Silence(), NotReached()])
def test_an_event_that_does_not_belong_to_a_menu_counts_as_silence(event: Silence) -> None:
    answer = walk(FLOW, facts(free(AINA)), event)

    assert said(answer) == ["Who?"]


@pytest.mark.parametrize("event", [Keys("1"), Silence(), NotReached()])
def test_a_node_that_became_a_speaking_one_is_spoken(event: Keys | Silence) -> None:
    answer = step(FLOW, WORDS, Position(node_id("hello"), phase=Phase.WAIT), event, facts(free(AINA)))

    assert said(answer) == ["Welcome to Resurscentrum heder Skåne.", "Who?"]
    assert answer.trail == ("hello", "who")


def test_a_node_that_became_a_question_is_asked_before_a_key_counts() -> None:
    answer = step(FLOW, WORDS, Position(node_id("who"), phase=Phase.OFFER, tries=3), Keys("2"), facts(free(AINA)))

    assert said(answer) == ["Who?"]
    assert answer.position.tries == 1


def test_a_node_that_became_a_ring_node_rings() -> None:
    answer = step(FLOW, WORDS, Position(node_id("ring"), phase=Phase.OFFER), Silence(), facts(free(AINA)))

    assert isinstance(answer.wait, RingOne)


def test_a_node_that_became_a_callback_offer_is_offered() -> None:
    answer = step(FLOW, WORDS, Position(node_id("callback"), phase=Phase.WAIT), Keys("1"), facts())

    assert said(answer) == ["Ring back?"]
    assert answer.position.phase is Phase.OFFER


def test_a_flow_that_only_speaks_ends_unanswered_at_what_it_said() -> None:
    flow = small_flow(Message(node_id("who"), Prompt("Nobody works here."), node_id("end")))

    assert walk(flow, facts()).verdict == Verdict(Outcome.UNANSWERED, "who")


def test_a_flow_that_starts_with_its_end_still_has_a_verdict() -> None:
    assert walk(small_flow(start="end"), facts()).verdict == Verdict(Outcome.UNANSWERED, "end")


def test_a_recording_is_played_as_it_is() -> None:
    flow = small_flow(Message(node_id("who"), Prompt("Hello.", play="hello.wav"), node_id("end")))

    assert walk(flow, facts()).spoken[1] == Spoken("Hello.", "hello.wav")


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_answers_are_counted_and_a_key_starts_the_count_of_silent_ones_anew() -> None:
    first = walk(FLOW, facts(free(AINA)))
    second = walk(FLOW, facts(free(AINA)), "")
    third = walk(FLOW, facts(free(AINA), free(BO)), "", "1")
    fourth = walk(FLOW, facts(free(AINA), free(BO)), "", "1", NotReached())

    counts = [(one.position.documents, one.position.silent_documents) for one in (first, second, third, fourth)]
    assert counts == [(1, 1), (2, 2), (3, 0), (4, 1)]


@pytest.mark.parametrize(
    ("position", "event"),
    [
        (Position(node_id("who"), phase=Phase.WAIT, documents=99), Keys("1")),
        (Position(node_id("who"), phase=Phase.WAIT, documents=40, silent_documents=29), Silence()),
    ],
)
def test_a_call_that_has_used_up_its_bounds_gives_up_in_words(position: Position, event: Keys | Silence) -> None:
    answer = step(FLOW, WORDS, position, event, facts(free(AINA)))

    assert said(answer) == ["Enough."]
    assert answer.wait == HangUp()
    assert answer.verdict == Verdict(Outcome.UNANSWERED, "give_up")
    assert answer.position.rung == ()


def test_a_call_that_ends_by_itself_at_its_last_answer_is_left_alone() -> None:
    answer = step(FLOW, WORDS, Position(node_id("who"), phase=Phase.WAIT, documents=99), Keys("2"), facts())

    assert said(answer) == ["Elsewhere."]


def test_a_call_that_gives_up_while_it_rings_is_unanswered_there() -> None:
    ringing = walk(FLOW, facts(free(AINA), free(BO)), "1")
    at_the_bound = replace(ringing.position, silent_documents=29)

    answer = step(FLOW, WORDS, at_the_bound, NotReached(), facts(free(AINA), free(BO)))

    assert answer.verdict == Verdict(Outcome.UNANSWERED, "ring:no_answer")


def test_a_number_confirmed_in_the_last_answer_stays_confirmed() -> None:
    flow = small_flow(Message(node_id("done"), Prompt("We ring."), node_id("who")))
    reading_back = walk(flow, facts(), "1", "1")
    at_the_bound = replace(reading_back.position, documents=99)

    answer = step(flow, WORDS, at_the_bound, Keys("1"), facts())

    assert said(answer) == ["Enough."]
    assert answer.confirmed is not None
    assert answer.verdict == Verdict(Outcome.CALLBACK, "callback")
