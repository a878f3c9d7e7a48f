"""Where a call stands, and what a specialist is doing."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import Outcome
from app.domain.layers import Layer
from app.domain.lines import StaffId
from app.domain.missed_calls import LONG_WAIT, MISSED, is_missed
from app.domain.rosters import OnDuty
from app.domain.rotas import Tier
from app.domain.today import CallPart, CallStanding, Doing, PersonNow, doing_of, part_of, rests_on

SECOND = timedelta(seconds=1)
standings = st.builds(CallStanding, st.sampled_from(Outcome), *[st.booleans()] * 4)


def standing(*facts: str, outcome: Outcome = Outcome.IN_PROGRESS) -> CallStanding:
    """Of a call of which these are true."""
    return CallStanding(outcome, *(one in facts for one in ("ended", "talked", "rung", "on hold")))


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (standing(), CallPart.RINGING),
        (standing("rung"), CallPart.RINGING),
        (standing("on hold"), CallPart.ON_HOLD),
        (standing("rung", "on hold"), CallPart.RINGING),
        (standing("talked"), CallPart.TALKING),
        (standing("ended", outcome=Outcome.ANSWERED), CallPart.ENDED),
        (standing(outcome=Outcome.UNANSWERED), CallPart.ENDED),
    ],
    ids=["in a menu", "a phone rings", "on hold", "fetched from hold", "talked", "over", "hears its last words"],
)
def test_a_call_stands_where_its_facts_put_it(call: CallStanding, part: CallPart) -> None:
    assert part_of(call) is part


@given(call=standings)
def test_what_has_an_outcome_or_an_end_is_no_call_of_now(call: CallStanding) -> None:
    is_over = call.has_ended or call.outcome is not Outcome.IN_PROGRESS

    assert (part_of(call) is CallPart.ENDED) == is_over


@pytest.mark.parametrize(
    ("person", "doing"),
    [
        (PersonNow(Doing.IN_CALL, is_paused=True, wraps_up=True, is_on_duty=True), Doing.IN_CALL),
        (PersonNow(Doing.RINGING, is_paused=False, wraps_up=False, is_on_duty=True), Doing.RINGING),
        (PersonNow(None, is_paused=True, wraps_up=True, is_on_duty=True), Doing.PAUSED),
        (PersonNow(None, is_paused=False, wraps_up=True, is_on_duty=True), Doing.WRAPPING_UP),
        (PersonNow(None, is_paused=False, wraps_up=False, is_on_duty=True), Doing.FREE),
        (PersonNow(None, is_paused=False, wraps_up=False, is_on_duty=False), Doing.OFF_DUTY),
    ],
    ids=lambda one: str(one) if isinstance(one, Doing) else "",
)
def test_of_several_things_the_one_that_keeps_a_phone_silent_longest_is_told(person: PersonNow, doing: Doing) -> None:
    assert doing_of(person) is doing


def test_a_line_rests_on_somebody_who_is_alone_on_duty() -> None:
    alfa, beta = (OnDuty(StaffId(name), Tier.PRIMARY, "", Layer.ROTA) for name in ("alfa", "beta"))

    found = [rests_on(StaffId("alfa"), people) for people in ((alfa,), (alfa, beta), (beta,), ())]

    assert found == [True, False, False, False]


@pytest.mark.parametrize(("outcome", "waited"), [*product(Outcome, (timedelta(), LONG_WAIT - SECOND, LONG_WAIT))])
def test_a_call_is_a_task_when_it_was_in_vain_and_the_caller_meant_it(outcome: Outcome, waited: timedelta) -> None:
    is_task = is_missed(outcome, waited)

    if outcome is Outcome.ABANDONED:
        assert is_task == (waited >= LONG_WAIT)
    else:
        assert is_task == (outcome in {Outcome.UNANSWERED, Outcome.FAILED})
    assert outcome in MISSED or not is_task
