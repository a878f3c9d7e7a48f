"""Calls and consultations, as other systems read them."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from app.domain.callflow.values import NumberSource
from app.domain.calls import AttemptState, Outcome, Source
from app.domain.phone import PhoneNumber
from app.storage.base import db
from app.storage.models import CallbackRequest, Consultation
from tests.web.api.conftest import CANARY, MONDAY_AT_TEN, on_one_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.web.api.conftest import Reader, Rows


def sids(page: dict[str, Any]) -> list[str]:
    return [one["sid"] for one in page["items"]]


# --- one call --------------------------------------------------------------------------------------------------------


def test_a_call_is_shown_whole(reader: Reader, rows: Rows) -> None:
    one, two = rows.specialist("Ett"), rows.specialist("Två")
    call = rows.call(outcome=Outcome.ANSWERED, reason="", ended_at=MONDAY_AT_TEN + timedelta(seconds=100))
    rows.attempt(call, one, AttemptState.SILENT)
    accepted = MONDAY_AT_TEN + timedelta(seconds=30)
    rows.attempt(
        call,
        two,
        AttemptState.ACCEPTED,
        began_at=MONDAY_AT_TEN + timedelta(seconds=26),
        accepted_at=accepted,
        bridged=True,
        dial_seconds=61,
    )
    consultation = rows.consultation(call, staff_id=two.id, held_at=accepted)

    assert reader.get(f"/calls/{call.sid}") == {
        "sid": call.sid,
        "line": "skane",
        "started_at": "2026-11-23T10:00:00+01:00",
        "ended_at": "2026-11-23T10:01:40+01:00",
        "outcome": "answered",
        "reason": None,
        "wait_seconds": 30,
        "talk_seconds": 61,
        "answered_by": "specialist-två",
        "attempts": [
            {"specialist": "specialist-ett", "state": "silent", "at": "2026-11-23T10:00:05+01:00"},
            {"specialist": "specialist-två", "state": "accepted", "at": "2026-11-23T10:00:26+01:00"},
        ],
        "consultation": consultation.id,
        "source": "practice",
    }


def test_a_call_that_nobody_took_waited_until_its_end(reader: Reader, rows: Rows) -> None:
    call = rows.call(outcome=Outcome.UNANSWERED, reason="all_busy")

    shown = reader.get(f"/calls/{call.sid}")

    assert (shown["wait_seconds"], shown["talk_seconds"], shown["answered_by"]) == (60, None, None)
    assert (shown["reason"], shown["attempts"], shown["consultation"]) == ("all_busy", [], None)


def test_a_call_that_goes_on_has_no_end_and_no_wait_yet(reader: Reader, rows: Rows) -> None:
    call = rows.call(outcome=Outcome.IN_PROGRESS, reason="", ended_at=None)

    shown = reader.get(f"/calls/{call.sid}")

    assert (shown["ended_at"], shown["wait_seconds"], shown["talk_seconds"]) == (None, None, None)


def test_a_conversation_that_goes_on_has_waited_but_not_yet_talked(reader: Reader, rows: Rows) -> None:
    call = rows.call(outcome=Outcome.IN_PROGRESS, reason="", ended_at=None)
    accepted = MONDAY_AT_TEN + timedelta(seconds=8)
    rows.attempt(call, rows.specialist(), AttemptState.ACCEPTED, accepted_at=accepted, ended_at=None)
    rows.consultation(call)

    shown = reader.get(f"/calls/{call.sid}")

    assert (shown["wait_seconds"], shown["talk_seconds"], shown["answered_by"]) == (8, None, "specialist-ett")


@pytest.mark.parametrize(
    ("words", "talk_seconds"),
    [
        ({"dial_seconds": 44, "leg_seconds": 55}, 44),
        ({"dial_seconds": 0, "leg_seconds": 55}, 0),
        ({"leg_seconds": 55}, 55),
        ({}, 49),
        ({"ended_at": None}, 49),
    ],
    ids=["of the dial", "of the dial, none", "of the leg", "our clock", "our clock, by the call's end"],
)
def test_twilios_word_on_the_talk_counts_before_our_clock(
    reader: Reader, rows: Rows, words: dict[str, Any], talk_seconds: int
) -> None:
    call = rows.answered(by=rows.specialist(), **words)

    shown = reader.get(f"/calls/{call.sid}")

    assert (shown["wait_seconds"], shown["talk_seconds"]) == (10, talk_seconds)


@pytest.mark.parametrize(
    ("call_values", "attempt_values"),
    [({"outcome": Outcome.ANSWERED, "reason": "", "ended_at": None}, {"ended_at": None})],
)
def test_a_talk_whose_end_nobody_knows_has_no_length(
    reader: Reader, rows: Rows, call_values: dict[str, Any], attempt_values: dict[str, Any]
) -> None:
    call = rows.call(**call_values)
    rows.attempt(call, rows.specialist(), AttemptState.ACCEPTED, accepted_at=MONDAY_AT_TEN, **attempt_values)

    assert reader.get(f"/calls/{call.sid}")["talk_seconds"] is None


def test_whom_twilio_never_joined_did_not_answer(reader: Reader, rows: Rows) -> None:
    call = rows.call()
    rows.attempt(call, rows.specialist(), AttemptState.ACCEPTED, accepted_at=MONDAY_AT_TEN, bridged=False)
    rows.consultation(call)

    shown = reader.get(f"/calls/{call.sid}")

    assert (shown["answered_by"], shown["wait_seconds"], shown["talk_seconds"]) == (None, 60, None)
    assert shown["attempts"][0]["state"] == "accepted"


def test_a_call_of_a_line_that_is_gone_is_told_in_utc(reader: Reader, rows: Rows) -> None:
    call = rows.call("blekinge")

    assert reader.get(f"/calls/{call.sid}")["started_at"] == "2026-11-23T09:00:00+00:00"


@pytest.mark.parametrize("sid", ["CA" + "f" * 32, "x", "CA1%00", "å"])
def test_a_call_that_is_not_there_is_not_found(reader: Reader, sid: str) -> None:
    assert reader.refusal(f"/calls/{sid}", 404) == "there is no such call"


# --- lists -----------------------------------------------------------------------------------------------------------


def test_calls_come_newest_first_in_pages(reader: Reader, rows: Rows) -> None:
    made = [rows.call(after=after).sid for after in (0, 1, 1, 1, 2)]

    first = reader.get("/calls", limit=2)
    second = reader.get("/calls", limit=2, cursor=first["next_cursor"])
    third = reader.get("/calls", limit=2, cursor=second["next_cursor"])

    assert sids(first) + sids(second) + sids(third) == made[::-1]
    assert third["next_cursor"] is None


def test_a_call_that_comes_in_meanwhile_moves_no_page(reader: Reader, rows: Rows) -> None:
    made = [rows.call(after=after).sid for after in range(4)]
    first = reader.get("/calls", limit=2)

    rows.call(after=60)

    assert sids(reader.get("/calls", limit=2, cursor=first["next_cursor"])) == [made[1], made[0]]


def test_a_full_last_page_leads_nowhere(reader: Reader, rows: Rows) -> None:
    rows.call()
    rows.call()

    assert reader.get("/calls", limit=2)["next_cursor"] is None
    assert reader.get("/calls", limit=1)["next_cursor"] is not None


def test_an_empty_list_is_a_list(reader: Reader) -> None:
    assert reader.get("/calls") == {"items": [], "next_cursor": None}
    assert reader.get("/consultations") == {"items": [], "next_cursor": None}


def test_fifty_calls_make_a_page_unless_another_number_is_asked_for(reader: Reader, rows: Rows) -> None:
    for after in range(52):
        rows.call(after=after)

    assert len(reader.get("/calls")["items"]) == 50
    assert len(reader.get("/calls", limit=200)["items"]) == 52


def test_calls_are_filtered(reader: Reader, rows: Rows) -> None:
    early = rows.call("skane", after=0, outcome=Outcome.CLOSED).sid
    late = rows.call("skane", after=10).sid
    elsewhere = rows.call("skaraborg", after=20).sid
    at_ten_seconds = "2026-11-23T10:00:10+01:00"

    assert sids(reader.get("/calls", line="skane")) == [late, early]
    assert sids(reader.get("/calls", outcome="closed")) == [early]
    assert sids(reader.get("/calls", since=at_ten_seconds)) == [elsewhere, late]
    assert sids(reader.get("/calls", until=at_ten_seconds)) == [early]
    assert sids(reader.get("/calls", since=at_ten_seconds, line="skane", outcome="abandoned")) == [late]


def test_consultations_are_filtered_and_paged(reader: Reader, rows: Rows) -> None:
    calls = [rows.call(line, after=after) for after, line in enumerate(["skane", "skane", "skaraborg"])]
    ids = [rows.consultation(call).id for call in calls]
    rows.session.commit()

    first = reader.get("/consultations", limit=2)
    second = reader.get("/consultations", limit=2, cursor=first["next_cursor"])

    assert [one["id"] for one in [*first["items"], *second["items"]]] == ids[::-1]
    assert [one["id"] for one in reader.get("/consultations", line="skaraborg")["items"]] == [ids[2]]
    assert len(reader.get("/consultations", since="2026-11-23T10:00:01+01:00")["items"]) == 2
    assert len(reader.get("/consultations", until="2026-11-23T10:00:01+01:00")["items"]) == 1
    assert "unknown parameter 'outcome'" in reader.refusal("/consultations", outcome="answered")


UNANSWERED = {"theme": [], "advice": [], "gap": [], "complete": False} | dict.fromkeys(
    [
        "service",
        "role",
        "level",
        "place",
        "county",
        "municipality",
        "type",
        "exposed",
        "household",
        "age",
        "gender",
        "urgency",
        "outcome",
    ]
)


def test_a_consultation_is_shown_whole(reader: Reader, rows: Rows, stored: Session) -> None:
    call = rows.answered(by=rows.specialist())
    by_hand = Consultation(organisation="skane", line="skane", source=Source.LIVE, opened_at=MONDAY_AT_TEN)
    stored.add(by_hand)
    stored.commit()

    number = by_hand.id
    stored.commit()

    newest, other = reader.get("/consultations")["items"]

    assert newest == UNANSWERED | {
        "id": number,
        "line": "skane",
        "organisation": "skane",
        "opened_at": "2026-11-23T10:00:00+01:00",
        "held_at": None,
        "held": False,
        "specialist": None,
        "channel": "call",
        "call": None,
        "source": "live",
    }
    assert (other["held"], other["specialist"], other["call"]) == (True, "specialist-ett", call.sid)
    assert other["held_at"] == "2026-11-23T10:00:10+01:00"


@on_one_engine
@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"limit": "0"}, "limit: found '0'; allowed: 1 to 200"),
        ({"limit": "201"}, "allowed: 1 to 200"),
        ({"limit": "-1"}, "allowed: 1 to 200"),
        ({"limit": "ten"}, "allowed: 1 to 200"),
        ({"limit": ""}, "allowed: 1 to 200"),
        ({"limit": "\uff11\uff10"}, "allowed: 1 to 200"),
        ({"limit": "9" * 5000}, "allowed: 1 to 200"),
        ({"line": "atlantis"}, "allowed: nationell, skane, skaraborg, vastmanland"),
        ({"outcome": "lost"}, "allowed: in_progress, answered"),
        ({"since": "2026-11-23T10:00:00"}, "since: found '2026-11-23T10:00:00'; allowed: an instant"),
        ({"until": "tomorrow"}, "until: found 'tomorrow'"),
        ({"page": "2"}, "unknown parameter 'page'; the parameters are line, since, until, outcome, cursor, limit"),
    ],
)
def test_parameters_that_cannot_be_read_are_refused(reader: Reader, parameters: dict[str, str], sentence: str) -> None:
    assert sentence in reader.refusal("/calls", 400, **parameters)


def cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@on_one_engine
@pytest.mark.parametrize(
    "odd",
    [
        "",
        "x",
        "å",
        "AAAA",
        "====",
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
        cursor(),
        cursor("2026-11-23T10:00:00+01:00"),
        cursor("2026-11-23T10:00:00", 1),
        cursor("yesterday", 1),
        cursor("2026-11-23T10:00:00+01:00", "1"),
        cursor("2026-11-23T10:00:00+01:00", 0),
        cursor("2026-11-23T10:00:00+01:00", 2**63),
        cursor("2026-11-23T10:00:00+01:00", True),  # noqa: FBT003 - JSON
        cursor(1, 1),
    ],
)
@pytest.mark.parametrize("path", ["/calls", "/lines"])
def test_a_cursor_that_we_did_not_make_is_refused(reader: Reader, path: str, odd: str) -> None:
    if path == "/lines" and odd == cursor("2026-11-23T10:00:00+01:00"):
        return  # a name like any other

    assert "allowed: the next_cursor of the page before" in reader.refusal(path, cursor=odd)


@given(
    names=st.lists(st.sampled_from(["line", "since", "until", "outcome", "cursor", "limit"]), unique=True),
    data=st.data(),
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_the_answer_is_a_page_or_a_refusal(
    reader: Reader, names: list[str], data: st.DataObject
) -> None:
    parameters = {name: data.draw(st.text(max_size=80)) for name in names}

    assert reader.ask("/calls", **parameters).status_code == (400 if parameters else 200)


# --- cost and silence ------------------------------------------------------------------------------------------------


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """The statements that the service sends meanwhile."""
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/calls", "/consultations"])
def test_a_long_page_costs_as_many_queries_as_a_short_one(app: Flask, reader: Reader, rows: Rows, path: str) -> None:
    specialist = rows.specialist()

    def queries() -> int:
        with counted_queries(app) as sent:
            reader.get(path, limit=200)
        return sum(statement.startswith("SELECT") for statement in sent)

    rows.answered(by=specialist)
    short = queries()
    for _ in range(30):
        rows.answered(by=specialist)

    assert queries() == short <= 4


def test_no_answer_holds_a_phone_number(
    reader: Reader, with_token: Callable[..., Reader], rows: Rows, stored: Session, app: Flask
) -> None:
    call = rows.answered(by=rows.specialist())
    stored.add(
        CallbackRequest(
            call_id=call.id,
            organisation="skane",
            line="skane",
            number=PhoneNumber(f"+{CANARY}"),
            number_source=NumberSource.CALLER,
            made_at=MONDAY_AT_TEN,
            confirmed_at=MONDAY_AT_TEN,
        )
    )
    stored.commit()
    lines = app.extensions["radrum"].policy.lines.values()
    numbers = {number for line in lines for number in (line.public_number, line.backup_number, *line.twilio_numbers)}

    texts = [
        one.ask(path).text
        for one in (reader, with_token("skane"))
        for path in (
            "/lines",
            "/lines/skane/hours",
            "/lines/skane/duty",
            "/calls",
            f"/calls/{call.sid}",
            "/consultations",
        )
    ]

    for number in [*numbers, PhoneNumber(f"+{CANARY}")]:
        assert not any(number.e164[3:] in text for text in texts)
