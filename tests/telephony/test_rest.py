"""Reading Twilio's list of calls, from a small server on loopback that answers as Twilio does."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.serving import make_server

from app.domain.calls import CallSid, CallStatus
from app.domain.errors import Unavailable
from app.domain.phone import PhoneNumber
from app.telephony.rest import ProviderCall, TwilioAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.typing import ResponseReturnValue

ACCOUNT = "AC" + "0" * 32
TOKEN = "the-token"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
LINE = PhoneNumber("+4640349800")
OTHER_LINE = PhoneNumber("+46500498000")
SINCE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def sid(number: int) -> CallSid:
    """A call's SID."""
    return CallSid(f"CA{number:032x}")


def call(number: int, **fields: object) -> dict[str, object]:
    """A call as Twilio writes it."""
    return {
        "sid": sid(number),
        "to": LINE.e164,
        "from": "+46701740605",
        "status": "completed",
        "direction": "inbound",
        "date_created": "Mon, 23 Nov 2026 09:00:00 +0000",
        "start_time": "Mon, 23 Nov 2026 09:00:00 +0000",
        "end_time": "Mon, 23 Nov 2026 09:05:30 +0000",
        "duration": "330",
        "parent_call_sid": None,
        **fields,
    }


class StandIn:
    """Answers the REST calls that we make, as it is told."""

    def __init__(self) -> None:
        self.origin = ""
        self.asked: list[str] = []
        self.told: list[dict[str, str]] = []
        self.credentials: set[str | None] = set()
        self.answer: Callable[[], ResponseReturnValue] = lambda: jsonify(calls=[], next_page_uri=None)
        self.app = Flask("stand-in")
        self.app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])

    def _answer(self, path: str) -> ResponseReturnValue:
        del path
        self.asked.append(request.full_path.rstrip("?"))
        if request.form:
            self.told.append(request.form.to_dict())
        self.credentials.add(request.headers.get("Authorization"))
        return self.answer()

    def lists(self, *pages: list[dict[str, object]]) -> None:
        """Answer with these pages of calls."""

        def answer() -> Response:
            number = int(request.args.get("Page", "0"))
            after = f"{CALLS}.json?Page={number + 1}" if number + 1 < len(pages) else None
            return jsonify(calls=pages[number], next_page_uri=after, page=number, uri="/")

        self.answer = answer

    def asked_for(self, name: str) -> list[str]:
        """The values of a parameter in all questions, in order."""
        return [value for target in self.asked for value in parse_qs(urlsplit(target).query).get(name, [])]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """The server, running."""
    one = StandIn()
    server = make_server("127.0.0.1", 0, one.app, threaded=True)
    one.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def account(stand_in: StandIn) -> Iterator[TwilioAccount]:
    """Our account, at the stand-in."""
    with TwilioAccount(ACCOUNT, TOKEN, base_url=stand_in.origin) as one:
        yield one


def test_calls_are_listed_over_several_pages(stand_in: StandIn, account: TwilioAccount) -> None:
    stand_in.lists([call(1), call(2)], [call(3)])

    found = list(account.calls_since([LINE], SINCE))

    assert [one.sid for one in found] == [sid(1), sid(2), sid(3)]
    assert found[0] == ProviderCall(
        sid=sid(1),
        to=LINE,
        status=CallStatus.COMPLETED,
        started_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 23, 9, 5, 30, tzinfo=UTC),
        duration_seconds=330,
        parent_sid=None,
    )
    assert stand_in.asked_for("To") == [LINE.e164]
    assert stand_in.asked_for("StartTime>") == ["2026-11-22T08:00:00Z"]


def test_we_sign_in_as_the_account(stand_in: StandIn, account: TwilioAccount) -> None:
    account.children(sid(1))

    assert stand_in.credentials == {"Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()}


def test_each_of_our_numbers_is_asked_for(stand_in: StandIn, account: TwilioAccount) -> None:
    list(account.calls_since([LINE, OTHER_LINE], SINCE))

    assert stand_in.asked_for("To") == [LINE.e164, OTHER_LINE.e164]


def test_calls_before_the_instant_and_legs_that_we_dialled_are_left_out(
    stand_in: StandIn, account: TwilioAccount
) -> None:
    stand_in.lists(
        [
            call(1, start_time="Mon, 23 Nov 2026 07:59:59 +0000"),
            call(2, start_time="Mon, 23 Nov 2026 08:00:00 +0000"),
            call(3, direction="outbound-dial"),
            call(4, start_time="", date_created=""),
        ]
    )

    assert [one.sid for one in account.calls_since([LINE], SINCE)] == [sid(2), sid(4)]


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled", "in-progress"])
@pytest.mark.parametrize("empty", ["", None])
def test_a_call_without_duration_and_end_is_understood(
    stand_in: StandIn, account: TwilioAccount, status: str, empty: str | None
) -> None:
    stand_in.answer = lambda: jsonify(call(1, status=status, duration=empty, end_time=empty, start_time=empty))

    found = account.fetch(sid(1))

    assert found is not None
    assert (found.status, found.duration_seconds, found.ended_at) == (CallStatus(status), None, None)
    assert found.started_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("end", "taken_for"), [("", CallStatus.IN_PROGRESS), (None, CallStatus.IN_PROGRESS)])
def test_a_status_of_a_later_day_is_judged_by_the_end(
    stand_in: StandIn, account: TwilioAccount, end: str | None, taken_for: CallStatus
) -> None:
    stand_in.lists([call(1, status="teleported", end_time=end), call(2, status="teleported")])

    assert [one.status for one in account.children(sid(9))] == [taken_for, CallStatus.COMPLETED]


def test_the_legs_of_a_call_name_their_parent(stand_in: StandIn, account: TwilioAccount) -> None:
    stand_in.lists([call(2, parent_call_sid=sid(1), direction="outbound-dial", to="+46701740641")])

    (leg,) = account.children(sid(1))

    assert leg.parent_sid == sid(1)
    assert stand_in.asked_for("ParentCallSid") == [sid(1)]
    assert "46701740641" not in repr(leg)


def test_a_number_that_is_none_is_left_out(stand_in: StandIn, account: TwilioAccount) -> None:
    stand_in.answer = lambda: jsonify(call(1, to="sip:desk@example.org"))

    found = account.fetch(sid(1))

    assert found is not None
    assert found.to is None


def test_a_call_that_twilio_does_not_know_is_none(stand_in: StandIn, account: TwilioAccount) -> None:
    stand_in.answer = lambda: (jsonify(code=20404, message="not found", status=404), 404)

    assert account.fetch(sid(1)) is None
    assert stand_in.asked == [f"{CALLS}/{sid(1)}.json"]


@pytest.mark.parametrize("odd", ["", "CA1", "../Messages", sid(1) + "/x", "ca" + "1" * 32, sid(1) + "\n"])
def test_what_is_no_sid_is_not_asked_for(stand_in: StandIn, account: TwilioAccount, odd: str) -> None:
    assert account.fetch(CallSid(odd)) is None
    assert stand_in.asked == []


def test_a_call_is_led_elsewhere(stand_in: StandIn, account: TwilioAccount) -> None:
    stand_in.answer = lambda: (jsonify(call(1)), 200)

    assert account.lead_to(sid(1), "https://radrum.example.se/twilio/turn/4")
    assert stand_in.asked == [f"{CALLS}/{sid(1)}.json"]
    assert stand_in.told == [{"Url": "https://radrum.example.se/twilio/turn/4", "Method": "POST"}]


@pytest.mark.parametrize(("code", "status"), [(21220, 400), (20404, 404)])
def test_a_call_that_is_over_cannot_be_led_anywhere(
    stand_in: StandIn, account: TwilioAccount, code: int, status: int
) -> None:
    stand_in.answer = lambda: (jsonify(code=code, message="Call is not in-progress", status=status), status)

    assert not account.lead_to(sid(1), "https://radrum.example.se/twilio/turn/4")


def problem(status: int) -> Callable[[], ResponseReturnValue]:
    """An error as Twilio writes it."""
    return lambda: (jsonify(code=20000, message="secret words of the provider", status=status), status)


ANSWERS: dict[str, tuple[Callable[[], Any], str]] = {
    "too often": (problem(429), "too often"),
    "unauthorised": (problem(401), "refuses our credentials"),
    "forbidden": (problem(403), "refuses our credentials"),
    "our fault": (problem(400), "an error (400)"),
    "their fault": (problem(500), "an error (500)"),
    "their fault, as a page": (lambda: ("<h1>Bad gateway</h1>", 502), "an error (502)"),
    "a redirect": (lambda: redirect("http://127.0.0.1:1/elsewhere"), ""),
    "not json": (lambda: "<h1>Hello</h1>", "something else than calls"),
    "other json": (lambda: jsonify([1, 2]), "something else than calls"),
    "calls of another kind": (lambda: jsonify(calls=[call(1, sid="SM1")]), "something else than calls"),
    "calls without a name": (lambda: jsonify(calls=[{}]), "something else than calls"),
    "json of two lists": (lambda: jsonify(calls=[], shouts=[]), "something else than calls"),
}


@pytest.mark.parametrize(("answer", "sentence"), ANSWERS.values(), ids=ANSWERS.keys())
def test_whatever_goes_wrong_is_said_in_one_sentence(
    stand_in: StandIn, account: TwilioAccount, answer: Callable[[], Any], sentence: str
) -> None:
    stand_in.answer = answer

    with pytest.raises(Unavailable) as unavailable:
        list(account.calls_since([LINE], SINCE))

    assert sentence in str(unavailable.value)
    assert str(unavailable.value).startswith("Twilio (127.0.0.1:")
    assert "\n" not in str(unavailable.value)
    assert TOKEN not in str(unavailable.value)
    assert "secret words" not in str(unavailable.value)


def test_an_answer_that_comes_too_late_is_said_too(stand_in: StandIn) -> None:
    is_over = threading.Event()

    def answer() -> ResponseReturnValue:
        is_over.wait(60)
        return jsonify(calls=[])

    stand_in.answer = answer

    with (
        TwilioAccount(ACCOUNT, TOKEN, base_url=stand_in.origin, timeout_seconds=0.3) as account,
        pytest.raises(Unavailable, match=r"^Twilio \(127\.0\.0\.1:\d+\) didn't answer in time"),
    ):
        account.fetch(sid(1))

    is_over.set()


@pytest.mark.parametrize("status", [401, 429, 500])
def test_one_call_goes_wrong_the_same_way(stand_in: StandIn, account: TwilioAccount, status: int) -> None:
    stand_in.answer = problem(status)

    with pytest.raises(Unavailable):
        account.fetch(sid(1))
    with pytest.raises(Unavailable):
        account.lead_to(sid(1), "https://radrum.example.se/twilio/turn/4")


def test_nobody_at_home_is_said_too() -> None:
    with (
        TwilioAccount(ACCOUNT, TOKEN, base_url="http://127.0.0.1:1") as account,
        pytest.raises(Unavailable, match="can't be reached"),
    ):
        account.fetch(sid(1))


def test_a_page_that_leads_to_another_host_is_not_followed(stand_in: StandIn, account: TwilioAccount) -> None:
    elsewhere = {"key": "calls", "next_page_url": "http://127.0.0.1:1/next"}
    stand_in.answer = lambda: jsonify(calls=[call(1)], meta=elsewhere)

    with pytest.raises(Unavailable, match="something else"):
        list(account.calls_since([LINE], SINCE))

    assert len(stand_in.asked) == 1


def test_the_requests_of_the_package_are_not_logged(account: TwilioAccount, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    list(account.calls_since([LINE], SINCE))

    assert LINE.e164 not in caplog.text
    assert "46349800" not in caplog.text


@pytest.mark.parametrize(
    ("region", "edge", "host"),
    [(None, None, "https://api.twilio.com"), ("ie1", "dublin", "https://api.dublin.ie1.twilio.com")],
)
def test_the_region_and_its_edge_pick_the_host(
    monkeypatch: pytest.MonkeyPatch, region: str | None, edge: str | None, host: str
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")

    with TwilioAccount(ACCOUNT, TOKEN, region=region, edge=edge) as account:
        assert account.host == host


def test_a_stand_in_is_asked_whatever_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")

    with TwilioAccount(ACCOUNT, TOKEN, region="ie1", edge="dublin", base_url="http://127.0.0.1:8401") as account:
        assert account.host == "http://127.0.0.1:8401"
