"""Who may read the API, and the wall between organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from app.domain.calls import AttemptState, Outcome
from app.services.account import tokens
from tests.web.api.conftest import MONDAY_AT_TEN, Reader, on_one_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.storage.models import Call
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


@pytest.fixture
def overflowed(rows: Rows) -> Call:
    """A call to Skåne: its own specialist didn't answer, one of the national line's was busy, the next one answered."""
    own, busy, nine = (
        rows.specialist("Ett"),
        rows.specialist("Åtta", organisation="nationell"),
        rows.specialist("Nio", organisation="nationell"),
    )
    call = rows.call("skane", outcome=Outcome.ANSWERED, reason="")
    accepted = MONDAY_AT_TEN + timedelta(seconds=40)
    rows.attempt(call, own, AttemptState.NO_ANSWER)
    rows.attempt(call, busy, AttemptState.BUSY, overflow_line="nationell")
    rows.attempt(call, nine, AttemptState.ACCEPTED, overflow_line="nationell", accepted_at=accepted, bridged=True)
    rows.consultation(call, organisation="nationell", line="nationell", staff_id=nine.id, held_at=accepted)
    return call


def shown(reader: Reader, call: Call) -> dict[str, Any]:
    """A call as one reader sees it, in the list and by itself."""
    [found] = [one for one in reader.get("/calls")["items"] if one["sid"] == call.sid]
    assert found == reader.get(f"/calls/{call.sid}")
    return dict(found)


def rung(seen: dict[str, Any]) -> list[str]:
    return [one["specialist"] for one in seen["attempts"]]


def test_of_a_call_that_another_organisation_answered_outcome_and_times_are_shown(
    with_token: Callable[..., Reader], overflowed: Call
) -> None:
    reader = with_token("skane")

    seen = shown(reader, overflowed)

    assert (seen["line"], seen["outcome"], seen["wait_seconds"]) == ("skane", "answered", 40)
    assert (seen["answered_by"], seen["attempts"], seen["consultation"]) == (None, [], None)
    assert reader.get("/consultations")["items"] == []
    assert [one["sid"] for one in reader.get("/calls", line="skane")["items"]] == [overflowed.sid]


def test_whoever_answered_for_another_line_has_the_record_and_sees_the_call_with_their_own_people(
    with_token: Callable[..., Reader], overflowed: Call
) -> None:
    reader = with_token("nationell")

    seen = shown(reader, overflowed)

    [record] = reader.get("/consultations")["items"]
    assert (record["line"], record["organisation"], record["call"]) == ("nationell", "nationell", overflowed.sid)
    assert (seen["line"], seen["answered_by"], seen["consultation"]) == ("skane", "specialist-nio", record["id"])
    assert rung(seen) == ["specialist-åtta", "specialist-nio"]
    assert reader.get("/calls", line="nationell")["items"] == []  # it is the dialled line that is asked for


def test_whoever_reads_all_sees_every_dial_of_an_overflowed_call(reader: Reader, overflowed: Call) -> None:
    seen = shown(reader, overflowed)

    assert rung(seen) == ["specialist-ett", "specialist-åtta", "specialist-nio"]
    assert seen["answered_by"] == "specialist-nio"


def test_whoever_has_nothing_to_do_with_an_overflowed_call_does_not_see_it(
    with_token: Callable[..., Reader], overflowed: Call
) -> None:
    reader = with_token("skaraborg")

    assert reader.get("/calls")["items"] == []
    reader.refusal(f"/calls/{overflowed.sid}", 404)


def test_a_call_that_nobody_of_the_other_line_answered_is_the_dialled_lines_alone(
    with_token: Callable[..., Reader], rows: Rows
) -> None:
    call = rows.call("skane", outcome=Outcome.UNANSWERED, reason="ring:no_answer")
    rows.attempt(call, rows.specialist("Ett"), AttemptState.NO_ANSWER)
    theirs = rows.specialist("Nio", organisation="nationell")
    rows.attempt(call, theirs, AttemptState.DECLINED, overflow_line="nationell")
    record = rows.consultation(call)

    seen = shown(with_token("skane"), call)

    assert (rung(seen), seen["consultation"]) == (["specialist-ett"], record.id)
    assert rung(shown(with_token(), call)) == ["specialist-ett", "specialist-nio"]
    assert with_token("nationell").get("/calls")["items"] == []
    with_token("nationell").refusal(f"/calls/{call.sid}", 404)


def test_the_staff_of_a_line_that_is_configured_no_more_are_nobodys_but_of_those_who_read_all(
    with_token: Callable[..., Reader], rows: Rows
) -> None:
    call = rows.call("skane")
    rows.attempt(call, rows.specialist("Nio", organisation="atlantis"), AttemptState.BUSY, overflow_line="atlantis")
    rows.consultation(call)

    assert rung(shown(with_token("skane"), call)) == []
    assert rung(shown(with_token(), call)) == ["specialist-nio"]


def test_pages_hold_own_calls_and_those_answered_for_others_in_one_order(
    with_token: Callable[..., Reader], rows: Rows, overflowed: Call
) -> None:
    rows.consultation(own := rows.call("nationell", after=10))
    rows.consultation(rows.call("skane", after=20))
    reader = with_token("nationell")

    first = reader.get("/calls", limit=1)
    second = reader.get("/calls", limit=1, cursor=first["next_cursor"])

    assert [one["sid"] for page in (first, second) for one in page["items"]] == [own.sid, overflowed.sid]
    assert second["next_cursor"] is None


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
