"""Everyone is in a call: callers hear words, are served first come, first served, and can ask to be rung back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow import check_flow, step
from app.domain.callflow.hold import LONGEST_SILENCE_SECONDS, MOST_IDLE_KEYS, MOST_TURNS, WORDS_SECONDS
from app.domain.callflow.nodes import CallerKind, Hold, Prompt, Ring
from app.domain.callflow.prompts import LONGEST_HOLD, worst_length
from app.domain.callflow.values import AwaitKey, AwaitTime, HangUp, Keys, NotReached, Phase, RingOne, Silence
from app.domain.calls import Outcome, Verdict
from app.domain.lines import StaffId
from app.domain.rotas import Tier
from tests.domain.callflow.cast import (
    AINA,
    BO,
    CLEO,
    FLOWS,
    MONDAY_AT_TEN,
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

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Flow
    from app.domain.callflow.values import Candidate, Step

_RING = small_flow().nodes[node_id("ring")]
assert isinstance(_RING, Ring)
RING = replace(_RING, busy=node_id("hold"))
HOLD = Hold(
    node_id("hold"),
    first=Prompt("All are in calls."),
    again=Prompt("Still in calls."),
    ring=node_id("ring"),
    over=node_id("sorry"),
    callback=node_id("callback"),
)
FLOW = small_flow(RING, HOLD)
CHARACTERS_A_SECOND = 15


def on(
    answer: Step,
    seconds: float,
    *candidates: Candidate,
    keys: str = "",
    flow: Flow = FLOW,
    **changes: Any,  # noqa: ANN401 - checked by facts()
) -> Step:
    """The answer to the next keys, or to silence, so many seconds after ten."""
    event = Keys(keys) if keys else Silence()
    return step(flow, WORDS, answer.position, event, facts(*candidates, now=later(seconds), **changes))


def held(*candidates: Candidate) -> Step:
    return walk(FLOW, facts(*(candidates or (busy(AINA), busy(BO)))), "1")


def test_a_caller_hears_that_all_are_in_calls_and_waits() -> None:
    answer = held()

    assert said(answer) == ["All are in calls."]
    assert answer.wait == AwaitKey(12)
    assert (answer.position.node, answer.position.phase) == ("hold", Phase.WAIT)
    assert answer.position.hold_began == MONDAY_AT_TEN


def test_the_words_come_again_while_all_stay_in_calls() -> None:
    answer = on(held(), 20, busy(AINA), busy(BO))

    assert said(answer) == ["Still in calls."]
    assert answer.position.hold_began == MONDAY_AT_TEN


def test_whoever_is_free_is_rung_at_once() -> None:
    answer = on(held(), 20, busy(AINA), free(BO))

    assert isinstance(answer.wait, RingOne)
    assert answer.wait.staff == BO
    assert said(answer) == []


def test_a_call_that_nobody_waits_for_is_as_before_where_a_flow_holds_nobody() -> None:
    answer = walk(small_flow(), facts(busy(AINA)), "1")

    assert answer.position.node == "callback"


def test_nobody_on_duty_is_no_reason_to_hold() -> None:
    answer = walk(FLOW, facts(), "1")

    assert answer.position.node == "callback"


def test_after_all_who_are_free_were_rung_in_vain_the_call_waits_for_those_who_are_in_calls() -> None:
    first = walk(FLOW, facts(free(AINA), busy(BO)), "1")

    answer = step(FLOW, WORDS, first.position, NotReached(), facts(free(AINA), busy(BO), now=later(25)))

    assert said(answer) == ["All are in calls."]


def test_when_the_last_one_did_not_answer_either_a_callback_is_offered() -> None:
    ringing = on(held(busy(AINA)), 20, free(AINA))

    answer = step(FLOW, WORDS, ringing.position, NotReached(), facts(free(AINA), now=later(45)))

    assert said(answer) == ["Ring back?"]


def test_a_caller_keeps_the_place_through_an_attempt_in_between() -> None:
    ringing = on(held(), 20, free(AINA), busy(BO))

    answer = step(FLOW, WORDS, ringing.position, NotReached(), facts(free(AINA), busy(BO), now=later(45)))

    assert answer.position.node == "hold"
    assert answer.position.hold_began == MONDAY_AT_TEN
    assert said(answer) == ["Still in calls."]


# --- first come, first served ----------------------------------------------------------------------------------------


def test_the_only_free_one_is_left_for_a_caller_who_came_before() -> None:
    answer = walk(FLOW, facts(free(AINA), ahead=(frozenset({AINA}),)), "1")

    assert answer.position.node == "hold"


def test_with_one_more_free_than_callers_before_there_is_one_for_this_caller() -> None:
    answer = walk(FLOW, facts(free(AINA), free(BO), ahead=(frozenset({AINA, BO}),)), "1")

    assert isinstance(answer.wait, RingOne)
    assert answer.wait.staff == BO


def test_a_caller_before_who_cannot_be_given_the_free_one_does_not_keep_others_waiting() -> None:
    answer = walk(FLOW, facts(free(AINA), ahead=(frozenset({BO}), frozenset())), "1")

    assert isinstance(answer.wait, RingOne)
    assert answer.wait.staff == AINA


@given(st.integers(0, 6), st.integers(0, 6))
def test_of_so_many_free_people_so_many_callers_before_get_one_each(people: int, before: int) -> None:
    everyone = [replace(free(AINA), staff=StaffId(f"staff{number}")) for number in range(people)]
    everybody = frozenset(one.staff for one in everyone)

    answer = walk(FLOW, facts(*everyone, ahead=(everybody,) * before), "1")

    assert isinstance(answer.wait, RingOne) == (people > before)
    assert (answer.position.node == "hold") == (0 < people <= before)


# --- a way out at any time -------------------------------------------------------------------------------------------


def test_one_asks_to_be_rung_back_and_the_number_is_read_at_once() -> None:
    answer = on(held(), 8, busy(AINA), busy(BO), keys="1")

    assert said(answer) == ["Is it {number}?"]
    assert answer.position.phase is Phase.CONFIRM_CALLER


def test_a_withheld_caller_who_presses_one_is_asked_for_a_number() -> None:
    answer = on(held(), 8, busy(AINA), keys="1", caller_may_be_rung=False)

    assert said(answer) == ["Which number?"]


@pytest.mark.parametrize("key", ["2", "5", "9", "0", "*", "#"])
def test_another_key_changes_nothing(key: str) -> None:
    answer = on(held(), 8, busy(AINA), busy(BO), keys=key)

    assert said(answer) == ["Still in calls."]


def test_an_exposed_caller_is_offered_no_callback_on_hold_whatever_the_flow_says() -> None:
    answer = held()
    exposed = replace(answer.position, caller_kind=CallerKind.EXPOSED)

    after = on(replace(answer, position=exposed), 8, busy(AINA), keys="1")

    assert said(after) == ["Still in calls."]


def test_where_the_flow_offers_no_callback_on_hold_one_changes_nothing() -> None:
    flow = small_flow(RING, replace(HOLD, callback=None))

    answer = on(held(), 8, busy(AINA), flow=flow, keys="1")

    assert said(answer) == ["Still in calls."]


# --- bounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds_a_turn", [0, 5, 17, 20, 40])
def test_hold_ends_in_words_after_fifteen_turns_or_before_five_minutes_are_over(seconds_a_turn: int) -> None:
    answer, turns = held(), 1
    while isinstance(answer.wait, AwaitKey):
        answer = on(answer, turns * seconds_a_turn, busy(AINA), busy(BO))
        turns += isinstance(answer.wait, AwaitKey)

    assert said(answer) == ["Sorry."]
    assert answer.wait == HangUp()
    assert answer.verdict == Verdict(Outcome.UNANSWERED, "ring:all_busy")
    assert turns <= MOST_TURNS
    assert turns * seconds_a_turn <= 300


def test_at_the_pace_of_the_shipped_flows_all_fifteen_turns_are_used() -> None:
    answer, turns = held(), 1
    while isinstance(answer.wait, AwaitKey):
        answer = on(answer, turns * 17, busy(AINA), busy(BO))
        turns += isinstance(answer.wait, AwaitKey)

    assert turns == MOST_TURNS


def test_keys_that_mean_nothing_cost_the_caller_no_turn_of_the_queue() -> None:
    answer = held()
    for turn in range(MOST_IDLE_KEYS):
        answer = on(answer, turn, busy(AINA), keys="5")

    assert said(answer) == ["Still in calls."]
    assert answer.position.hold_turns == 1


def test_whoever_presses_on_and_on_comes_to_the_last_words() -> None:
    answer = held()
    for turn in range(MOST_IDLE_KEYS + MOST_TURNS - 1):
        answer = on(answer, turn, busy(AINA), keys="5")
        assert answer.position.node == "hold"

    assert said(on(answer, 40, busy(AINA), keys="5")) == ["Sorry."]


def test_where_no_key_means_anything_none_is_listened_to() -> None:
    flow = small_flow(RING, replace(HOLD, callback=None))
    exposed = replace(held().position, caller_kind=CallerKind.EXPOSED)

    without_callback = walk(flow, facts(busy(AINA)), "1")
    of_an_exposed_caller = on(replace(held(), position=exposed), 20, busy(AINA))

    assert without_callback.wait == of_an_exposed_caller.wait == AwaitTime(12)


def test_a_call_without_time_for_hold_goes_where_it_went_before() -> None:
    first = walk(FLOW, facts(free(AINA), busy(BO)), "1")

    answer = step(FLOW, WORDS, first.position, NotReached(), facts(free(AINA), busy(BO), now=later(280)))

    assert said(answer) == ["Ring back?"]


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_the_shipped_words_come_at_least_every_twenty_seconds(name: str) -> None:
    holds = [node for node in FLOWS[name].nodes.values() if isinstance(node, Hold)]

    assert holds
    for node in holds:
        for prompt in (node.first, node.again, *node.first.others.values(), *node.again.others.values()):
            seconds = worst_length(prompt.say) / CHARACTERS_A_SECOND
            assert seconds <= WORDS_SECONDS
            assert seconds + node.pause_seconds <= LONGEST_SILENCE_SECONDS


def test_the_longest_words_on_hold_take_as_long_as_is_reckoned_with() -> None:
    assert LONGEST_HOLD / CHARACTERS_A_SECOND == WORDS_SECONDS


# --- what is proved of a flow ----------------------------------------------------------------------------------------


def test_a_flow_with_hold_is_proved() -> None:
    assert check_flow(FLOW) == []


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (small_flow(replace(RING, busy=node_id("sorry")), HOLD), "node.ring.busy: found sorry; allowed: a hold node"),
        (small_flow(RING, replace(HOLD, ring=node_id("who"))), "node.hold.ring: found who; allowed: a ring node"),
        (
            small_flow(RING, replace(HOLD, callback=node_id("sorry"))),
            "node.hold.callback: found sorry; allowed: a callback node",
        ),
        (
            small_flow(RING, replace(HOLD, again=Prompt("x" * 121))),
            "node.hold.again: found up to 121 characters when it is filled; allowed: at most 120",
        ),
        (small_flow(RING, replace(HOLD, over=node_id("end"))), "node.end: found an end that can be reached without"),
    ],
)
def test_a_hold_that_leads_astray_is_refused(flow: Flow, expected: str) -> None:
    found = [str(problem) for problem in check_flow(flow)]

    assert any(expected in problem for problem in found), found


@given(
    st.lists(st.tuples(st.sampled_from(["", "1", "5"]), st.integers(0, 30), st.booleans(), st.booleans()), max_size=60)
)
def test_a_call_that_is_held_always_comes_to_an_end(events: list[tuple[str, int, bool, bool]]) -> None:
    answer, now = held(), timedelta()
    for keys, seconds, is_free, backup_is_free in [*events, *[("", 20, False, False)] * 40]:
        now += timedelta(seconds=seconds)
        world = facts(
            replace(busy(AINA), is_free=is_free),
            replace(busy(CLEO, Tier.BACKUP), is_free=backup_is_free),
            now=MONDAY_AT_TEN + now,
        )
        if isinstance(answer.wait, HangUp):
            break
        if isinstance(answer.wait, RingOne):
            answer = step(FLOW, WORDS, answer.position, NotReached(), world)
        else:
            answer = step(FLOW, WORDS, answer.position, Keys(keys) if keys else Silence(), world)

    assert isinstance(answer.wait, HangUp)
    assert said(answer)
    assert answer.verdict is not None
