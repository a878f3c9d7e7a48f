"""The list of those who wait, and ringing one of them: what is shown, and every way in which it doesn't ring."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.callbacks import BackState, CallbackRules, Why
from app.domain.errors import Unavailable
from app.domain.lines import LineKey
from app.domain.phone import PhoneNumber
from app.services.callback import callback_pages
from app.telephony.placing import Refused, Unclear
from app.web.desk import ringing
from app.web.desk.callback.callback_words import NEXT, TRIES, why_not
from tests.web.desk.callbacks.cast import ASTRID, BEATE, CALLER, Desk, act, now, page, words


def test_an_empty_list_says_what_that_means(desk: Desk) -> None:
    assert "Nobody waits to be rung back" in words(desk.astrid.get("/callbacks"))


def test_the_list_shows_who_waits_since_when_and_who_has_it_and_notes_nothing(desk: Desk) -> None:
    oldest = desk.request(confirmed_at=now() - timedelta(days=3), is_exposed=True)
    handed = desk.request(staff_id=desk.staff[ASTRID], passed_by_id=desk.staff[BEATE], taken_at=now())
    ringing_now, tried = desk.request("unknown"), desk.request(confirmed_at=now() - timedelta(minutes=12))
    desk.tried(ringing_now, BEATE)
    desk.changes(ringing_now, staff_id=desk.staff[BEATE], taken_at=now())
    desk.tried(tried, accepted_at=now(), state=BackState.CALLER_NO_ANSWER, ended_at=now())

    said = words(desk.astrid.get("/callbacks"))

    assert "3 days , Resurscentrum heder Skåne" in said
    assert "Exposed person or relative about: Law not taken" in said
    assert re.search(r"\d h \d+ min .* Professional about: Law yours handed on by Beate at \d", said)
    assert "Not said about: Law Beate is ringing" in said
    assert re.search(r"\d+ min , .* not taken once .*: the caller didn't answer", said)
    assert desk.log(oldest) == desk.log(handed) == []


def test_what_somebody_had_for_too_long_is_nobodys_again(desk: Desk) -> None:
    request = desk.request(staff_id=desk.staff[BEATE], taken_at=now() - timedelta(hours=5))

    assert "not taken any more, Beate had it" in words(desk.astrid.get("/callbacks"))
    assert act(desk.astrid, request, "take").status_code == 303
    assert "yours" in words(desk.astrid.get("/callbacks"))
    assert desk.astrid.fill("/account", f"/callbacks/{request}/take").status_code == 303
    assert "Astrid has it" in words(desk.beate.get("/callbacks"))


def test_ringing_now_rings_ones_own_phone_and_is_in_the_log(desk: Desk) -> None:
    request = desk.request()

    answer = act(desk.astrid, request, "ring")

    assert answer.status_code == 303
    (order,) = desk.telephone.ordered
    assert order.to.e164 == "+46701740640"
    said = page(desk.astrid, request)
    assert "Your phone rings" in said
    assert "press 1" in said
    assert "Look again" in said
    assert "Astrid's phone rings" in page(desk.beate, request)
    assert desk.log(request) == ["opened_callback", "rang_back", "opened_callback", "opened_callback"]


def test_a_form_without_its_token_rings_nobody(desk: Desk) -> None:
    request = desk.request()

    answer = desk.astrid.client.post(f"/callbacks/{request}/ring")

    assert answer.status_code == 400
    assert desk.telephone.ordered == []


def test_an_order_of_which_nothing_is_known_says_not_to_press_again(desk: Desk) -> None:
    request = desk.request()
    desk.telephone.raises = Unclear("no answer")

    assert act(desk.astrid, request, "ring").status_code == 303

    said = page(desk.astrid, request)
    assert "Your phone may ring all the same: answer it, and don't press again" in said
    assert "we don't know yet whether it rings" in page(desk.beate, request)
    again = desk.astrid.fill("/account", f"/callbacks/{request}/ring")
    assert again.status_code == 409
    assert "You are ringing already" in words(again)
    assert len(desk.telephone.ordered) == 1


@pytest.mark.parametrize(
    ("raises", "status", "said"),
    [
        (Unavailable("nobody there"), 503, "can't be reached. Nothing is lost"),
        (Refused("not you"), 409, "refused to ring your phone"),
    ],
)
def test_a_provider_that_does_not_ring_is_said_by_the_button_and_nothing_is_lost(
    desk: Desk, raises: Exception, status: int, said: str
) -> None:
    request = desk.request()
    desk.telephone.raises = raises

    answer = act(desk.astrid, request, "ring")

    assert answer.status_code == status
    assert said in words(answer)
    assert desk.stored(request).number == PhoneNumber(CALLER)
    assert "the specialist's phone couldn't be rung" in page(desk.astrid, request)


def test_a_slow_provider_gets_two_threads_and_no_more(desk: Desk) -> None:
    request = desk.request()
    with ExitStack() as others:
        for _ in range(ringing.MOST_AT_ONCE):
            others.enter_context(ringing.place_to_ring())

        answer = act(desk.astrid, request, "ring")

        assert answer.status_code == 503
        assert "answers slowly" in words(answer)
        assert desk.telephone.ordered == []
    assert act(desk.astrid, request, "ring").status_code == 303


def test_whoever_is_in_a_call_is_told_to_end_it_first(desk: Desk) -> None:
    first, second = desk.request(), desk.request()
    act(desk.astrid, first, "ring")

    answer = act(desk.astrid, second, "ring")

    assert answer.status_code == 409
    assert "you are in a call" in words(answer)


def test_the_caps_are_said_with_what_to_do(desk: Desk) -> None:
    request = desk.request()
    known = desk.app.extensions["radrum"]
    for hour, said in ((0, "as often as it may within an hour"), (20, "as often as it may within 24 hours")):
        rules = CallbackRules(most_per_hour=hour, most_per_day=0)
        desk.app.extensions["radrum"] = replace(known, policy=replace(known.policy, callbacks=rules))

        assert said in words(act(desk.astrid, request, "ring"))


def test_an_account_without_a_phone_sees_why_it_can_not_ring(desk: Desk) -> None:
    request = desk.request()
    stranger = desk.signs_in("ny@skane.example", None)

    said = page(stranger, request)

    assert "your account has no specialist's phone" in said
    assert "It can't be rung from here now" in said
    assert act(stranger, request, "take").status_code == 409
    assert "your account has no specialist's phone" in words(stranger.fill("/account", f"/callbacks/{request}/ring"))


def test_a_number_that_is_gone_or_not_rung_is_said_before_anybody_presses(desk: Desk) -> None:
    gone, premium = desk.request(number=None), desk.request(number=PhoneNumber("+46900123456"))

    assert "it has been erased" in page(desk.astrid, gone)
    assert "This number isn't rung from here" in page(desk.astrid, premium)


@pytest.mark.parametrize(
    ("state", "happened", "said"),
    [
        (None, (), "Your phone rings"),
        (BackState.DIALLING, ("accepted_at",), "The caller's phone rings"),
        (BackState.TALKING, ("accepted_at", "answered_at"), "You talk"),
    ],
)
def test_a_page_learns_how_the_try_stands_and_only_when_it_changed(
    desk: Desk, state: BackState | None, happened: tuple[str, ...], said: str
) -> None:
    request = desk.request(staff_id=desk.staff[ASTRID], taken_at=now())
    facts: dict[str, object] = {"state": state} if state else {}
    desk.tried(request, **facts, **dict.fromkeys(happened, now()))

    first = desk.astrid.get(f"/callbacks/{request}/ringing")
    again = desk.astrid.client.get(f"/callbacks/{request}/ringing", headers={"If-None-Match": first.headers["ETag"]})
    theirs = desk.beate.get(f"/callbacks/{request}/ringing")

    assert first.get_json()["said"] == said
    assert not first.get_json()["is_over"]
    assert ("/records/" in first.get_json()["panel"]) == (said == "You talk")
    assert "/records/" not in theirs.get_json()["panel"]
    assert again.status_code == 304
    assert desk.log(request) == []


def test_a_page_learns_that_the_try_is_over(desk: Desk) -> None:
    request = desk.request()
    desk.tried(request, state=BackState.NO_ANSWER, ended_at=now())

    told = desk.astrid.get(f"/callbacks/{request}/ringing").get_json()

    assert told == {"is_over": True, "said": "", "panel": ""}


def test_every_end_of_a_try_says_what_is_next_and_every_refusal_says_why(desk: Desk) -> None:
    request = desk.request()
    live = {BackState.RINGING, BackState.DIALLING, BackState.TALKING}
    with desk.app.test_request_context(), desk.database() as session:
        policy = desk.app.extensions["radrum"].policy
        opened = callback_pages.look_at(session, policy, desk.actor(), request, now())
        zone = policy.schedules[LineKey("skane")].hours.zone

        assert NEXT.keys() == set(BackState) - live
        assert TRIES.keys() == set(BackState)
        assert all(why_not(why, opened, zone) for why in Why)
