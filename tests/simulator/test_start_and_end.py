"""How calls begin, go on from document to document, and end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.calls import CallStatus
from app.simulator.caller import CallerScript, Moment
from app.simulator.findings import FindingKind
from app.simulator.transcript import Ending, LineKind
from tests.simulator.playing import GOODBYE, play
from tests.support.scripted import ACCOUNT, LINE

HANGS_UP_AT_ONCE = CallerScript(hangs_up=Moment.GREETING)


def test_an_inbound_call_asks_the_voice_url_with_all_that_twilio_sends() -> None:
    played = play({"/voice": GOODBYE}, caller="+46701740605")

    form = played.one("/voice").form
    assert form["CallStatus"] == "ringing"
    assert form["Direction"] == "inbound"
    assert (form["From"], form["Caller"]) == ("+46701740605", "+46701740605")
    assert (form["To"], form["Called"]) == (LINE, LINE)
    assert (form["AccountSid"], form["ApiVersion"]) == (ACCOUNT, "2010-04-01")
    assert form["FromCountry"] == "SE"
    assert form["FromCity"] == form["CalledZip"] == form["CallerState"] == ""
    assert "ParentCallSid" not in form
    assert form["CallSid"].startswith("CA")
    assert len(form["CallSid"]) == 34


def test_a_request_carries_twilios_headers_and_a_field_that_nobody_knows() -> None:
    request = play({"/voice": GOODBYE}).one("/voice")

    assert request.headers["User-Agent"] == "TwilioProxy/1.1"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert request.headers["I-Twilio-Idempotency-Token"]
    assert request.headers["X-Home-Region"] == "us1"
    assert "åäö" in request.form["XSim"]


def test_the_virtual_time_travels_in_a_signed_field() -> None:
    starts_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    played = play({"/voice": "<Pause length='7'/>"}, starts_at=starts_at)

    assert played.one("/voice")["PracticeNow"] == "2026-11-23T09:00:00+00:00"
    assert played.one("/status")["PracticeNow"] == "2026-11-23T09:00:07+00:00"


@pytest.mark.parametrize("withheld", ["anonymous", "Restricted", "", "+266696687", "7378742833", "sip:x@y", "1177"])
def test_a_withheld_or_odd_number_arrives_as_the_network_tells_it(withheld: str) -> None:
    played = play({"/voice": GOODBYE}, caller=withheld)

    assert played.one("/voice")["From"] == played.one("/voice")["Caller"] == withheld


def test_fields_that_only_some_calls_have_are_sent_with_the_first_request() -> None:
    played = play({"/voice": GOODBYE}, extra_fields={"ForwardedFrom": "+46101000000"})

    assert played.one("/voice")["ForwardedFrom"] == "+46101000000"


def test_the_verbs_are_heard_in_order_and_the_end_is_told_to_the_status_callback() -> None:
    played = play({"/voice": "<Say>Ett.</Say><Pause length='4'/><Play>/p.wav</Play>"})

    assert played.transcript.kinds() == (LineKind.SAID, LineKind.PLAYED, LineKind.SERVICE_HUNG_UP)
    assert played.paths == ["/voice", "/status"]
    assert played.one("/status")["CallStatus"] == "completed"
    assert played.one("/status")["CallDuration"] == "10"
    assert played.transcript.ending is Ending.SPEECH


def test_an_empty_document_answers_and_ends_the_call_and_that_is_a_silent_end() -> None:
    played = play({"/voice": ""})

    assert played.paths == ["/voice", "/status"]
    assert played.one("/status")["CallStatus"] == "completed"
    assert played.one("/status")["CallDuration"] == "0"
    assert played.transcript.ending is Ending.SILENT
    assert played.findings == [FindingKind.SILENT_END]


@pytest.mark.parametrize(("reject", "status"), [("<Reject/>", "no-answer"), ('<Reject reason="busy"/>', "busy")])
def test_a_call_that_is_rejected_at_once_was_never_answered(reject: str, status: str) -> None:
    played = play({"/voice": f"{reject}{GOODBYE}"})

    assert played.one("/status")["CallStatus"] == status
    assert played.one("/status")["CallDuration"] == "0"
    assert played.transcript.kinds() == (LineKind.REJECTED,)


def test_a_later_reject_hangs_up_an_answered_call() -> None:
    played = play({"/voice": f"{GOODBYE}<Reject/><Say>Aldrig.</Say>"})

    assert played.one("/status")["CallStatus"] == "completed"
    assert played.transcript.heard == "Hej då."


def test_a_hangup_at_once_still_answers_and_nothing_after_it_runs() -> None:
    played = play({"/voice": f"<Hangup/>{GOODBYE}"})

    assert played.one("/status")["CallStatus"] == "completed"
    assert played.transcript.heard == ""


def test_a_redirect_goes_on_elsewhere_and_the_rest_is_never_heard() -> None:
    played = play({"/voice": f"<Redirect>/u/x</Redirect>{GOODBYE}", "/u/x": "<Redirect>y</Redirect>", "/u/y": GOODBYE})

    assert played.paths == ["/voice", "/u/x", "/u/y", "/status"]
    assert played.to("/u/x")[0]["CallStatus"] == "in-progress"
    assert played.transcript.heard == "Hej då."


def test_a_redirect_by_get_carries_the_fields_in_the_query_and_signs_them_there() -> None:
    played = play({"/voice": '<Redirect method="GET">/u?a=%C3%A5</Redirect>', "/u": GOODBYE})

    request = played.one("/u")
    assert request.method == "GET"
    assert request.form == {}
    assert request.query["a"] == "å"
    assert request.query["CallStatus"] == "in-progress"


def test_documents_without_end_are_cut_off_as_a_loop() -> None:
    played = play({"/voice": "<Say>Igen.</Say><Redirect>/voice</Redirect>"})

    assert len(played.to("/voice")) == 30
    assert played.findings == [FindingKind.LOOP]
    assert played.transcript.ending is Ending.DROPPED


def test_a_caller_who_hangs_up_while_words_are_spoken_is_told_to_the_status_callback_alone() -> None:
    played = play({"/voice": f"{GOODBYE}<Redirect>/next</Redirect>"}, caller_script=HANGS_UP_AT_ONCE)

    assert played.paths == ["/voice", "/status"]
    assert played.one("/status")["CallStatus"] == "completed"
    assert played.transcript.ending is Ending.HUNG_UP


def test_a_pause_at_first_delays_the_answer() -> None:
    played = play({"/voice": f"<Pause length='5'/>{'<Say>Hej.</Say>'}"})

    assert played.one("/status")["CallDuration"] == "1"


def test_silence_of_more_than_half_a_minute_is_objected_to_once() -> None:
    played = play({"/voice": f"<Pause length='20'/><Pause length='20'/><Pause length='20'/>{GOODBYE}"})

    assert played.findings == [FindingKind.LONG_SILENCE]


def test_words_break_the_silence() -> None:
    played = play({"/voice": f"<Pause length='20'/><Say>Stanna kvar.</Say><Pause length='20'/>{GOODBYE}"})

    assert played.findings == []


def test_two_calls_of_one_seed_are_two_calls() -> None:
    one, other = (play({"/voice": GOODBYE}, seed=7).transcript for _ in range(2))

    assert one.call_sid != other.call_sid
    assert one.status is other.status is CallStatus.COMPLETED
