"""Who may read the API, and the wall between organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.domain.calls import AttemptState
from app.services import tokens
from tests.web.api.conftest import MONDAY_AT_TEN, Reader, on_one_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.web.api.conftest import Rows

PATHS = [
    "/lines",
    "/lines/skane/hours",
    "/lines/skane/duty",
    "/calls",
    "/calls/CA00000000000000000000000000000001",
    "/consultations",
]


@on_one_engine
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, "Bearer realm=radrum"),
        ("", "Bearer realm=radrum"),
        ("Bearer", "Bearer realm=radrum"),
        ("Basic cmFkcnVtOnJhZHJ1bQ==", "Bearer realm=radrum"),
        ("Bearer not-a-token", "Bearer realm=radrum, error=invalid_token"),
        ("Bearer \xe5\xe4\xf6", "Bearer realm=radrum, error=invalid_token"),
    ],
)
def test_without_a_token_there_is_no_answer(client: FlaskClient, path: str, header: str | None, challenge: str) -> None:
    headers = {} if header is None else {"Authorization": header}

    response = client.get(f"/api/v1{path}", headers=headers)

    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == challenge
    assert "radrum token add" in response.text


def test_a_refusal_is_as_the_document_says(client: FlaskClient) -> None:
    assert "no token" in Reader(client, None).refusal("/lines", 401)
    assert "unknown or revoked" in Reader(client, "not-a-token").refusal("/lines", 401)


def test_a_revoked_token_reads_no_more(reader: Reader, stored: Session) -> None:
    reader.get("/lines")

    tokens.revoke(stored, "reader 1", MONDAY_AT_TEN)
    stored.commit()

    reader.refusal("/lines", 401)


def test_a_reader_of_one_organisation_sees_its_own_alone(with_token: Callable[..., Reader], rows: Rows) -> None:
    ours, theirs = rows.call("skane"), rows.call("skaraborg", after=1)
    rows.consultation(ours)
    rows.consultation(theirs)

    reader = with_token("skane")

    assert [one["key"] for one in reader.get("/lines")["items"]] == ["skane"]
    assert [one["sid"] for one in reader.get("/calls")["items"]] == [ours.sid]
    assert [one["call"] for one in reader.get("/consultations")["items"]] == [ours.sid]
    assert reader.get(f"/calls/{ours.sid}")["line"] == "skane"
    assert "the lines are skane" in reader.refusal("/lines/skaraborg/hours", 404)
    reader.refusal("/lines/skaraborg/duty", 404)


def test_what_is_beyond_the_wall_answers_as_what_does_not_exist(with_token: Callable[..., Reader], rows: Rows) -> None:
    theirs = rows.call("skaraborg")
    reader = with_token("skane")

    beyond = reader.ask(f"/calls/{theirs.sid}")
    nowhere = reader.ask("/calls/CA" + "f" * 32)

    assert (beyond.status_code, beyond.data) == (nowhere.status_code, nowhere.data)
    assert reader.refusal("/lines/skaraborg/hours", 404) == reader.refusal("/lines/atlantis/hours", 404)
    beyond_filter = reader.refusal("/calls", line="skaraborg")
    assert beyond_filter.replace("skaraborg", "X") == reader.refusal("/calls", line="atlantis").replace("atlantis", "X")


def test_of_a_call_that_another_organisation_answered_outcome_and_times_are_shown(
    with_token: Callable[..., Reader], rows: Rows, stored: Session
) -> None:
    specialist = rows.specialist("Nio", organisation="nationell")
    call = rows.answered(by=specialist)
    stored.execute(text("UPDATE consultation SET organisation = 'nationell'"))
    stored.commit()

    seen_by_the_dialled = with_token("skane").get(f"/calls/{call.sid}")
    seen_by_the_answering = with_token("nationell").get("/consultations")["items"]

    assert seen_by_the_dialled["outcome"] == "answered"
    assert seen_by_the_dialled["wait_seconds"] == 10
    assert seen_by_the_dialled["answered_by"] is None
    assert seen_by_the_dialled["attempts"] == []
    assert seen_by_the_dialled["consultation"] is None
    assert [one["call"] for one in seen_by_the_answering] == [call.sid]


@on_one_engine
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", [*PATHS, "/openapi.json"])
def test_the_api_is_only_read(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(f"/api/v1{path}", method=method)

    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert '"status": 405' in response.text
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


@on_one_engine
@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/", "/api/v1/lines/", "/api/v1/nothing", "/api/v2/lines"])
def test_what_is_not_there_is_a_problem_too(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_reading_writes_nothing(reader: Reader, rows: Rows, stored: Session) -> None:
    """The service's transaction refuses to write on PostgreSQL, and on SQLite waits for no writer."""
    rows.attempt(rows.call(), rows.specialist(), AttemptState.NO_ANSWER)
    stored.execute(text("UPDATE call SET reason = 'held by a writer'"))

    assert len(reader.get("/calls")["items"]) == 1


def test_a_database_that_does_not_answer_is_said(unreachable: FlaskClient) -> None:
    reader = Reader(unreachable, "whatever")

    assert reader.refusal("/calls", 503) == "the database doesn't answer; try again"
    assert reader.ask("/lines").headers["Retry-After"] == "5"
