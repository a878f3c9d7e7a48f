"""Orders to ring whose outcome nobody knows at once: never rung twice, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from app.domain.callbacks import BackState, CallbackState, Closing, Why
from app.domain.calls import CallSid, CallStatus
from app.domain.errors import Unavailable
from app.services.callback import back_sweep
from app.telephony.placing import Unclear
from app.telephony.rest import ProviderCall
from tests.support.webhooks import Twilio
from tests.voice.ringing_cast import CALLER, LEG, NOW, Desk, Ringing, Telephone, refused

if TYPE_CHECKING:
    from app.telephony import placing


def test_an_order_that_was_carried_out_after_all_is_found_and_not_repeated(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("a 500"), does_it_all_the_same=True)

    desk.ring()

    assert len(desk.telephone.ordered) == 1
    assert desk.try_().sid == desk.telephone.calls[0].sid
    assert refused(desk) is Why.RINGING


def test_an_order_whose_phone_told_us_before_the_error_came_is_certain(desk: Desk) -> None:
    def tell(new: placing.NewCall, sid: CallSid) -> None:
        twilio = Twilio(desk.client, new.to.e164, NOW, sid, caller=new.caller_id.e164)
        Ringing(twilio, urlsplit(new.url).path).pick_up()

    desk.telephone = Telephone(Unclear("a 500"), does_it_all_the_same=True, meanwhile=tell)

    desk.ring()

    assert desk.rung is not None
    assert desk.rung.is_certain


def test_an_order_that_nobody_knows_of_stays_open_until_the_sweep_knows(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("no answer"))
    desk.ring()

    assert (desk.try_().sid, desk.state()) == (None, CallbackState.RINGING)
    assert refused(desk) is Why.RINGING
    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=3)) == 1
    assert desk.try_().state is BackState.FAILED
    assert len(desk.telephone.ordered) == 1


def test_an_order_that_is_confirmed_late_still_works_by_its_webhooks(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("no answer"))

    desk.ring().talk()

    assert desk.stored().closed_as is Closing.TALKED


def test_of_an_order_that_was_carried_out_twice_one_call_alone_goes_on(desk: Desk) -> None:
    ringing = desk.ring()
    twin = Ringing(replace(ringing.twilio, sid="CA" + "d" * 32), ringing.path)
    ringing.pick_up()

    answer, key = twin.pick_up(), twin.press()

    assert "finns inte kvar" in answer.text
    assert key.verbs == ["Hangup"]


def test_a_provider_that_is_not_there_leaves_nobody_busy(desk: Desk) -> None:
    desk.telephone = Telephone(Unavailable("down"))

    with pytest.raises(Unavailable):
        desk.ring()

    assert desk.try_().state is BackState.FAILED


def test_a_try_that_nobody_can_be_asked_about_is_given_up(desk: Desk) -> None:
    desk.telephone = Telephone(Unclear("no answer"), answers_questions=False)
    desk.ring()

    with pytest.raises(Unavailable):
        back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=3))
    desk.session.rollback()

    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=6)) == 1
    assert desk.try_().state is BackState.FAILED


def test_a_conversation_whose_callbacks_were_all_lost_is_found_in_the_providers_list(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()
    desk.telephone.is_over()
    parent = desk.telephone.calls[0].sid
    desk.telephone.legs = [ProviderCall(LEG, CALLER, CallStatus.COMPLETED, NOW, NOW, 300, parent)]

    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=6)) == 1

    assert (desk.try_().state, desk.try_().talk_seconds) == (BackState.REACHED, 300)
    assert desk.consultation().held_at is not None
    assert desk.stored().number is None


def test_a_conversation_that_goes_on_is_left_alone(desk: Desk) -> None:
    ringing = desk.ring()
    ringing.pick_up()
    ringing.press()
    ringing.caller("in-progress")

    assert back_sweep.sweep(desk.session, desk.policy, desk.telephone, NOW + timedelta(minutes=30)) == 0
    assert desk.try_().state is BackState.TALKING
