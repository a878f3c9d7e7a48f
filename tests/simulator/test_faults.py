"""Requests and callbacks that get lost, come twice, come late: what arrives, and what is objected to."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from flask import Response

from app.simulator.caller import CallerScript, Moment
from app.simulator.faults import CallbackFault, FaultPlan, RequestFault
from app.simulator.findings import FindingKind
from app.simulator.ledger import Ledger, RequestKind
from app.simulator.network import Network
from app.simulator.transcript import Ending, Transcript
from app.simulator.variants import Variants
from tests.simulator.playing import DIAL, GOODBYE, play
from tests.support.scripted import ANNA, LINE, xml

if TYPE_CHECKING:
    from pathlib import Path

CALLBACKS = (
    f'<Dial action="/after" callerId="{LINE}"><Number statusCallback="/leg" '
    f'statusCallbackEvent="initiated ringing answered completed">{ANNA}</Number></Dial>'
)
TWICE = [RequestFault.TWICE_SAME_TOKEN, RequestFault.TWICE_NEW_TOKEN, RequestFault.TWICE_AT_ONCE]


def always(fault: RequestFault | CallbackFault) -> FaultPlan:
    if isinstance(fault, RequestFault):
        return FaultPlan(requests=((fault, 1.0),))
    return FaultPlan(callbacks=((fault, 1.0),))


def retried(fragment: str) -> dict[str, str]:
    return {"voice_path": f"/voice{fragment}"}


@pytest.mark.parametrize(
    ("fault", "tokens"),
    [(RequestFault.TWICE_SAME_TOKEN, 1), (RequestFault.TWICE_NEW_TOKEN, 2), (RequestFault.TWICE_AT_ONCE, 1)],
)
def test_a_request_can_come_twice_with_the_same_token_another_or_at_once(fault: RequestFault, tokens: int) -> None:
    played = play({"/voice": GOODBYE}, faults=always(fault))

    first, second = played.to("/voice")
    assert first.form == second.form
    assert len({one.headers["I-Twilio-Idempotency-Token"] for one in (first, second)}) == tokens
    assert played.findings == []


@pytest.mark.parametrize("fault", TWICE)
def test_a_repeat_with_another_answer_is_objected_to(fault: RequestFault) -> None:
    played = play({"/voice": [GOODBYE, "<Say>Något annat.</Say>"]}, faults=always(fault))

    assert played.findings == [FindingKind.REPEAT_DIFFERS]


@pytest.mark.parametrize("fault", TWICE[:2])
def test_a_repeat_that_fails_is_objected_to(fault: RequestFault) -> None:
    def fails_the_second_time(number: int) -> Response:
        return Response(xml(GOODBYE), status=200 if number == 1 else 500, content_type="text/xml")

    assert play({"/voice": fails_the_second_time}, faults=always(fault)).findings == [FindingKind.BAD_STATUS]


def test_a_request_that_is_lost_once_comes_again_without_being_asked_for() -> None:
    played = play({"/voice": GOODBYE}, faults=always(RequestFault.LOST_ONCE))

    assert len(played.to("/voice")) == 1
    assert played.transcript.ending is Ending.SPEECH
    lost, arrived = (one for one in played.transcript.exchanges if one.kind is RequestKind.TWIML)
    assert (lost.trouble, arrived.trouble) == ("ct", None)
    assert lost.idempotency_token == arrived.idempotency_token


@pytest.mark.parametrize(("fragment", "tries"), [("", 2), ("#rc=3", 4), ("#rc=0", 1)])
def test_a_request_that_is_lost_for_good_drops_the_call_after_the_tries_that_its_url_wants(
    fragment: str, tries: int
) -> None:
    played = play({"/voice": GOODBYE}, faults=always(RequestFault.LOST), service=retried(fragment))

    assert len([one for one in played.transcript.exchanges if one.kind is RequestKind.TWIML]) == tries
    assert played.transcript.ending is Ending.DROPPED
    assert played.findings == [FindingKind.CALL_DROPPED]
    assert played.paths == ["/status"]


@pytest.mark.parametrize(
    ("fragment", "ending"), [("", Ending.DROPPED), ("#rp=ct,rt", Ending.SPEECH), ("#rp=all", Ending.SPEECH)]
)
def test_an_answer_that_is_lost_is_asked_for_again_if_the_url_says_so(fragment: str, ending: Ending) -> None:
    played = play({"/voice": GOODBYE}, faults=always(RequestFault.ANSWER_LOST), service=retried(fragment))

    assert played.transcript.ending is ending


def test_the_fallback_answers_for_us_and_hears_what_was_wrong() -> None:
    answers = {"/voice": lambda _: Response(status=503), "/fallback": GOODBYE}

    played = play(answers, service={"fallback_url": "ORIGIN/fallback"})

    fallback = played.one("/fallback")
    assert (fallback["ErrorCode"], fallback["ErrorUrl"]) == ("11200", f"{played.script.public_url}/voice")
    assert fallback["CallSid"] == played.transcript.call_sid
    assert played.transcript.heard == "Hej då."


def test_a_fallback_that_fails_too_drops_the_call() -> None:
    answers = {"/voice": lambda _: Response(status=503), "/fallback": lambda _: Response(status=503)}

    played = play(answers, service={"fallback_url": "ORIGIN/fallback"})

    assert played.transcript.ending is Ending.DROPPED
    assert played.one("/status")["CallStatus"] == "completed"


@pytest.mark.parametrize(("fragment", "tries"), [("", 1), ("#rc=2&rp=5xx", 3), ("#rc=2&rp=all", 3), ("#rc=2&rp=ct", 1)])
def test_an_error_is_retried_only_where_the_url_says_so(fragment: str, tries: int) -> None:
    played = play({"/voice": lambda _: Response(status=500)}, service=retried(fragment))

    assert len(played.to("/voice")) == tries
    assert len({one.headers["I-Twilio-Idempotency-Token"] for one in played.to("/voice")}) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308, 403, 404, 405, 500])
def test_any_status_but_2xx_is_objected_to(status: int) -> None:
    played = play({"/voice": lambda _: Response(status=status, headers={"Location": "/x"})})

    assert played.findings == [FindingKind.BAD_STATUS, FindingKind.CALL_DROPPED]
    assert played.to("/x") == []


def test_an_answer_that_comes_too_late_is_no_answer() -> None:
    is_over = threading.Event()

    def slow(_: int) -> Response:
        is_over.wait()
        return Response(xml(GOODBYE), content_type="text/xml")

    played = play({"/voice": slow}, service=retried("#rt=100&rc=0"))
    is_over.set()

    assert played.findings == [FindingKind.UNREACHABLE, FindingKind.CALL_DROPPED]


def test_nobody_at_the_other_end_is_objected_to() -> None:
    played = play({}, service={"public_url": "http://127.0.0.1:1", "status_path": "/status"})

    assert set(played.findings) == {FindingKind.UNREACHABLE, FindingKind.CALL_DROPPED}


def test_a_document_that_cannot_be_run_drops_the_call_and_says_why() -> None:
    played = play({"/voice": "<Record/>"})

    assert played.findings == [FindingKind.INVALID_ANSWER, FindingKind.CALL_DROPPED]
    assert "Record" in played.transcript.findings[0].what


def test_a_number_that_the_caller_keyed_must_not_turn_up_in_a_url() -> None:
    answers = {"/voice": '<Gather action="/n"/>', "/n": "<Redirect>/confirm/0701740612</Redirect>"}

    assert FindingKind.NUMBER_IN_URL in play(answers, keys=("0701740612#",)).findings


def test_callbacks_can_all_be_lost() -> None:
    played = play({"/voice": CALLBACKS, "/after": GOODBYE}, faults=always(CallbackFault.DROPPED))

    assert played.paths == ["/voice", "/after"]
    lost = [one for one in played.transcript.exchanges if one.kind is RequestKind.CALLBACK]
    assert len(lost) == 5
    assert {one.played_fault for one in lost} == {"dropped"}


def test_callbacks_can_all_come_twice() -> None:
    played = play({"/voice": CALLBACKS, "/after": GOODBYE}, faults=always(CallbackFault.DOUBLED))

    assert len(played.to("/leg")) == 8
    assert len(played.to("/status")) == 2


def test_callbacks_can_all_come_after_the_call() -> None:
    played = play({"/voice": CALLBACKS, "/after": GOODBYE}, faults=always(CallbackFault.DELAYED))

    assert played.paths == ["/voice", "/after", "/leg", "/leg", "/leg", "/leg", "/status"]


def test_callbacks_that_are_held_back_change_places_with_later_ones() -> None:
    orders = set()

    for seed in range(8):
        plan = FaultPlan(callbacks=((CallbackFault.HELD_BACK, 0.5),))
        played = play({"/voice": CALLBACKS, "/after": GOODBYE}, faults=plan, seed=seed)
        orders.add(tuple(one["SequenceNumber"] for one in played.to("/leg")))
        assert {one["SequenceNumber"] for one in played.to("/leg")} == {"0", "1", "2", "3"}

    assert len(orders) > 1


def test_callbacks_can_travel_beside_the_requests() -> None:
    played = play({"/voice": CALLBACKS, "/after": GOODBYE}, faults=always(CallbackFault.AT_ONCE))

    assert len(played.to("/leg")) == 4
    assert len(played.to("/status")) == 1


def test_the_status_callback_can_overtake_the_action() -> None:
    script = CallerScript(hangs_up=Moment.RINGING)

    played = play({"/voice": DIAL}, caller_script=script, variants=Variants(status_before_action=True))

    assert played.paths == ["/voice", "/status", "/after"]


def test_a_callback_that_fails_is_sent_again_as_its_url_says_and_objected_to() -> None:
    answers = {"/voice": GOODBYE, "/status": lambda _: Response(status=500)}

    played = play(answers, service={"status_path": "/status#rc=5&rp=all"})

    assert len(played.to("/status")) == 6
    assert played.findings == [FindingKind.BAD_STATUS]


def test_a_callback_that_succeeds_the_second_time_is_fine() -> None:
    answers = {"/voice": GOODBYE, "/status": lambda number: Response(status=500 if number == 1 else 204)}

    played = play(answers, service={"status_path": "/status#rc=5&rp=all"})

    assert len(played.to("/status")) == 2
    assert played.findings == []


def test_the_same_seed_plays_the_same_faults() -> None:
    plan = FaultPlan(requests=tuple((fault, 0.15) for fault in TWICE), callbacks=((CallbackFault.DROPPED, 0.5),))

    one, other = (play({"/voice": CALLBACKS, "/after": GOODBYE}, faults=plan, seed=11) for _ in range(2))

    assert one.paths == other.paths


def test_probabilities_of_more_than_one_are_refused() -> None:
    with pytest.raises(ValueError, match="together at most 1"):
        FaultPlan(requests=((RequestFault.LOST, 0.6), (RequestFault.LOST_ONCE, 0.6)))


def test_the_ledger_holds_all_that_was_sent_and_answered_and_every_finding(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    network = Network(Ledger(file))

    first = play({"/voice": GOODBYE}, network=network).transcript
    second = play({"/voice": ""}, network=network).transcript

    assert network.ledger.call_sids == {first.call_sid, second.call_sid}
    assert [one.url.rpartition("/")[2] for one in network.ledger.of(first.call_sid)] == ["voice", "status"]
    assert network.ledger.of(first.call_sid) == first.exchanges
    assert [one.field("CallStatus") for one in first.exchanges] == ["ringing", "completed"]
    assert [(sid, finding.kind) for sid, finding in network.ledger.findings] == [
        (second.call_sid, FindingKind.SILENT_END)
    ]
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    assert [entry["exchange"]["status"] for entry in entries if "exchange" in entry] == [200, 200, 200, 200]
    assert [entry["finding"]["kind"] for entry in entries if "finding" in entry] == ["silent_end"]


def test_a_transcript_survives_the_wire() -> None:
    transcript = play({"/voice": CALLBACKS, "/after": ""}, keys=("1",)).transcript

    received = Transcript.from_json(json.loads(json.dumps(transcript.as_json())))

    assert received.lines == transcript.lines
    assert received.legs == transcript.legs
    assert received.findings == transcript.findings
    assert received.as_json() == transcript.as_json()
