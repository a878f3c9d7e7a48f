"""The simulator's own web pages, and the orders that it takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import RejectedInput
from app.simulator.caller import Moment
from app.simulator.lines import PracticeLine
from app.simulator.network import Network
from app.simulator.orders import Order
from app.simulator.phones import Reaction
from app.simulator.server import create_server
from tests.simulator.playing import DIAL, GOODBYE
from tests.support.scripted import ACCOUNT, LINE, Script, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

CLOSED = "<Say>Polisen når du på 114 14, UD på 08-405 50 05.</Say>"
MENU = '<Gather numDigits="1" action="/menu"><Say>Välkommen &amp; tryck ett.</Say></Gather>'
AT = "2026-11-23T10:00:00+01:00"


@pytest.fixture
def script() -> Iterator[Script]:
    with serving(Script({"/voice": MENU, "/menu": DIAL, "/after": GOODBYE})) as script:
        yield script


@pytest.fixture
def client(script: Script) -> FlaskClient:
    line = PracticeLine("skane", "Skånes stödlinje", LINE, ZoneInfo("Europe/Stockholm"))
    return create_server(script.service, (line,), Network(), command=".venv/bin/radrum").test_client()


def order(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - anything may come
    return {"line_number": LINE, "keys": ["1"], "starts_at": AT} | changes


def test_an_ordered_call_is_placed_and_answered_with_its_transcript(client: FlaskClient) -> None:
    answer = client.post("/practice/calls", json=order())

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["ending"] == "talked"
    assert [line["kind"] for line in answer.json["lines"]][:2] == ["said", "keyed"]
    assert answer.json["began_at"] == "2026-11-23T09:00:00+00:00"


def test_a_call_without_a_time_begins_by_the_services_clock(client: FlaskClient, script: Script) -> None:
    answer = client.post("/practice/calls", json=order(starts_at=None))

    assert answer.status_code == 201
    assert script.paths[0] == "/healthz"


def test_the_calls_so_far_can_be_ended_and_listed_by_rest(client: FlaskClient) -> None:
    placed = client.post("/practice/calls", json=order()).json
    assert placed is not None

    listed = client.get(f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json", auth=(ACCOUNT, "the token of the tests")).json

    assert listed is not None
    assert placed["call_sid"] in {call["sid"] for call in listed["calls"]}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"line_number": "0403"}, "line_number"),
        ({"caller": "anna"}, "caller"),
        ({"keys": ["one"]}, "keys"),
        ({"phones": "explode"}, "phones"),
        ({"hang_up": "never"}, "hang_up"),
        ({"starts_at": "2026-11-23T10:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00+14:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-14:00"}, "starts_at"),
        ({"colour": "red"}, "body"),
        ({"keys": "1"}, "body"),
        ({"keys": [1]}, "body"),
        ({"line_number": 4640349800}, "body"),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused_and_says_why(
    client: FlaskClient, script: Script, changes: dict[str, Any], named: str
) -> None:
    answer = client.post("/practice/calls", json=order(**changes))

    assert answer.status_code == 422
    assert answer.json is not None
    assert named in answer.json["detail"]
    assert script.paths == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"{}"])
def test_a_body_that_is_no_order_is_refused(client: FlaskClient, body: bytes) -> None:
    assert client.post("/practice/calls", data=body, content_type="application/json").status_code == 422


def test_a_form_of_another_site_is_no_order(client: FlaskClient) -> None:
    assert client.post("/practice/calls", data=order()).status_code == 415


@pytest.mark.parametrize("host", ["radrum.example.se", "127.0.0.1.example.se:8401", "evil:8401", "localhost.se"])
def test_only_this_computer_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/practice", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8401", "localhost:8401", "[::1]:8401", "localhost", "127.0.0.1", "[::1]"])
def test_by_any_of_its_names(client: FlaskClient, host: str) -> None:
    assert client.get("/practice", headers={"Host": host}).status_code == 200


def test_a_service_that_is_gone_is_said_in_a_sentence() -> None:
    nobody = Script(public_url="http://127.0.0.1:1").service

    answer = create_server(nobody, (), Network()).test_client().post("/practice/calls", json=order())

    assert answer.status_code == 503
    assert answer.json is not None
    assert "doesn't answer at http://127.0.0.1:1" in answer.json["detail"]


def test_the_page_says_what_it_is_and_how_to_begin(client: FlaskClient) -> None:
    page = client.get("/practice/calls").text

    assert '<html lang="sv">' in page
    assert "<code>.venv/bin/radrum call skane</code>" in page
    assert "Inga än" in page


def test_the_page_shows_each_call_with_masked_numbers_and_escaped_words(client: FlaskClient) -> None:
    client.post("/practice/calls", json=order())

    page = client.get("/practice/calls").text

    assert "Skånes stödlinje" in page
    assert "2026-11-23 10:00:00" in page
    assert "Välkommen &amp; tryck ett." in page
    assert "…41" in page
    assert "70174064" not in page, "no whole number of a phone"
    assert "pratade med en människa" in page


def test_the_page_says_when_a_call_was_placed_beside_the_time_that_it_played_at(client: FlaskClient) -> None:
    before = datetime.now(UTC)
    client.post("/practice/calls", json=order())
    after = datetime.now(UTC)

    page = client.get("/practice/calls").text

    placed = [f"{one.astimezone(ZoneInfo('Europe/Stockholm')):%Y-%m-%d %H:%M}</time>" for one in (before, after)]
    assert re.search(r"i övningen <time [^>]+>2026-11-23 10:00:00</time>", page)
    assert any(one in page for one in placed)


def test_numbers_stay_whole_on_the_page_and_are_told_as_they_were_sent(client: FlaskClient, script: Script) -> None:
    script.answers["/voice"] = CLOSED

    placed = client.post("/practice/calls", json=order()).json
    page = client.get("/practice/calls").text

    assert placed is not None
    assert placed["lines"][0]["text"] == "Polisen når du på 114 14, UD på 08-405 50 05."
    assert (
        'på <span class="number">114\u00a014</span>, UD på <span class="number">08-405\u00a050\u00a005</span>.' in page
    )


def test_the_address_alone_leads_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/practice"


@pytest.mark.parametrize("path", ["/nowhere", "/practice/nowhere", "/static/nowhere.css"])
def test_an_address_that_leads_nowhere_is_said_in_swedish(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.text
    assert 'href="/practice"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_other_refusals_are_pages_too(client: FlaskClient) -> None:
    answer = client.delete("/practice/calls")

    assert answer.status_code == 405
    assert "Det gick inte" in answer.text


@pytest.mark.parametrize("path", ["/practice", "/practice/calls"])
def test_the_pages_run_their_own_script_alone_and_take_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    allowed = client.get(path).headers["Content-Security-Policy"]

    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" in allowed
    assert "unsafe" not in allowed
    assert "http" not in allowed


def test_the_style_is_the_simulators_own(client: FlaskClient) -> None:
    with client.get("/static/practice.css") as style:
        assert style.status_code == 200


def test_many_calls_come_in_pages(client: FlaskClient) -> None:
    for _ in range(21):
        client.post("/practice/calls", json=order(hang_up="greeting"))

    first, second = client.get("/practice/calls").text, client.get("/practice/calls?page=2").text

    assert (first.count("<details"), second.count("<details")) == (20, 1)
    assert "Sida 1 av 2" in first
    assert 'rel="prev"' in second
    assert client.get("/practice/calls?page=99").text == second
    assert client.get("/practice/calls?page=x").text == first


def test_an_order_becomes_a_plan() -> None:
    plan = Order(LINE, caller="withheld", keys=("1",), phones="decline", hang_up="ringing", starts_at=AT).plan()

    assert plan.caller == "anonymous"
    assert plan.script.keys == ("1",)
    assert plan.script.hangs_up is Moment.RINGING
    assert plan.other_phones.reaction is Reaction.DECLINES
    assert plan.starts_at is not None
    assert plan.starts_at.isoformat() == "2026-11-23T09:00:00+00:00"


def test_everything_that_is_wrong_with_an_order_is_said_at_once() -> None:
    with pytest.raises(RejectedInput) as refused:
        Order("x", caller="y", phones="z").plan()

    assert [problem.key for problem in refused.value.problems] == ["line_number", "caller", "phones"]
