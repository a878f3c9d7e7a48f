"""A live call that is led elsewhere through the REST API, by Twilio's own client."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, Response, request
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import make_server

from app.simulator.findings import FindingKind
from app.simulator.network import Network
from app.simulator.rest import rest_api
from app.simulator.transcript import Ending, LineKind
from tests.simulator.playing import DIAL, GOODBYE, SCREEN, SCREENED, play
from tests.support.scripted import ACCOUNT, TOKEN, xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MENU = '<Gather numDigits="1" action="/menu"><Say>Tryck ett.</Say></Gather>'


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def client(network: Network) -> Iterator[Client]:
    app = Flask(__name__)
    app.register_blueprint(rest_api(network, ACCOUNT, TOKEN))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    http = TwilioHttpClient(timeout=5)
    client = Client(ACCOUNT, TOKEN, http_client=http)
    client.api.base_url = f"http://127.0.0.1:{server.server_port}"
    yield client
    http.session.close()
    server.shutdown()
    thread.join()
    server.server_close()


def leading(client: Client, document: str, **elsewhere: str) -> Callable[[int], Response]:
    """An answer during which the caller's leg is led elsewhere; ORIGIN stands for the service's."""

    def answer(_: int) -> Response:
        sid = request.form.get("ParentCallSid") or request.form["CallSid"]
        changes = {name: value.replace("ORIGIN", request.host_url.rstrip("/")) for name, value in elsewhere.items()}
        client.calls(sid).update(**changes)
        return Response(xml(document), content_type="text/xml")

    return answer


@pytest.mark.parametrize("document", ["<Say>Hej.</Say>", MENU, "<Pause length='3'/>", "<Hangup/>", "", DIAL])
def test_a_new_url_is_asked_instead_of_what_the_call_did(network: Network, client: Client, document: str) -> None:
    answers: dict[str, Any] = {"/voice": leading(client, document, url="ORIGIN/new"), "/new": GOODBYE}

    played = play(answers, network=network)

    assert played.paths == ["/voice", "/new", "/status"]
    assert played.one("/new").method == "POST"
    assert played.one("/new")["CallStatus"] in {"ringing", "in-progress"}
    assert played.transcript.heard == "Hej då."
    assert played.transcript.ending is Ending.SPEECH


def test_a_new_url_can_be_asked_with_get(network: Network, client: Client) -> None:
    answers: dict[str, Any] = {"/voice": leading(client, MENU, url="ORIGIN/new", method="GET"), "/new": GOODBYE}

    asked = play(answers, network=network).one("/new")

    assert (asked.method, asked.query["CallSid"][:2]) == ("GET", "CA")


def test_new_twiml_runs_as_it_is(network: Network, client: Client) -> None:
    played = play({"/voice": leading(client, MENU, twiml=xml(GOODBYE))}, network=network)

    assert played.paths == ["/voice", "/status"]
    assert played.transcript.heard == "Hej då."


def test_twiml_of_its_own_names_whole_urls_alone(network: Network, client: Client) -> None:
    played = play({"/voice": leading(client, MENU, twiml=xml(MENU))}, network=network)

    assert FindingKind.FOREIGN_URL in played.findings
    assert played.transcript.ending is Ending.DROPPED


def test_a_stranger_is_never_asked(network: Network, client: Client) -> None:
    played = play({"/voice": leading(client, MENU, url="http://127.0.0.1:1/new")}, network=network)

    assert played.findings == [FindingKind.FOREIGN_URL]
    assert played.transcript.ending is Ending.DROPPED


def test_a_phone_that_is_screened_is_hung_up_and_the_action_of_its_dial_is_not_asked(
    network: Network, client: Client
) -> None:
    answers = {
        "/voice": SCREENED,
        "/screen": leading(client, SCREEN, url="ORIGIN/new"),
        "/new": GOODBYE,
        "/after": GOODBYE,
    }

    played = play(answers, network=network)

    assert played.paths == ["/voice", "/screen", "/new", "/status"]
    assert LineKind.BRIDGED not in played.transcript.kinds()
    assert [leg.joined for leg in played.transcript.legs] == [False]
    assert played.transcript.legs[0].status.value == "completed"


def test_a_phone_that_rings_falls_silent(network: Network, client: Client) -> None:
    dial = DIAL.replace("<Number>", '<Number statusCallback="/leg" statusCallbackEvent="initiated">')
    answers = {"/voice": dial, "/leg": leading(client, "", url="ORIGIN/new"), "/new": GOODBYE, "/after": GOODBYE}

    played = play(answers, network=network)

    assert played.paths == ["/voice", "/leg", "/new", "/status"]
    assert [leg.status.value for leg in played.transcript.legs] == ["canceled"]
    assert played.transcript.ending is Ending.SPEECH


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://127.0.0.1/new", "twiml": "<Response/>"},
        {"twiml": ""},
        {"url": "http://127.0.0.1/new", "method": "PUT"},
        {"twiml": "<Response>" + " " * 4000 + "</Response>"},
    ],
)
def test_what_cannot_be_meant_is_refused(network: Network, client: Client, wrong: dict[str, str]) -> None:
    refusals: list[int] = []

    def tries(_: int) -> Response:
        with pytest.raises(TwilioRestException) as refused:
            client.calls(request.form["CallSid"]).update(**wrong)
        refusals.append(refused.value.status)
        return Response(xml(GOODBYE), content_type="text/xml")

    played = play({"/voice": tries}, network=network)

    assert refusals == [400]
    assert played.transcript.heard == "Hej då."


def test_a_call_that_is_over_cannot_be_led_anywhere(network: Network, client: Client) -> None:
    played = play({"/voice": GOODBYE}, network=network)

    with pytest.raises(TwilioRestException) as refused:
        client.calls(played.transcript.call_sid).update(twiml="<Response/>")

    assert (refused.value.status, refused.value.code) == (400, 21220)
