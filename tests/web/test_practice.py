"""What the service tells the practice phones, and whom it tells nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from twilio.request_validator import RequestValidator

from app.domain.calls import Source
from app.factory import create_app
from app.services.rota.staff import import_staff
from app.storage.base import db
from app.web.setup import EXTENSION
from tests.support.webhooks import ORIGIN, Twilio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.settings import Settings

TOKEN = "the-token-of-the-tests"
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
SKANE = "+4640349800"
SID = "CA" + "1" * 32
STAFF = """name,alias,phone,competences,languages,rota,from
Övning Ett,Ett,+46701740641,law,sv,skane,2026-01-01
Övning Två,Två,+46701740642,police,sv;en,skane,2026-01-01
Övning Tre,Tre,+46701740643,school,sv,skane-backup,2026-01-01
Övning Fem,Fem,+46701740645,law,sv,nationell,2026-01-01
"""


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        import_staff(db.session(), settings.policy, STAFF, MONDAY_AT_TEN)
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def ask(client: FlaskClient, path: str, *, token: str = TOKEN, **query: str) -> TestResponse:
    """A question, signed as Twilio signs a GET."""
    target = f"/twilio/practice/{path}?{urlencode(query | {'AccountSid': 'AC' + '0' * 32})}"
    signature = RequestValidator(token).compute_signature(ORIGIN + target, {})
    return client.get(target, headers={"X-Twilio-Signature": signature})


def duty(client: FlaskClient, line: str = "skane", at: str = "2026-11-23T10:00:00+01:00") -> list[dict[str, Any]]:
    answer = ask(client, "duty", line=line, at=at)
    assert answer.status_code == 200
    phones: list[dict[str, Any]] = (answer.json or {})["phones"]
    return phones


def caller(client: FlaskClient) -> Twilio:
    return Twilio(client, SKANE, MONDAY_AT_TEN, SID)


def rings_somebody(twilio: Twilio) -> Any:  # noqa: ANN401 - an answer
    """A professional who answers every question with 1."""
    answer = twilio.arrive()
    for _ in range(3):
        if answer.rings:
            return answer
        answer = twilio.press(answer, "1")
    return answer


def test_the_phones_of_a_line_come_in_ringing_order_and_its_overflow_lines_after_them(client: FlaskClient) -> None:
    phones = duty(client)

    lines = [one["line"] for one in phones]
    assert sorted(one["alias"] for one in phones[:3]) == ["Ett", "Tre", "Två"]
    assert [one["tier"] for one in phones[:3]] == ["primary", "primary", "backup"]
    assert lines == ["skane"] * 3 + ["nationell"]
    assert [one["place"] for one in phones] == [1, 2, 3, 1]
    assert all(one["is_free"] for one in phones)
    assert {one["alias"]: one["phone"] for one in phones}["Ett"] == "+46701740641"


def test_a_line_that_is_closed_has_none(client: FlaskClient) -> None:
    assert duty(client, at="2026-11-21T10:00:00+01:00") == []


def test_whoever_is_being_rung_is_not_free(client: FlaskClient) -> None:
    rung = rings_somebody(caller(client)).rings

    assert [one["phone"] for one in duty(client) if not one["is_free"]] == [rung]


def test_a_call_is_told_with_aliases_its_log_and_its_way(client: FlaskClient) -> None:
    twilio = caller(client)
    dial = rings_somebody(twilio)
    alias = {one["phone"]: one["alias"] for one in duty(client)}[dial.rings]
    twilio.accept(dial)

    told = ask(client, f"calls/{SID}").json

    assert told is not None
    record = told["record"]
    assert record["answered_by"] == alias
    assert [(one["specialist"], one["state"]) for one in record["attempts"]] == [(alias, "accepted")]
    assert record["owner"] == "Malmö stad"
    assert record["started_at"] == "2026-11-23T10:00:00+01:00"
    assert told["trail"][:2] == ["hours", "greeting"]
    assert all(one != following for one, following in zip(told["trail"], told["trail"][1:], strict=False))
    assert told["at"] == told["trail"][-1]
    assert [one["kind"] for one in told["log"]][-3:] == ["turn", "screen", "accept"]
    assert "+46" not in ask(client, f"calls/{SID}").text, "no number"


def test_a_call_that_is_over_stands_nowhere(client: FlaskClient) -> None:
    twilio = caller(client)
    twilio.arrive()
    twilio.hang_up()

    told = ask(client, f"calls/{SID}").json

    assert told is not None
    assert told["at"] is None
    assert told["record"]["outcome"] == "abandoned"
    assert told["trail"]


@pytest.mark.parametrize("sid", [SID, "CA1", "x", "CA" + "g" * 32])
def test_a_call_that_never_reached_us_is_not_found(client: FlaskClient, sid: str) -> None:
    assert ask(client, f"calls/{sid}").status_code == 404


@pytest.mark.parametrize(
    ("line", "at", "status"),
    [
        ("mars", "2026-11-23T10:00:00+01:00", 404),
        ("skane", "", 400),
        ("skane", "tomorrow", 400),
        ("skane", "2026-11-23T10:00:00", 400),
        ("skane", "2999-11-23T10:00:00+01:00", 400),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(client: FlaskClient, line: str, at: str, status: int) -> None:
    assert ask(client, "duty", line=line, at=at).status_code == status


@pytest.mark.parametrize("path", ["duty?line=skane&at=2026-11-23T10:00:00%2B01:00", f"calls/{SID}"])
def test_whoever_has_not_signed_is_told_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/twilio/practice/{path}")

    assert (answer.status_code, answer.data) == (403, b"")


def test_another_token_signs_nothing(client: FlaskClient) -> None:
    assert ask(client, "duty", token="another", line="skane", at="2026-11-23T10:00:00+01:00").status_code == 403


@pytest.mark.parametrize("path", ["duty", f"calls/{SID}"])
def test_where_calls_are_real_there_is_no_such_page(app: Flask, path: str) -> None:
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], source=Source.LIVE)

    answer = ask(app.test_client(), path, line="skane", at="2026-11-23T10:00:00+01:00")

    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["duty", f"calls/{SID}"])
def test_they_are_questions_alone(client: FlaskClient, path: str) -> None:
    assert client.post(f"/twilio/practice/{path}").status_code in {403, 405}
