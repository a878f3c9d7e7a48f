"""Ringing a caller back: from the work list to the record, one webhook at a time."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.callbacks import BackState, CallbackRules, CallbackState, Closing, NotNow, Why
from app.domain.calls import Outcome
from app.domain.channels import Channel
from app.services.callback import callback_list
from app.services.callback.ring_back import ring_back
from app.storage.base import db
from app.storage.models import Attempt, Call, CallbackAttempt
from app.telephony.placing import Refused
from tests.voice.moments import SKANE
from tests.voice.ringing_cast import CALLER, ETT, NOW, ORIGIN, TVA, Desk, Telephone, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.permissions import Actor
    from tests.support.webhooks import Twilio


def test_the_specialists_own_phone_rings_first_with_the_lines_number(desk: Desk) -> None:
    desk.ring()

    (order,) = desk.telephone.ordered
    assert (order.to.e164, order.caller_id.e164) == (ETT, SKANE)
    assert order.longest_seconds == 7200
    assert desk.state() is CallbackState.RINGING


def test_they_hear_for_whom_it_is_and_only_a_key_leads_on(desk: Desk) -> None:
    ringing = desk.ring()

    heard = ringing.pick_up()

    assert "Återuppringning för Resurscentrum heder Skåne" in heard.text
    assert "Tryck 1" in heard.text
    assert heard.verbs == ["Gather", "Hangup"]
    assert heard.rings is None


def test_pressing_1_rings_the_caller_with_the_lines_number_and_nothing_on_the_callers_side(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()

    answer = ringing.press()

    number, dial = answer.document.find("Dial/Number"), answer.document.find("Dial")
    assert number is not None
    assert dial is not None
    assert (number.text, number.get("url")) == (CALLER.e164, None)
    assert (dial.get("callerId"), dial.get("timeLimit")) == (SKANE, "7200")


def test_a_conversation_makes_the_consultation_held_and_erases_the_number(desk: Desk) -> None:
    ringing = desk.ring()

    ringing.talk(seconds=90)

    request, attempt, held = desk.stored(), desk.try_(), desk.consultation()
    call = desk.session.get_one(Call, request.call_id)
    assert (request.number, request.closed_as) == (None, Closing.TALKED)
    assert (attempt.state, attempt.talk_seconds) == (BackState.REACHED, 90)
    assert (held.staff_id, held.held_at) == (attempt.staff_id, attempt.answered_at)
    assert held.channel is Channel.CALL_BACK
    assert call.outcome is Outcome.CALLBACK
    assert callback_list.work_list(desk.session, desk.actor(), NOW) == []


@pytest.mark.parametrize(
    ("leg", "state"),
    [
        ("no-answer", BackState.NO_ANSWER),
        ("busy", BackState.BUSY),
        ("failed", BackState.FAILED),
        ("canceled", BackState.CANCELLED),
    ],
)
def test_a_specialist_whose_phone_is_not_answered_rings_nobody(desk: Desk, leg: str, state: BackState) -> None:
    ringing = desk.ring()

    ringing.over(leg)

    assert desk.try_().state is state
    assert desk.state() is CallbackState.TAKEN
    assert desk.stored().number == CALLER


def test_a_phone_that_is_picked_up_without_a_key_rings_nobody(desk: Desk) -> None:
    ringing = desk.ring()

    ringing.pick_up()
    ringing.over()

    assert desk.try_().state is BackState.SILENT


def test_another_key_than_1_is_for_good(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()

    answers = [ringing.press("2"), ringing.press("1")]
    ringing.over()

    assert [one.verbs for one in answers] == [["Hangup"], ["Hangup"]]
    assert desk.try_().state is BackState.DECLINED


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        ("busy", BackState.CALLER_BUSY, "upptaget"),
        ("no-answer", BackState.CALLER_NO_ANSWER, "Ingen svarar"),
        ("failed", BackState.CALLER_FAILED, "går inte att nå"),
    ],
)
def test_a_caller_who_is_not_reached_can_be_tried_again(desk: Desk, status: str, state: BackState, said: str) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()

    answer = ringing.dial_ended(status, bridged=False)
    ringing.over()

    assert said in answer.text
    assert desk.try_().state is state
    (listed,) = callback_list.work_list(desk.session, desk.actor(), NOW)
    assert (listed.state, listed.missed, listed.last) == (CallbackState.TAKEN, 1, state)
    assert desk.consultation().held_at is None
    desk.ring()


def test_a_specialist_who_hangs_up_while_it_rings_has_reached_nobody(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()

    ringing.dial_ended("canceled", bridged=False, leg="completed")

    assert desk.try_().state is BackState.CANCELLED


def test_a_short_talk_may_be_a_voicemail_and_is_done_when_the_specialist_says_so(desk: Desk) -> None:
    desk.ring().talk(seconds=12)

    assert desk.stored().number == CALLER
    callback_list.close(desk.session, desk.actor(), desk.request, Closing.TALKED, NOW)
    desk.session.commit()

    assert desk.stored().number is None
    assert desk.consultation().held_at is not None


def test_a_request_that_nobody_was_reached_for_cannot_be_called_done(desk: Desk) -> None:
    with pytest.raises(NotNow) as caught:
        callback_list.close(desk.session, desk.actor(), desk.request, Closing.TALKED, NOW)

    assert caught.value.why is Why.NOT_TALKED


def test_callbacks_in_another_order_and_twice_end_the_same(desk: Desk) -> None:
    ringing = desk.ring()

    ringing.pick_up()
    first, second = ringing.press(), ringing.press()
    ringing.over()
    ringing.over()
    ringing.caller("completed", CallDuration="75")
    ringing.caller("in-progress")
    ringing.dial_ended("completed", bridged=True, leg="completed", DialCallDuration="75")

    assert first.response.data == second.response.data
    assert (desk.try_().state, desk.try_().talk_seconds) == (BackState.REACHED, 75)
    assert desk.stored().closed_as is Closing.TALKED


def test_what_is_refused_rings_nobody_and_says_so(desk: Desk) -> None:
    desk.telephone = Telephone(Refused("21215"))

    assert refused(desk) is Why.REFUSED
    assert desk.try_().state is BackState.FAILED


def test_two_who_press_at_once_ring_once(desk: Desk) -> None:
    actors, started, whys = [desk.actor(ETT), desk.actor(TVA)], threading.Barrier(2), []

    def press(actor: Actor) -> None:
        with desk.app.app_context():
            engine = db.engine
        with Session(engine) as session:
            started.wait()
            try:
                ring_back(session, desk.policy, actor, desk.request, desk.telephone, NOW, public_url=ORIGIN)
            except NotNow as refusal:
                whys.append(refusal.why)

    threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert whys == [Why.RINGING]
    assert len(desk.telephone.ordered) == 1


def test_whoever_rings_back_is_not_rung_by_an_incoming_call(desk: Desk, dial: Callable[..., Twilio]) -> None:
    desk.ring(desk.actor(TVA))

    twilio = dial()
    answer = twilio.press(twilio.arrive(), "1")

    assert answer.rings == ETT


def test_whoever_is_rung_by_an_incoming_call_does_not_ring_back(desk: Desk, dial: Callable[..., Twilio]) -> None:
    twilio = dial()
    assert twilio.press(twilio.arrive(), "1").rings == TVA

    assert refused(desk, who=desk.actor(TVA)) is Why.IN_A_CALL
    assert desk.telephone.ordered == []


def test_a_call_and_a_callback_at_the_same_moment_do_not_both_ring_one_phone(
    desk: Desk, dial: Callable[..., Twilio]
) -> None:
    twilio, actor, began = dial(), desk.actor(TVA), threading.Barrier(2)
    menu = twilio.arrive()

    def press() -> None:
        with desk.app.app_context():
            engine = db.engine
        with Session(engine) as session:
            began.wait()
            with contextlib.suppress(NotNow):
                ring_back(session, desk.policy, actor, desk.request, desk.telephone, NOW, public_url=ORIGIN)

    thread = threading.Thread(target=press)
    thread.start()
    began.wait()
    rung = twilio.press(menu, "1").rings
    thread.join()

    desk.session.rollback()
    live = [*desk.session.scalars(select(Attempt.staff_id).where(Attempt.ended_at.is_(None)))]
    live += desk.session.scalars(select(CallbackAttempt.staff_id).where(CallbackAttempt.ended_at.is_(None)))
    assert len(live) == len(set(live))
    assert rung in {ETT, TVA}


def test_the_caps_hold_for_each_line(desk: Desk) -> None:
    capped = replace(desk.policy, callbacks=CallbackRules(most_per_hour=1, most_per_day=2))
    desk.ring(policy=capped).over("no-answer")

    assert refused(desk, policy=capped) is Why.TOO_MANY_THIS_HOUR
    later = NOW + timedelta(hours=1)
    desk.ring(policy=capped, now=later).over("no-answer")
    assert refused(desk, policy=capped, now=later + timedelta(hours=1)) is Why.TOO_MANY_TODAY
