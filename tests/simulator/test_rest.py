"""The REST stand-in, through Twilio's own client."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import make_server

from app.domain.calls import CallStatus
from app.simulator.caller import CallerScript
from app.simulator.legs import Leg, new_sid
from app.simulator.network import Network
from app.simulator.rest import rest_api
from app.simulator.transcript import Ending
from tests.simulator.playing import DIAL, GOODBYE, play
from tests.support.scripted import ACCOUNT, ANNA, LINE, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def url(network: Network) -> Iterator[str]:
    app = Flask(__name__)
    app.register_blueprint(rest_api(network, ACCOUNT, TOKEN))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    http = TwilioHttpClient(timeout=5)
    client = Client(ACCOUNT, TOKEN, http_client=http)
    client.api.base_url = url
    yield client
    http.session.close()


def leg(network: Network, number: int = 0, **changes: object) -> Leg:
    one = Leg(new_sid("CA"), ACCOUNT, "inbound", "+46701740605", LINE, NINE + timedelta(minutes=number))
    for name, value in changes.items():
        setattr(one, name, value)
    network.add(one)
    return one


def test_a_finished_call_has_its_times_and_duration(network: Network, client: Client) -> None:
    one = leg(network)
    one.answer(NINE + timedelta(seconds=3))
    one.end(CallStatus.COMPLETED, NINE + timedelta(seconds=63))

    shown = client.calls(one.sid).fetch()

    assert (shown.sid, shown.to, shown.from_formatted, shown.status) == (one.sid, LINE, "+46701740605", "completed")
    assert (shown.start_time, shown.end_time, shown.duration) == (NINE, NINE + timedelta(seconds=63), "60")
    assert shown.direction == "inbound"
    assert shown.parent_call_sid is None


@pytest.mark.parametrize("status", [CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED])
def test_a_call_that_did_not_complete_has_neither_end_nor_duration(
    network: Network, client: Client, status: CallStatus
) -> None:
    one = leg(network)
    one.end(status, NINE + timedelta(seconds=20))

    shown = client.calls(one.sid).fetch()

    assert (shown.status, shown.end_time, shown.duration) == (status.value, None, None)


def test_calls_are_listed_by_number_status_and_parent(network: Network, client: Client) -> None:
    here = leg(network)
    there = leg(network, 1, called="+46102235760", status=CallStatus.BUSY)
    child = leg(network, 2, called=ANNA, parent_sid=here.sid, direction="outbound-dial", caller=LINE)

    assert [one.sid for one in client.calls.list(to=LINE)] == [here.sid]
    assert [one.sid for one in client.calls.list(from_=LINE)] == [child.sid]
    assert [one.sid for one in client.calls.list(status="busy")] == [there.sid]
    assert [one.sid for one in client.calls.list(parent_call_sid=here.sid)] == [child.sid]
    assert [one.sid for one in client.calls.list()] == [child.sid, there.sid, here.sid]


def test_calls_are_listed_by_when_they_began_and_ended(network: Network, client: Client) -> None:
    early, late = leg(network), leg(network, 60)
    late.end(CallStatus.COMPLETED, NINE + timedelta(hours=2))
    half_past = NINE + timedelta(minutes=30)

    assert [one.sid for one in client.calls.list(start_time_after=half_past)] == [late.sid]
    assert [one.sid for one in client.calls.list(start_time_before=half_past)] == [early.sid]
    assert [one.sid for one in client.calls.list(end_time_after=half_past)] == [late.sid]


def test_a_date_means_the_whole_day_in_utc(network: Network, client: Client) -> None:
    one = leg(network)

    for day in ("2026-11-23", "2026-11-24"):
        assert bool(client.calls.list(start_time_after=day)) is (day == "2026-11-23")
    for day in ("2026-11-22", "2026-11-23"):
        listed = client.calls.list(start_time_before=day)
        assert [call.sid for call in listed] == ([one.sid] if day == "2026-11-23" else [])


def test_long_lists_come_in_pages(network: Network, client: Client) -> None:
    sids = {leg(network, number).sid for number in range(7)}

    listed = client.calls.list(to=LINE, page_size=3)

    assert {one.sid for one in listed} == sids
    assert len(listed) == 7


def test_an_unknown_call_is_not_found(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "f" * 32).fetch()

    assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize(("account", "token", "status"), [(ACCOUNT, "wrong", 401), ("AC" + "1" * 32, TOKEN, 401)])
def test_another_token_or_account_is_refused(url: str, account: str, token: str, status: int) -> None:
    http = TwilioHttpClient(timeout=5)
    stranger = Client(account, token, http_client=http)
    stranger.api.base_url = url

    with pytest.raises(TwilioRestException) as refused:
        stranger.calls("CA" + "f" * 32).fetch()

    http.session.close()
    assert (refused.value.status, refused.value.code) == (status, 20003)


def test_a_time_that_is_none_is_refused(client: Client) -> None:
    with pytest.raises(TwilioException, match="400"):
        client.calls.list(start_time_after="yesterday")


def test_ending_a_call_that_is_over_is_refused_with_twilios_number(network: Network, client: Client) -> None:
    one = leg(network)
    one.end(CallStatus.COMPLETED, NINE)

    with pytest.raises(TwilioRestException) as refused:
        client.calls(one.sid).update(status="completed")

    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_a_call_that_was_answered_cannot_be_canceled(network: Network, client: Client) -> None:
    one = leg(network)
    one.answer(NINE)

    with pytest.raises(TwilioRestException) as refused:
        client.calls(one.sid).update(status="canceled")

    assert refused.value.code == 21220


def test_another_status_cannot_be_set(network: Network, client: Client) -> None:
    one = leg(network)

    with pytest.raises(TwilioRestException) as refused:
        client.calls(one.sid).update(status="busy")

    assert refused.value.status == 400


def test_a_live_call_that_is_ended_by_rest_still_asks_the_pending_action(network: Network, client: Client) -> None:
    def ends_the_call_meanwhile(_: int) -> object:
        from flask import Response, request  # noqa: PLC0415 - of this test alone

        from tests.support.scripted import xml  # noqa: PLC0415 - of this test alone

        client.calls(request.form["CallSid"]).update(status="completed")
        return Response(xml(DIAL), content_type="text/xml")

    played = play({"/voice": ends_the_call_meanwhile, "/after": GOODBYE}, network=network)

    assert played.one("/after")["CallStatus"] == "completed"
    assert played.transcript.ending is Ending.HUNG_UP
    assert client.calls(played.transcript.call_sid).fetch().status == "completed"


def test_every_leg_of_a_practice_call_can_be_listed(network: Network, client: Client) -> None:
    script = CallerScript(("1",))

    transcript = play({"/voice": DIAL, "/after": GOODBYE}, network=network, caller_script=script).transcript

    children = client.calls.list(parent_call_sid=transcript.call_sid)
    assert [(child.sid, child.to, child.status, child.duration) for child in children] == [
        (transcript.legs[0].sid, ANNA, "completed", "60")
    ]
