"""Live calls: what the specialists' phones do, and what comes of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Response, request

from tests.simulator.living import CLARA, QUICK, on_duty, practising
from tests.simulator.playing import GOODBYE, SCREEN, SCREENED
from tests.support.scripted import ANNA, BO, LINE, xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulator.living import Practice

LONG_SCREEN = SCREEN.replace("Tryck ett.", "Ett samtal. " * 90)
PATIENT = SCREENED.replace('timeout="20"', 'timeout="600"')
"""Rings for so long that whoever answers comes in time, however fast the clock runs."""
TO_BO = SCREENED.replace(ANNA, BO)
ANSWERS = {"/voice": SCREENED, "/screen": LONG_SCREEN, "/accept": "", "/after": GOODBYE}


def is_rung(practice: Practice, alias: str = "Övning Anna") -> str:
    phone: str = practice.until_phone(alias, "ringing")["id"]
    return phone


def is_picked_up(practice: Practice, alias: str = "Övning Anna") -> str:
    phone = is_rung(practice, alias)
    practice.does(f"/phones/{phone}/answer")
    practice.until_phone(alias, "screening")
    return phone


def test_whoever_answers_and_presses_one_talks_until_they_hang_up() -> None:
    with practising(ANSWERS) as practice:
        practice.dials()
        phone = is_picked_up(practice)
        screened = practice.state()["phones"][0]
        practice.does(f"/phones/{phone}/keys", key="1")
        talking = practice.until_phone("Övning Anna", "talking")
        talk = practice.until_call(lambda call: call["hears"] == "talk")
        practice.does(f"/phones/{phone}/hang-up")
        practice.until_it_is_over()
        kinds = practice.kinds()

    after = practice.script.one("/after")
    assert screened["heard"]["text"].startswith("Ett samtal.")
    assert screened["shows"] == "040-34 98 00"
    assert (talking["heard"], talking["call"]) == (None, practice.sids[0])
    assert not talk["takes_keys"]
    assert practice.script.one("/accept")["Digits"] == "1"
    assert (after["CallStatus"], after["DialCallStatus"], after["DialBridged"]) == ("in-progress", "completed", "true")
    happened = ["rang", "picked_up", "screen_said", "screen_keyed", "bridged", "leg_ended", "said", "service_hung_up"]
    assert kinds == happened


def test_a_phone_that_is_declined_is_busy_to_the_network_and_the_next_one_rings() -> None:
    with practising({"/voice": SCREENED, "/screen": SCREEN, "/after": [TO_BO, GOODBYE]}) as practice:
        practice.dials()
        practice.does(f"/phones/{is_rung(practice)}/decline")
        next_one = practice.until_phone("Övning Bo", "ringing")
        first = practice.state()["phones"][0]
        practice.does(f"/phones/{next_one['id']}/decline")
        practice.until_it_is_over()

    told = practice.script.to("/after")
    assert first["state"] == "idle"
    assert [(one["DialCallStatus"], one["DialBridged"]) for one in told] == [("busy", "false")] * 2


def test_a_phone_that_nobody_touches_rings_until_the_dial_gives_up() -> None:
    with practising({"/voice": SCREENED, "/after": GOODBYE}, speed=QUICK) as practice:
        practice.dials()
        call = practice.until_it_is_over()

    after = practice.script.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"], after["DialCallDuration"]) == ("no-answer", "false", None)
    assert [entry["phone"] for entry in call["entries"][:2]] == ["Övning Anna"] * 2


def test_another_key_than_one_reaches_the_service() -> None:
    with practising(ANSWERS | {"/accept": "<Hangup/>"}) as practice:
        practice.dials()
        practice.does(f"/phones/{is_picked_up(practice)}/keys", key="7")
        practice.until_it_is_over()

    assert practice.script.one("/accept")["Digits"] == "7"
    assert practice.script.one("/after")["DialBridged"] == "false"


def test_a_phone_that_is_put_down_during_the_screening_takes_no_call() -> None:
    with practising(ANSWERS) as practice:
        practice.dials()
        practice.does(f"/phones/{is_picked_up(practice)}/hang-up")
        practice.until_it_is_over()

    after = practice.script.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "false")
    assert practice.script.to("/accept") == []


def test_a_phone_on_which_nothing_is_pressed_is_hung_up_by_the_service() -> None:
    with practising(ANSWERS | {"/voice": PATIENT, "/screen": SCREEN}, speed=QUICK) as practice:
        practice.dials()
        phone = is_rung(practice)
        practice.does(f"/phones/{phone}/answer")
        practice.until_it_is_over()

    assert practice.script.one("/after")["DialBridged"] == "false"
    assert practice.script.to("/accept") == []


@contextmanager
def pressed_one_and_the_service_thinks() -> Iterator[tuple[Practice, str, threading.Event]]:
    """The specialist's key is on its way; the event lets the service answer."""
    is_asked, may_answer = threading.Event(), threading.Event()

    def think(_: int) -> Response:
        is_asked.set()
        may_answer.wait(10)
        return Response(xml(""), content_type="text/xml")

    with practising(ANSWERS | {"/accept": think}) as practice:
        practice.dials()
        phone = is_picked_up(practice)
        practice.does(f"/phones/{phone}/keys", key="1")
        assert is_asked.wait(10)
        yield practice, phone, may_answer
        practice.until_it_is_over()


def test_a_phone_that_is_put_down_after_its_key_is_not_joined_with_the_caller() -> None:
    with pressed_one_and_the_service_thinks() as (practice, phone, may_answer):
        practice.does(f"/phones/{phone}/hang-up")
        may_answer.set()

    after = practice.script.one("/after")
    assert (after["CallStatus"], after["DialCallStatus"], after["DialBridged"]) == ("in-progress", "completed", "false")


def test_a_caller_who_hangs_up_after_that_key_is_not_joined_with_the_specialist() -> None:
    with pressed_one_and_the_service_thinks() as (practice, _, may_answer):
        practice.hangs_up()
        may_answer.set()

    after = practice.script.one("/after")
    assert (after["CallStatus"], after["DialCallStatus"], after["DialBridged"]) == ("completed", "canceled", "false")
    assert "bridged" not in practice.kinds()


def test_a_conversation_ends_with_its_limit() -> None:
    limited = PATIENT.replace("<Dial ", '<Dial timeLimit="30" ')

    with practising(ANSWERS | {"/voice": limited}, speed=10) as practice:
        practice.dials()
        phone = is_picked_up(practice)
        practice.does(f"/phones/{phone}/keys", key="1")
        practice.until_it_is_over()

    assert int(practice.script.one("/after")["DialCallDuration"] or 0) >= 30


def test_of_two_who_answer_at_once_one_has_answered() -> None:
    with practising(ANSWERS) as practice:
        practice.dials()
        phone = is_rung(practice)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: practice.post(f"/phones/{phone}/answer").status_code, range(4)))

    assert sorted(answers) == [204, 409, 409, 409]


def test_of_two_phones_that_ring_at_once_the_other_falls_silent() -> None:
    numbers = "".join(f'<Number url="/screen">{phone}</Number>' for phone in (ANNA, BO))
    both = f'<Dial action="/after" callerId="{LINE}">{numbers}</Dial>'

    with practising(ANSWERS | {"/voice": both}) as practice:
        practice.dials()
        is_rung(practice)
        is_picked_up(practice, "Övning Bo")
        other = practice.until_phone("Övning Anna", "idle")
        practice.hangs_up()
        practice.until_it_is_over()

    assert other["call"] is None


def test_everybody_on_duty_can_be_put_into_a_conversation_the_overflow_line_too() -> None:
    def rings_who_is_called(_: int) -> object:
        rung = CLARA if request.form["To"] != LINE else [ANNA, BO][len(practice.script.to("/voice")) - 1]
        return Response(xml(SCREENED.replace(ANNA, rung).replace(LINE, request.form["To"])), content_type="text/xml")

    duty = on_duty(("Övning Anna", ANNA, "skane"), ("Övning Bo", BO, "skane"), ("Övning Clara", CLARA, "nationell"))
    with practising(ANSWERS | {"/voice": rings_who_is_called}, duty=duty) as practice:
        practice.does("/busy", line="skane", at="2026-11-23T10:00")
        shown = practice.until(lambda shown: [one["state"] for one in shown["phones"]] == ["talking"] * 3)
        practice.does("/busy", line="skane", at=None)
        practice.does(f"/phones/{shown['phones'][1]['id']}/hang-up")
        practice.until_phone("Övning Bo", "idle")

    calls = shown["calls"]
    assert [call["is_background"] for call in calls] == [True] * 3
    assert [call["line"] for call in calls] == ["nationell", "skane", "skane"]
    assert not shown["clock"]["may_be_set"]
    assert shown["clock"]["is_chosen"]


def test_nobody_on_duty_is_nobody_to_put_into_a_conversation() -> None:
    with practising(ANSWERS, duty=on_duty()) as practice:
        answer = practice.post("/busy", line="skane", at=None)

    assert answer.status_code == 409
    assert "Ingen har jour" in (answer.json or {})["detail"]
