"""The practice page when the service places a call itself: a phone rings, and then the one that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.simulator.living import practising
from tests.support.scripted import ACCOUNT, ANNA, LINE, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulator.living import Practice

CALLER = "+46701740605"
ASK = '<Gather input="dtmf" numDigits="1" timeout="8" action="/key"><Say language="sv-SE">Tryck 1.</Say></Gather>'
SCREEN = f"{ASK}<Hangup/>"
DIAL = f'<Dial action="/end" callerId="{LINE}" timeout="20"><Number statusCallback="/leg">{CALLER}</Number></Dial>'
ANSWERS: dict[str, Any] = {"/back": SCREEN, "/key": DIAL, "/end": "<Hangup/>", "/status": "", "/leg": ""}


@pytest.fixture
def practice() -> Iterator[Practice]:
    with practising(ANSWERS) as practice:
        yield practice


def place(practice: Practice, **fields: str) -> Any:  # noqa: ANN401 - JSON
    origin = practice.script.public_url
    form = {
        "To": ANNA,
        "From": LINE,
        "Url": f"{origin}/back",
        "StatusCallback": f"{origin}/status",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": "25",
    }
    return practice.client.post(f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json", data=form | fields, auth=(ACCOUNT, TOKEN))


def phone_that(practice: Practice, state: str, *, shows_alias: bool) -> str:
    """The id of the phone in that state: the specialist's has an alias, the caller's is shown by its last digits."""

    def fits(one: dict[str, Any]) -> bool:
        return one["state"] == state and one["alias"].startswith("…") is not shows_alias

    shown = practice.until(lambda shown: any(map(fits, shown["phones"])))
    found: str = next(one["id"] for one in shown["phones"] if fits(one))
    return found


def statuses(practice: Practice) -> list[str | None]:
    return [one["CallStatus"] for one in practice.script.to("/status")]


def test_the_phone_rings_and_after_a_key_the_callers_phone_rings_too(practice: Practice) -> None:
    answer = place(practice)
    assert (answer.status_code, answer.json["status"], answer.json["direction"]) == (201, "queued", "outbound-api")

    anna = phone_that(practice, "ringing", shows_alias=True)
    practice.does(f"/phones/{anna}/answer")
    phone_that(practice, "screening", shows_alias=True)
    practice.until(lambda shown: any(one["heard"] for one in shown["phones"]))
    practice.does(f"/phones/{anna}/keys", key="1")
    caller = phone_that(practice, "ringing", shows_alias=False)
    practice.does(f"/phones/{caller}/answer")
    phone_that(practice, "talking", shows_alias=False)
    practice.does(f"/phones/{caller}/hang-up")
    practice.until(lambda shown: all(call["state"] == "ended" for call in shown["calls"]))

    assert practice.script.one("/end")["DialBridged"] == "true"
    assert statuses(practice) == ["initiated", "ringing", "in-progress", "completed"]


def test_the_page_says_which_phone_rings_back_and_which_is_rung_back(practice: Practice) -> None:
    place(practice, To="+46701740699")
    own = phone_that(practice, "ringing", shows_alias=False)
    practice.does(f"/phones/{own}/answer")
    practice.until(lambda shown: any(one["heard"] for one in shown["phones"]))
    practice.does(f"/phones/{own}/keys", key="1")
    phone_that(practice, "ringing", shows_alias=False)

    shown = practice.until(lambda shown: sum(one["state"] != "idle" for one in shown["phones"]) > 1)

    tiers = {one["id"] == own: one["tier"] for one in shown["phones"] if one["state"] != "idle"}
    assert tiers == {True: "rings_back", False: "rung_back"}


def test_a_specialist_who_hangs_up_while_the_caller_is_rung_ends_it(practice: Practice) -> None:
    place(practice)
    anna = phone_that(practice, "ringing", shows_alias=True)
    practice.does(f"/phones/{anna}/answer")
    practice.until(lambda shown: any(one["heard"] for one in shown["phones"]))
    practice.does(f"/phones/{anna}/keys", key="1")
    phone_that(practice, "ringing", shows_alias=False)

    practice.does(f"/phones/{anna}/hang-up")
    practice.until(lambda shown: all(call["state"] == "ended" for call in shown["calls"]))

    assert practice.script.one("/end")["DialCallStatus"] == "canceled"
    assert statuses(practice)[-1] == "completed"


def test_a_phone_that_is_declined_is_busy_and_hears_nothing(practice: Practice) -> None:
    place(practice)
    anna = phone_that(practice, "ringing", shows_alias=True)

    practice.does(f"/phones/{anna}/decline")
    practice.until(lambda shown: all(call["state"] == "ended" for call in shown["calls"]))

    assert practice.script.to("/back") == []
    assert statuses(practice) == ["initiated", "ringing", "busy"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"From": "+46812345678"}, 21210),
        ({"To": "+46939123456"}, 21215),
        ({"To": "nobody"}, 21215),
        ({"Url": "https://stranger.example.se/back"}, 21205),
        ({"Url": ""}, 21205),
        ({"Timeout": "0"}, 20001),
    ],
)
def test_what_twilio_refuses_rings_nobody(practice: Practice, wrong: dict[str, str], code: int) -> None:
    answer = place(practice, **wrong)

    assert (answer.status_code, answer.json["code"]) == (400, code)
    assert practice.network.legs() == ()
