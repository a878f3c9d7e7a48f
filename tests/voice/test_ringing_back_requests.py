"""Whom a specialist may ring back, when, and what becomes of the number."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.callbacks import CallbackState, Closing, NotNow, SafeHours, Why
from app.domain.errors import NotFound
from app.domain.lines import StaffId
from app.domain.phone import PhoneNumber
from app.services.callback import callback_list
from app.services.callback.ring_back import ring_back
from app.services.line.callbacks import erase_old
from app.storage.models import CallbackRequest
from app.storage.scope import narrow
from tests.support.webhooks import Twilio
from tests.voice.moments import SKANE
from tests.voice.ringing_cast import CALLER, ETT, FYRA, LEG, NOW, ORIGIN, TRE, TVA, Desk, Ringing, refused


@pytest.mark.parametrize("number", ["+46939123456", "+442071838750", SKANE])
def test_a_number_that_is_never_rung_is_not_rung_by_a_specialist_either(desk: Desk, number: str) -> None:
    desk.session.execute(update(CallbackRequest).values(number=PhoneNumber(number)))
    desk.session.commit()

    assert refused(desk) is Why.NOT_TO_BE_RUNG
    assert desk.telephone.ordered == []


def test_an_exposed_person_is_rung_only_where_and_when_it_was_noted_to_be_safe(desk: Desk) -> None:
    callback_list.note_exposed(desk.session, desk.actor(), desk.request, None, NOW, seen="")
    desk.session.commit()
    assert refused(desk) is Why.NOT_SAFE

    seen = callback_list.safe_note(desk.session.get_one(CallbackRequest, desk.request)).seen
    callback_list.note_exposed(desk.session, desk.actor(), desk.request, SafeHours(time(12), time(14)), NOW, seen=seen)
    desk.session.commit()
    assert refused(desk) is Why.NOT_SAFE_NOW

    desk.ring(now=NOW + timedelta(hours=2))
    assert len(desk.telephone.ordered) == 1


def test_what_another_organisation_asks_for_is_not_there(desk: Desk) -> None:
    other = desk.actor(FYRA, ("skaraborg",), "skaraborg")

    assert callback_list.work_list(desk.session, other, NOW) == []
    for deed in (callback_list.take, callback_list.give_back):
        with pytest.raises(NotFound):
            deed(desk.session, other, desk.request, NOW)
    with pytest.raises(NotFound):
        desk.ring(other)


def test_a_request_is_taken_handed_on_and_given_back(desk: Desk) -> None:
    one, two = desk.actor(ETT), desk.actor(TVA)
    assert desk.state() is CallbackState.WAITING

    callback_list.take(desk.session, one, desk.request, NOW)
    desk.session.commit()
    assert desk.state() is CallbackState.TAKEN
    assert refused(desk, who=two) is Why.SOMEBODY_ELSES

    assert two.staff_id
    desk.signs_up(TVA)
    callback_list.pass_on(desk.session, one, desk.request, two.staff_id, NOW)
    desk.session.commit()
    (listed,) = callback_list.work_list(desk.session, two, NOW)
    assert (listed.state, listed.has, listed.passed_by, listed.is_mine) == (CallbackState.PASSED_ON, "Två", "Ett", True)

    callback_list.take(desk.session, two, desk.request, NOW)
    callback_list.give_back(desk.session, two, desk.request, NOW)
    desk.session.commit()
    assert desk.state() is CallbackState.WAITING


def test_whoever_went_home_with_a_request_does_not_keep_it(desk: Desk) -> None:
    callback_list.take(desk.session, desk.actor(ETT), desk.request, NOW)

    callback_list.take(desk.session, desk.actor(TVA), desk.request, NOW + timedelta(hours=4))

    desk.session.commit()
    assert desk.stored().staff_id == desk.actor(TVA).staff_id


def test_colleagues_of_other_organisations_are_not_suggested(desk: Desk) -> None:
    for phone in (TVA, TRE, FYRA):
        desk.signs_up(phone)

    suggested = callback_list.colleagues(desk.session, desk.actor(), desk.request)

    assert [one.alias for one in suggested] == ["Tre", "Två"]
    with pytest.raises(NotNow) as caught:
        callback_list.pass_on(desk.session, desk.actor(), desk.request, StaffId("stranger"), NOW)
    assert caught.value.why is Why.NOBODY_THERE


def test_a_withdrawn_request_loses_its_number_and_cannot_be_rung(desk: Desk) -> None:
    callback_list.close(desk.session, desk.actor(), desk.request, Closing.NO_LONGER_WANTED, NOW)
    desk.session.commit()

    assert desk.stored().number is None
    assert desk.consultation().held_at is None
    assert refused(desk) is Why.CLOSED


def test_a_number_that_nobody_got_to_is_erased_after_the_configured_days(desk: Desk) -> None:
    assert erase_old(desk.session, desk.policy, NOW + timedelta(days=29)) == 0

    assert erase_old(desk.session, desk.policy, NOW + timedelta(days=30)) == 1

    assert (desk.stored().number, desk.stored().closed_as) == (None, Closing.EXPIRED)


def test_no_number_is_in_the_log_nor_left_in_the_file(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    desk.ring().talk()

    assert CALLER.e164[3:] not in caplog.text
    assert ETT[3:] not in caplog.text
    assert desk.session.scalars(select(CallbackRequest.id).where(CallbackRequest.number.is_not(None))).all() == []
    file = desk.session.get_bind().engine.url.database or ""
    if desk.session.get_bind().dialect.name == "sqlite":
        desk.session.rollback()
        with open(file, "rb") as stored:  # noqa: PTH123 - any file
            assert CALLER.e164[3:].encode() not in stored.read()


def test_webhooks_of_a_token_that_was_never_given_out_ring_nobody(desk: Desk) -> None:
    stranger = Ringing(Twilio(desk.client, ETT, NOW, LEG), "/twilio/back/" + "0" * 32)

    answers = [stranger.pick_up(), stranger.press(), stranger.dial_ended("busy", bridged=False), stranger.over()]

    assert [one.rings for one in answers] == [None] * 4


def test_an_unsigned_webhook_is_refused(desk: Desk) -> None:
    ringing = desk.ring()

    assert desk.client.post(f"{ringing.path}/key", data={"Digits": "1"}).status_code == 403


def test_a_desk_that_sees_its_own_lines_alone_can_ring_back_and_close(desk: Desk) -> None:
    actor = desk.actor()
    with Session(desk.session.get_bind()) as narrowed:
        narrow(narrowed, actor)

        callback_list.take(narrowed, actor, desk.request, NOW)
        narrowed.commit()
        ring_back(narrowed, desk.policy, actor, desk.request, desk.telephone, NOW, public_url=ORIGIN)

    assert desk.try_().sid == desk.telephone.calls[0].sid
