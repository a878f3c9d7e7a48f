"""Callbacks may come in any order, twice or late: the record ends the same."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from tests.voice.test_a_call import attempts_of, call_of, ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.support.webhooks import Answered, Twilio

    Dial = Callable[..., Twilio]
    Callback = Callable[[Twilio, Answered], Answered]


def status(twilio: Twilio, ringing: Answered) -> Answered:
    del ringing
    return twilio.hang_up()


def leg_completed(twilio: Twilio, ringing: Answered) -> Answered:
    return twilio.on_leg(ringing.leg_url, CallStatus="completed", CallDuration="61", SequenceNumber="3")


def leg_answered(twilio: Twilio, ringing: Answered) -> Answered:
    return twilio.on_leg(ringing.leg_url, CallStatus="in-progress", SequenceNumber="2")


def bridged_and_left(twilio: Twilio, ringing: Answered) -> Answered:
    return twilio.dial_ended(ringing, "completed", bridged=True, DialCallDuration="60", CallStatus="completed")


def never_joined(twilio: Twilio, ringing: Answered) -> Answered:
    return twilio.dial_ended(ringing, "completed", bridged=False, DialCallDuration="3", CallStatus="completed")


def left_while_ringing(twilio: Twilio, ringing: Answered) -> Answered:
    return twilio.dial_ended(ringing, "canceled", bridged=False, CallStatus="completed")


def leg_canceled(twilio: Twilio, ringing: Answered) -> Answered:
    return twilio.on_leg(ringing.leg_url, CallStatus="canceled", SequenceNumber="2")


def orders(*callbacks: Callback) -> list[tuple[Callback, ...]]:
    return [*permutations(callbacks), *((*one, *one) for one in permutations(callbacks))]


@pytest.mark.parametrize("order", orders(status, leg_answered, leg_completed, bridged_and_left))
def test_a_conversation_is_answered_in_whatever_order_its_end_is_told(
    dial: Dial, stored: Session, order: tuple[Callback, ...]
) -> None:
    twilio = dial()
    ringing = ring(twilio)
    twilio.accept(ringing)

    for callback in order:
        callback(twilio, ringing)

    (attempt,) = attempts_of(stored, twilio)
    assert call_of(stored, twilio).outcome.value == "answered"
    assert (attempt.state.value, attempt.dial_seconds, attempt.leg_seconds) == ("accepted", 60, 61)
    assert attempt.ended_at is not None


@pytest.mark.parametrize("order", orders(status, leg_completed, never_joined))
def test_an_accept_that_never_joined_the_two_is_no_conversation(
    dial: Dial, stored: Session, order: tuple[Callback, ...]
) -> None:
    twilio = dial()
    ringing = ring(twilio)
    twilio.accept(ringing)

    for callback in order:
        callback(twilio, ringing)

    assert call_of(stored, twilio).outcome.value == "abandoned"
    assert [one.state.value for one in attempts_of(stored, twilio)] == ["cancelled"]


@pytest.mark.parametrize("order", orders(status, leg_canceled, left_while_ringing))
def test_a_caller_who_leaves_while_it_rings_is_abandoned_in_whatever_order_it_is_told(
    dial: Dial, stored: Session, order: tuple[Callback, ...]
) -> None:
    twilio = dial()
    ringing = ring(twilio)

    for callback in order:
        callback(twilio, ringing)

    (attempt,) = attempts_of(stored, twilio)
    assert call_of(stored, twilio).outcome.value == "abandoned"
    assert attempt.state.value == "cancelled"
    assert attempt.ended_at is not None
