"""Turns that a well-behaved network never takes, and races between two calls."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.rotas import Tier
from app.storage.base import db
from app.storage.models import Attempt, CallbackRequest, CallEvent, Staff
from tests.voice.conftest import PHONES
from tests.voice.test_a_call import attempts_of, call_of, ring, unanswered

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.support.webhooks import Twilio

    Dial = Callable[..., Twilio]


def test_the_end_of_a_dial_of_which_we_know_nothing_makes_a_record_when_the_caller_is_gone(
    dial: Dial, stored: Session
) -> None:
    twilio = dial()

    answer = twilio.post(
        "/twilio/turn/2", CallStatus="completed", DialCallStatus="completed", DialBridged="true", DialCallDuration="60"
    )

    call = call_of(stored, twilio)
    assert answer.rings is None
    assert (call.source, call.outcome) == (Source.RECONSTRUCTED, Outcome.FAILED)


def test_the_end_of_a_dial_that_we_never_made_leads_on(dial: Dial) -> None:
    twilio = dial()
    greeting = twilio.arrive()

    answer = twilio.post(greeting.action, DialCallStatus="no-answer", DialBridged="false")

    assert answer.text or answer.rings


def test_a_caller_whose_call_is_over_as_far_as_we_know_still_hears_words(dial: Dial) -> None:
    twilio = dial()
    greeting = twilio.arrive()
    twilio.hang_up()

    answer = twilio.press(greeting, "1")

    assert answer.text
    assert answer.rings is None


def test_a_bridge_without_a_recorded_acceptance_is_no_conversation_and_the_next_one_is_rung(
    dial: Dial, stored: Session
) -> None:
    twilio = dial()
    ringing = ring(twilio)

    following = twilio.dial_ended(ringing, "completed", bridged=True, DialCallDuration="30")

    assert following.rings in PHONES
    assert attempts_of(stored, twilio)[0].state is AttemptState.SILENT


def test_a_specialist_who_hangs_up_before_the_two_are_joined_leaves_the_caller_to_the_next_one(
    dial: Dial, stored: Session
) -> None:
    twilio = dial()
    ringing = ring(twilio)
    twilio.accept(ringing)

    following = twilio.dial_ended(ringing, "completed", bridged=False)

    assert following.rings in PHONES
    assert following.rings != ringing.rings
    assert [one.state for one in attempts_of(stored, twilio)] == [AttemptState.FAILED, AttemptState.RINGING]


def test_a_second_press_of_one_gets_what_the_first_got(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = ring(twilio)
    screen = twilio.pick_up(ringing)

    answers = [twilio.on_leg(screen.action, Digits="1").verbs for _ in range(3)]

    assert answers == [[], [], []]
    accepts = stored.scalars(select(CallEvent).where(CallEvent.kind == "accept")).all()
    assert len(accepts) == 1


def test_a_number_that_was_keyed_in_wrong_is_keyed_in_again(dial: Dial, stored: Session) -> None:
    twilio = dial(caller="anonymous")
    asked = twilio.press(unanswered(twilio), "1")

    read_back = twilio.press(asked, "0701740612")
    asked_again = twilio.press(read_back, "2")
    second = twilio.press(asked_again, "0701740613")
    heard_twice = twilio.stay_silent(second)
    twilio.press(heard_twice, "1")

    (request,) = stored.scalars(select(CallbackRequest))
    assert "6, 1, 3" in second.text
    assert "6, 1, 3" in heard_twice.text
    assert request.number is not None
    assert request.number.e164 == "+46701740613"


def test_a_leg_callback_with_a_token_that_we_never_gave_out_changes_nothing(dial: Dial) -> None:
    answer = dial().on_leg("/twilio/leg/" + "0" * 32, CallStatus="completed")

    assert answer.verbs == []


def test_a_leg_callback_without_a_status_changes_nothing(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = ring(twilio)

    twilio.on_leg(ringing.leg_url, CallStatus="")

    assert [one.state for one in attempts_of(stored, twilio)] == [AttemptState.RINGING]


def test_two_calls_that_choose_the_same_specialist_at_once_ring_two(app: Flask, dial: Dial, stored: Session) -> None:
    """Another call's attempt is written, and not yet committed, while ours chooses."""
    other, ours = dial(), dial()
    other.arrive()
    greeting = ours.arrive()
    first = stored.scalars(select(Staff).where(Staff.alias == "Ett")).one().id
    call = call_of(stored, other).id
    stored.rollback()
    with app.app_context():
        engine = db.engine

    with Session(engine) as session:
        session.add(
            Attempt(
                call_id=call,
                turn=1,
                staff_id=first,
                token="other",
                tier=Tier.PRIMARY,
                state=AttemptState.RINGING,
                began_at=datetime.now(UTC),
            )
        )
        session.flush()
        commits = threading.Timer(0.2, session.commit)
        commits.start()
        answer = ours.press(greeting, "1")
        commits.join()

    assert answer.rings in PHONES[1:]


def test_a_key_on_a_leg_that_is_over_accepts_nothing(dial: Dial, stored: Session) -> None:
    twilio = dial()
    screen = twilio.pick_up(ring(twilio))

    answer = twilio.on_leg(screen.action, Digits="1", CallStatus="completed")

    assert answer.verbs == ["Hangup"]
    assert call_of(stored, twilio).outcome is Outcome.IN_PROGRESS


def test_a_screen_that_is_asked_for_again_says_the_same_and_the_key_joins_nobody_to_a_caller_who_left(
    dial: Dial,
) -> None:
    twilio = dial()
    ringing = ring(twilio)
    first = twilio.pick_up(ringing)
    twilio.hang_up()

    again = twilio.pick_up(ringing)

    assert again.response.data == first.response.data
    assert twilio.on_leg(again.action, Digits="1").verbs == ["Hangup"]


def test_a_phone_that_is_picked_up_after_the_caller_left_is_told_so(dial: Dial) -> None:
    twilio = dial()
    ringing = ring(twilio)
    twilio.hang_up()

    answer = twilio.pick_up(ringing)

    assert answer.verbs == ["Say", "Hangup"]
    assert twilio.pick_up(ringing).response.data == answer.response.data


def test_a_turn_that_we_never_asked_for_rings_nobody(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = ring(twilio)
    twilio.accept(ringing)

    answer = twilio.post("/twilio/turn/99", Digits="1")

    assert answer.text
    assert answer.rings is None
    assert len(attempts_of(stored, twilio)) == 1


def test_a_call_known_by_its_status_alone_began_when_its_duration_says(dial: Dial, stored: Session) -> None:
    twilio = dial()

    twilio.post("/twilio/status", CallStatus="completed", CallDuration="42")

    assert (twilio.now - call_of(stored, twilio).started_at).total_seconds() == 42


@pytest.mark.parametrize("number", ["0102235760", "040349800", "070174064", "09001234567", "004512345678"])
def test_a_number_that_nobody_could_be_rung_back_on_is_asked_for_again(
    dial: Dial, stored: Session, number: str
) -> None:
    twilio = dial(caller="anonymous")
    asked = twilio.press(unanswered(twilio), "1")

    again = twilio.press(asked, number)

    assert again.document.find("Gather[@finishOnKey]") is not None
    assert stored.scalars(select(CallbackRequest)).all() == []


def test_a_status_of_an_unknown_call_to_an_unknown_number_leaves_no_row(dial: Dial, stored: Session) -> None:
    twilio = dial(to="+46812345678")

    answer = twilio.hang_up()

    assert answer.verbs == []
    assert stored.scalars(select(CallEvent)).all() == []
