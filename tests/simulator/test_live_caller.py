"""Live calls: what the caller does, and what comes of it."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from flask import Response

from app.simulator.live import people
from tests.simulator.living import QUICK, practising
from tests.simulator.playing import DIAL, GOODBYE, SCREEN, SCREENED
from tests.support.scripted import ANNA, xml

if TYPE_CHECKING:
    from tests.simulator.living import Practice

LONG = "Välkommen. " * 90
"""A minute."""
MENU = f'<Gather numDigits="1" action="/menu" timeout="60"><Say language="sv-SE">{LONG}</Say></Gather>'
NUMBER = '<Gather action="/number" timeout="60"><Say>Knappa in numret.</Say></Gather>'


def test_a_key_stops_the_words_of_a_question() -> None:
    began = time.monotonic()

    with practising({"/voice": MENU, "/menu": GOODBYE}) as practice:
        practice.dials()
        practice.until_call(lambda call: call["hears"] == "words" and call["takes_keys"])
        practice.presses("1")
        call = practice.until_it_is_over()

    assert time.monotonic() - began < 30, "the words alone take a minute"
    assert practice.script.one("/menu")["Digits"] == "1"
    assert [entry["kind"] for entry in call["entries"]] == ["said", "keyed", "said", "service_hung_up"]
    said = call["entries"][0]
    assert (said["n"], said["language"], said["seconds"]) == (1, "sv-SE", 65.9)


def test_no_key_goes_on_to_the_next_verb_when_the_time_is_over() -> None:
    question = '<Gather numDigits="1" action="/menu" timeout="5"><Say>Tryck ett.</Say></Gather>'

    with practising({"/voice": question + GOODBYE}, speed=QUICK) as practice:
        practice.dials()
        practice.until_it_is_over()
        kinds = practice.kinds()

    assert practice.script.paths.count("/menu") == 0
    assert kinds == ["said", "no_key", "said", "service_hung_up"]


def test_a_number_ends_with_its_finishing_key() -> None:
    with practising({"/voice": NUMBER, "/number": GOODBYE}) as practice:
        practice.dials()
        practice.until_it_takes_keys()
        practice.presses(*"0701740612#")
        practice.until_it_is_over()

    assert practice.script.one("/number")["Digits"] == "0701740612"


def test_or_with_the_silence_after_its_last_key() -> None:
    # Long words: the key has time until they are over, and only what comes after it is short.
    question = f'<Gather action="/number" timeout="5" numDigits="4"><Say>{LONG}</Say></Gather>'

    with practising({"/voice": question, "/number": GOODBYE}, speed=5) as practice:
        practice.dials()
        practice.until_it_takes_keys()
        practice.presses("1")
        call = practice.until_it_is_over()

    keyed, said = call["entries"][1:3]
    waited = datetime.fromisoformat(said["at"]) - datetime.fromisoformat(keyed["at"])
    assert practice.script.one("/number")["Digits"] == "1"
    assert waited.total_seconds() >= 4


def test_keys_where_nothing_is_asked_do_nothing() -> None:
    with practising({"/voice": f"<Say>{LONG}</Say>" + NUMBER, "/number": GOODBYE}) as practice:
        sid = practice.dials()
        practice.until_call(lambda call: call["hears"] == "words")
        practice.presses("5")
        before = practice.call()
        practice.does(f"/calls/{sid}/speaking", n=1, is_speaking=False)
        practice.until_it_takes_keys()
        practice.presses("7", "#")
        practice.until_it_is_over()

    assert not before["takes_keys"]
    assert practice.script.one("/number")["Digits"] == "7"


def test_many_who_press_at_once_are_all_heard() -> None:
    question = '<Gather numDigits="10" action="/number" timeout="60"><Say>Tio siffror.</Say></Gather>'

    with practising({"/voice": question, "/number": GOODBYE}) as practice:
        practice.dials()
        practice.until_it_takes_keys()
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(practice.presses, "0123456789"))
        practice.until_it_is_over()

    assert sorted(practice.script.one("/number")["Digits"] or "") == list("0123456789")


def in_words(practice: Practice) -> None:
    practice.until_call(lambda call: call["hears"] == "words")


def in_silence(practice: Practice) -> None:
    practice.until_call(lambda call: call["hears"] == "silence")


def while_ringing(practice: Practice) -> None:
    practice.until_phone("Övning Anna", "ringing")


def while_screened(practice: Practice) -> None:
    phone = practice.until_phone("Övning Anna", "ringing")
    practice.does(f"/phones/{phone['id']}/answer")
    practice.until_phone("Övning Anna", "screening")


def in_conversation(practice: Practice) -> None:
    while_screened(practice)
    practice.does(f"/phones/{practice.until_phone('Övning Anna', 'screening')['id']}/keys", key="1")
    practice.until_call(lambda call: call["hears"] == "talk")


QUESTION = '<Gather numDigits="1" action="/menu" timeout="60"/>'
LONG_SCREEN = SCREEN.replace("Tryck ett.", LONG)


@pytest.mark.parametrize(
    ("document", "moment", "action"),
    [
        (f"<Say>{LONG}</Say>", in_words, None),
        ('<Pause length="60"/>', in_silence, None),
        (MENU, in_words, None),
        (QUESTION, in_silence, None),
        (SCREENED, while_ringing, {"CallStatus": "completed", "DialCallStatus": "canceled", "DialBridged": "false"}),
        (SCREENED, while_screened, {"CallStatus": "completed", "DialCallStatus": "canceled", "DialBridged": "false"}),
        (SCREENED, in_conversation, {"CallStatus": "completed", "DialCallStatus": "completed", "DialBridged": "true"}),
    ],
)
def test_a_caller_can_hang_up_at_any_moment(document: str, moment: object, action: dict[str, str] | None) -> None:
    answers = {"/voice": document, "/screen": LONG_SCREEN, "/accept": "", "/after": GOODBYE, "/menu": GOODBYE}

    with practising(answers) as practice:
        practice.dials()
        assert callable(moment)
        moment(practice)
        practice.hangs_up()
        practice.until_it_is_over()
        phones = [phone["state"] for phone in practice.state()["phones"]]
        kinds = practice.kinds()

    assert practice.script.one("/status")["CallStatus"] in {"completed", "no-answer"}
    assert practice.script.to("/menu") == []
    told = [{name: one[name] for name in action} for one in practice.script.to("/after")] if action else []
    assert told == ([action] if action else practice.script.to("/after"))
    assert kinds[-1] == "caller_hung_up"
    assert phones == ["idle", "idle"]


def test_a_caller_who_hangs_up_while_the_service_thinks_makes_no_phone_ring() -> None:
    is_asked, may_answer = threading.Event(), threading.Event()

    def think(_: int) -> Response:
        is_asked.set()
        may_answer.wait(60)
        return Response(xml(DIAL), content_type="text/xml")

    with practising({"/voice": think}) as practice:
        practice.dials()
        assert is_asked.wait(60)
        practice.hangs_up()
        may_answer.set()
        practice.until_it_is_over()
        kinds = practice.kinds()

    assert kinds == ["caller_hung_up"]
    assert "/after" not in practice.script.paths


def test_a_caller_who_hangs_up_before_anything_answered_never_was_in_a_call() -> None:
    dial = DIAL.replace("<Dial ", '<Dial answerOnBridge="true" ')

    with practising({"/voice": dial, "/after": GOODBYE}) as practice:
        practice.dials()
        while_ringing_at_a_switchboard(practice)
        practice.hangs_up()
        practice.until_it_is_over()

    assert practice.script.one("/after")["CallStatus"] == "no-answer"
    assert practice.script.one("/status")["CallStatus"] == "no-answer"


def while_ringing_at_a_switchboard(practice: Practice) -> None:
    """A number without a screen: nobody on the list, and shown all the same."""
    practice.until_phone("…41", "ringing")


def test_a_switchboard_is_forgotten_when_it_has_stopped_ringing() -> None:
    with practising({"/voice": DIAL, "/after": GOODBYE}) as practice:
        practice.dials()
        while_ringing_at_a_switchboard(practice)
        practice.hangs_up()
        practice.until_it_is_over()
        aliases = [phone["alias"] for phone in practice.state()["phones"]]

    assert aliases == ["Övning Anna", "Övning Bo"]


def test_star_ends_a_conversation_where_the_service_allows_it() -> None:
    dial = DIAL.replace("<Dial ", '<Dial hangupOnStar="true" ')

    with practising({"/voice": dial, "/after": GOODBYE}) as practice:
        practice.dials()
        while_ringing_at_a_switchboard(practice)
        practice.does(f"/phones/{practice.until_phone('…41', 'ringing')['id']}/answer")
        practice.until_call(lambda call: call["hears"] == "talk" and call["takes_keys"])
        practice.presses("5", "*")
        practice.until_it_is_over()
        kinds = practice.kinds()

    assert practice.script.one("/after")["CallStatus"] == "in-progress"
    assert practice.script.one("/after")["DialBridged"] == "true"
    assert kinds[-2:] == ["said", "service_hung_up"]


def test_words_last_as_long_as_a_browser_speaks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_REFRESHED_SECONDS", 90.0)
    words = "Ett ögonblick. " * 12  # as many seconds

    with practising({"/voice": f"<Say>{words}</Say>"}) as practice:
        sid = practice.dials()
        call = practice.until_call(lambda call: bool(call["entries"]))
        practice.does(f"/calls/{sid}/speaking", n=1, is_speaking=True)
        began = datetime.fromisoformat(call["entries"][0]["at"])
        while (datetime.fromisoformat(practice.state()["clock"]["now"]) - began).total_seconds() < 14:
            time.sleep(0.05)
        meanwhile = practice.call()
        practice.does(f"/calls/{sid}/speaking", n=1, is_speaking=False)
        practice.until_it_is_over()
        kinds = practice.kinds()

    assert meanwhile["hears"] == "words"
    assert kinds == ["said", "service_hung_up"]


def test_a_browser_that_falls_silent_without_a_word_does_not_stop_a_call() -> None:
    with practising({"/voice": GOODBYE}, speed=1) as practice:
        sid = practice.dials()
        practice.until_call(lambda call: bool(call["entries"]))
        practice.post(f"/calls/{sid}/speaking", n=1, is_speaking=True)
        practice.until_it_is_over()
        kinds = practice.kinds()

    assert kinds == ["said", "service_hung_up"]


def test_a_withheld_number_travels_as_one() -> None:
    with practising({"/voice": GOODBYE}, speed=QUICK) as practice:
        practice.dials(withheld=True)
        call = practice.until_it_is_over()

    assert practice.script.one("/voice")["From"] == "anonymous"
    assert call["caller"] is None


def test_the_page_never_learns_a_number() -> None:
    with practising({"/voice": SCREENED, "/screen": SCREEN, "/accept": "", "/after": GOODBYE}) as practice:
        practice.dials()
        while_screened(practice)
        shown = practice.client.get("/practice/api/state").text

    # Ids are drawn: five digits of a number stand in one now and then.
    shown = re.sub(r"\b(?:CA[0-9a-f]{32}|[0-9a-f]{16})\b", "", shown)
    assert ANNA[-7:] not in shown
    assert "70174" not in shown
    assert "070-174 06 \\u2022\\u2022" in shown, "nor all of the caller's"


def test_everything_that_is_sent_and_answered_is_in_the_ledger() -> None:
    with practising({"/voice": GOODBYE}, speed=QUICK) as practice:
        sid = practice.dials()
        practice.until_it_is_over()
        kept = practice.network.ledger.of(sid)

    assert [(one.kind.value, one.status) for one in kept] == [("twiml", 200), ("callback", 200)]


def test_a_service_that_breaks_ends_the_call_in_twilios_words() -> None:
    def breaks(_: int) -> Response:
        return Response(status=500)

    with practising({"/voice": breaks}, speed=QUICK) as practice:
        practice.dials()
        practice.until_it_is_over()
        kinds = practice.kinds()

    assert kinds == ["dropped"]
