"""The addresses of live calls: what they refuse, the clock, the long poll, and calls that REST interferes with."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import Response

from app.simulator.live import api as live_api
from app.simulator.live import calls as live
from app.simulator.live import service as live_service
from tests.simulator.living import AT, QUICK, practising
from tests.simulator.playing import GOODBYE
from tests.support.scripted import ACCOUNT, TOKEN, xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulator.living import Practice

WAITS = '<Gather numDigits="1" action="/menu" timeout="600"/>'
AUTH = (ACCOUNT, TOKEN)
NOBODY = "CA" + "f" * 32


@pytest.fixture
def practice() -> Iterator[Practice]:
    with practising({"/voice": WAITS, "/menu": GOODBYE, "/new": GOODBYE}) as practice:
        yield practice


def rest(practice: Practice, sid: str, **form: str) -> int:
    address = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
    return practice.client.post(address, data=form, auth=AUTH).status_code


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/calls", {}),
        ("/calls", {"line": "mars"}),
        ("/calls", {"line": 1}),
        ("/calls", {"line": "skane", "at": "tomorrow"}),
        ("/calls", {"line": "skane", "at": "2026-11-23T10:00+01:00"}),
        ("/calls", {"line": "skane", "at": "2026-03-29T02:30"}),
        ("/calls", {"line": "skane", "at": "9999-12-31T23:59"}),
        ("/calls", {"line": "skane", "at": 7}),
        ("/calls", {"line": "skane", "withheld": "no"}),
        (f"/calls/{NOBODY}/keys", {}),
        (f"/calls/{NOBODY}/keys", {"key": "12"}),
        (f"/calls/{NOBODY}/keys", {"key": ""}),
        (f"/calls/{NOBODY}/keys", {"key": "A"}),
        (f"/calls/{NOBODY}/keys", {"key": 1}),
        (f"/calls/{NOBODY}/speaking", {"n": "1", "is_speaking": True}),
        (f"/calls/{NOBODY}/speaking", {"n": True, "is_speaking": True}),
        ("/phones/f00/keys", {"key": "x"}),
        ("/busy", {"line": "mars"}),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused_in_swedish(practice: Practice, path: str, body: dict[str, Any]) -> None:
    answer = practice.post(path, **body)

    assert answer.status_code == 422
    assert (answer.json or {})["detail"].endswith(".")
    assert "/voice" not in practice.script.paths


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'"1"'])
@pytest.mark.parametrize("path", ["/calls", f"/calls/{NOBODY}/hang-up", "/phones/f00/answer", "/end-all"])
def test_a_body_that_is_no_object_is_refused(practice: Practice, path: str, body: bytes) -> None:
    answer = practice.client.post(f"/practice/api{path}", data=body, content_type="application/json")

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/calls", "/end-all", "/busy", f"/calls/{NOBODY}/keys", "/phones/f00/answer"])
def test_a_form_of_another_site_presses_no_button(practice: Practice, path: str) -> None:
    answer = practice.client.post(f"/practice/api{path}", data={"line": "skane"})

    assert answer.status_code == 415
    assert (answer.json or {})["detail"]


@pytest.mark.parametrize("path", ["/state", "/calls"])
def test_only_this_computer_is_answered(practice: Practice, path: str) -> None:
    answer = practice.client.open(f"/practice/api{path}", method="GET", headers={"Host": "radrum.example.se"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/calls/{NOBODY}/keys", {"key": "1"}),
        (f"/calls/{NOBODY}/hang-up", {}),
        (f"/calls/{NOBODY}/speaking", {"n": 1, "is_speaking": True}),
        ("/phones/f00/answer", {}),
        ("/phones/f00/keys", {"key": "1"}),
        ("/phones/f00/decline", {}),
        ("/phones/f00/hang-up", {}),
        ("/phones/f00/dance", {}),
    ],
)
def test_a_call_or_phone_that_is_not_there_is_not_found(practice: Practice, path: str, body: dict[str, Any]) -> None:
    assert practice.post(path, **body).status_code == 404


def test_a_line_that_is_not_there_has_no_phones_to_show(practice: Practice) -> None:
    assert practice.client.get("/practice/api/state?line=mars").status_code == 404


@pytest.mark.parametrize(("what", "body"), [("answer", {}), ("decline", {}), ("hang-up", {}), ("keys", {"key": "1"})])
def test_an_idle_phone_has_no_buttons(practice: Practice, what: str, body: dict[str, Any]) -> None:
    phone = practice.state()["phones"][0]["id"]

    answer = practice.post(f"/phones/{phone}/{what}", **body)

    assert answer.status_code == 409
    assert (answer.json or {})["detail"].startswith("Telefonen")


def test_a_call_that_is_over_takes_no_keys(practice: Practice) -> None:
    sid = practice.dials()
    practice.hangs_up()
    practice.until_it_is_over()

    assert practice.post(f"/calls/{sid}/keys", key="1").status_code == 409
    assert practice.post(f"/calls/{sid}/hang-up").status_code == 409


def test_words_that_were_never_said_are_not_spoken(practice: Practice) -> None:
    sid = practice.dials()

    assert practice.post(f"/calls/{sid}/speaking", n=99, is_speaking=True).status_code == 422


def test_a_number_of_calls_is_enough(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_LIVE", 2)
    practice.dials()
    practice.dials()

    answer = practice.post("/calls", line="skane", at=None)

    assert answer.status_code == 409
    assert "Högst 2" in (answer.json or {})["detail"]


def test_a_service_that_is_gone_is_said_in_a_sentence(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice.script, "answers", {"/healthz": lambda _: None})

    answer = practice.post("/calls", line="skane", at=None)

    assert answer.status_code == 503
    assert practice.script.public_url in (answer.json or {})["detail"]


# --- the clock --------------------------------------------------------------------------------------------------------


def test_a_chosen_time_is_the_lines_and_every_request_tells_it(practice: Practice) -> None:
    practice.dials(at=AT)
    practice.until_it_takes_keys()
    clock = practice.state()["clock"]

    told = datetime.fromisoformat(practice.script.one("/voice")["PracticeNow"] or "")
    assert told.isoformat().startswith("2026-11-23T09:0")
    assert clock["now"].startswith("2026-11-23T10:0")
    assert (clock["is_chosen"], clock["may_be_set"]) == (True, False)


def test_without_a_time_it_is_now(practice: Practice) -> None:
    practice.dials(at=None)
    practice.until_it_takes_keys()
    clock = practice.state()["clock"]

    now = datetime.fromisoformat(clock["now"])
    assert abs(now - datetime.now(now.tzinfo)) < timedelta(minutes=1)
    assert clock["is_chosen"] is False


def test_while_a_call_is_under_way_the_clock_runs_on(practice: Practice) -> None:
    practice.dials(at=AT)

    another_time = practice.post("/calls", line="skane", at="2026-11-24T10:00")
    the_same, none = practice.post("/calls", line="nationell", at=AT), practice.post("/calls", line="skane", at=None)

    assert another_time.status_code == 409
    assert "Avsluta samtalen" in (another_time.json or {})["detail"]
    assert (the_same.status_code, none.status_code) == (201, 201)
    assert practice.state()["clock"]["now"].startswith("2026-11-23T10:0")


def test_the_phones_of_a_time_can_be_seen_before_it_is_chosen(practice: Practice) -> None:
    shown = practice.state(line="skane", at="2026-12-01T09:00")

    asked = practice.script.to("/twilio/practice/duty")[-1]
    assert asked.query["line"] == "skane"
    assert asked.query["at"] == "2026-12-01T08:00:00+00:00"
    assert [phone["alias"] for phone in shown["phones"]] == ["Övning Anna", "Övning Bo"]
    assert shown["clock"] == {"now": "2026-12-01T09:00:00+01:00", "is_chosen": True, "may_be_set": True}


def test_after_a_call_at_a_chosen_time_now_is_now_again(practice: Practice) -> None:
    practice.dials(at=AT)
    practice.post("/end-all")
    practice.until(lambda shown: shown["clock"]["may_be_set"])

    clock = practice.state()["clock"]

    now = datetime.fromisoformat(clock["now"])
    assert abs(now - datetime.now(now.tzinfo)) < timedelta(minutes=1)
    assert clock["is_chosen"] is False


@pytest.mark.parametrize("at", ["2026-1", "2026-03-29T02:30", "0001-01-01T00:00", "x"])
def test_half_a_time_is_none_yet(practice: Practice, at: str) -> None:
    assert practice.state(line="skane", at=at)["phones"]


def test_two_who_look_at_different_times_do_not_wake_each_other(practice: Practice) -> None:
    versions = {practice.state(line="skane", at=f"2026-12-0{day}T09:00")["version"] for day in (1, 2, 1, 2)}

    assert len(versions) == 1


def test_a_change_of_who_is_on_duty_is_news(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_service, "_FRESH_SECONDS", 0.0)
    before = practice.state()["version"]
    practice.script.answers["/twilio/practice/duty"] = lambda _: Response('{"phones": []}', mimetype="application/json")

    answer = practice.client.get(f"/practice/api/state?since={before}")

    assert answer.status_code == 200
    assert (answer.json or {})["phones"] == []


# --- the long poll ----------------------------------------------------------------------------------------------------


def test_who_knows_the_state_already_is_told_so(practice: Practice) -> None:
    version = practice.state()["version"]

    assert practice.client.get(f"/practice/api/state?since={version}").status_code == 304
    assert practice.client.get(f"/practice/api/state?since={version + 7}").status_code == 200
    assert practice.client.get("/practice/api/state?since=x").status_code == 200


def test_who_waits_is_told_of_a_change(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_api, "_POLL_SECONDS", 60)
    version = practice.state()["version"]
    threading.Timer(0.2, practice.dials).start()

    answer = practice.client.get(f"/practice/api/state?since={version}&wait=1")

    assert answer.status_code == 200
    assert (answer.json or {})["version"] > version


def test_and_that_there_was_none(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_api, "_POLL_SECONDS", 0.1)
    version = practice.state()["version"]

    assert practice.client.get(f"/practice/api/state?since={version}&wait=1").status_code == 304


# --- the REST API -----------------------------------------------------------------------------------------------------


def test_a_live_call_is_ended_by_rest_at_once(practice: Practice) -> None:
    sid = practice.dials()
    practice.until_it_takes_keys()

    assert rest(practice, sid, Status="completed") == 200
    practice.until_it_is_over()
    assert practice.script.one("/status")["CallStatus"] == "completed"
    assert rest(practice, sid, Status="completed") == 400


def test_a_live_call_is_led_elsewhere_by_rest_at_once(practice: Practice) -> None:
    sid = practice.dials()
    practice.until_it_takes_keys()

    assert rest(practice, sid, Url=f"{practice.script.public_url}/new") == 200
    practice.until_it_is_over()
    assert practice.kinds() == ["said", "service_hung_up"]
    assert practice.script.to("/menu") == []


def test_a_live_call_runs_twiml_by_rest(practice: Practice) -> None:
    sid = practice.dials()
    practice.until_it_takes_keys()

    assert rest(practice, sid, Twiml=xml(GOODBYE)) == 200
    practice.until_it_is_over()
    assert [entry["text"] for entry in practice.call()["entries"]] == ["Hej då.", ""]


def test_all_calls_can_be_ended_at_once() -> None:
    with practising({"/voice": WAITS}, speed=QUICK) as practice:
        for line in ("skane", "nationell", "skane"):
            practice.dials(line)
        practice.does("/end-all")
        shown = practice.until(lambda shown: all(call["state"] == "ended" for call in shown["calls"]))

    assert [call["line"] for call in shown["calls"]] == ["skane", "nationell", "skane"]
    assert shown["clock"]["may_be_set"] is True
