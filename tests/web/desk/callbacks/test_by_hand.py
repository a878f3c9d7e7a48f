"""Somebody exposed has said in a call that it is safe to ring them, and when: whoever took the call notes it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.callbacks import Closing
from app.domain.calls import AttemptState, CallSid, Outcome, Source
from app.domain.lines import Audience, LineKey
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.record import records
from app.services.record.records import NewCall
from app.storage.models import Attempt, Call, CallbackRequest, Consultation
from tests.web.desk.callbacks.cast import ASTRID, BEATE, CALLER, Desk, act, page, words

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

SAFE = {"begins": "10:00", "ends": "12:00", "is_sure": "y", "number": "070-174 06 29"}


@pytest.fixture
def line(desk: Desk) -> LineKey:
    """Skåne, for exposed persons too."""
    known, key = desk.app.extensions["radrum"], LineKey("skane")
    serving = replace(known.policy.lines[key], serves=frozenset(Audience))
    policy = replace(known.policy, lines={**known.policy.lines, key: serving})
    desk.app.extensions["radrum"] = replace(known, policy=policy)
    return key


def taken(desk: Desk, who: str = ASTRID, *, ended: timedelta | None = None) -> int:
    """The record of a call that somebody took, and that goes on or ended so long ago."""
    now = datetime.now(UTC)  # not the moment of the import: a long run would make "just ended" too long ago
    began = now - timedelta(minutes=5) - (ended or timedelta())
    with desk.database() as session:
        known = desk.app.extensions["radrum"].policy.lines[LineKey("skane")]
        call = records.open_record(
            session, NewCall(CallSid(f"CA{secrets.token_hex(16)}"), known, Source.LIVE, began, arrived=True)
        )
        attempt = Attempt(call_id=call.id, staff_id=desk.staff[who], token=secrets.token_hex(16), turn=1)
        attempt.tier, attempt.state, attempt.began_at, attempt.accepted_at = (
            Tier.PRIMARY,
            AttemptState.ACCEPTED,
            began,
            began,
        )
        session.add(attempt)
        session.flush()
        if ended is not None:
            attempt.ended_at = now - ended
            records.end(session, call, now - ended)
        records.refresh(session, call)
        return session.scalars(select(Consultation.id).where(Consultation.call_id == call.id)).one()


def sends(browser: Browser, record: int, **fields: str) -> TestResponse:
    return browser.fill("/account", "/callbacks/new", record=str(record), **fields)


def noted(desk: Desk) -> list[CallbackRequest]:
    with desk.database() as session:
        found = list(session.scalars(select(CallbackRequest)))
        session.expunge_all()
        return found


@pytest.mark.parametrize("ended", [None, timedelta(minutes=50)], ids=["live", "just ended"])
def test_whoever_took_the_call_notes_when_it_is_safe(desk: Desk, line: LineKey, ended: timedelta | None) -> None:
    record = taken(desk, ended=ended)
    before = desk.astrid.get(f"/records/{record}").get_data(as_text=True)

    done = sends(desk.astrid, record, **SAFE)

    [made] = noted(desk)
    assert f"/callbacks/new?record={record}" in before
    assert done.location == f"/records/{record}"
    assert "The number is sealed and isn't shown again" in words(desk.astrid.get(done.location))
    assert (made.number, made.line, made.is_exposed) == (PhoneNumber(CALLER), line, True)
    assert (made.safe_from, made.safe_until, made.safe_noted_by_id) == ("10:00", "12:00", desk.staff[ASTRID])
    assert f"/callbacks/new?record={record}" not in desk.astrid.get(f"/records/{record}").get_data(as_text=True)
    assert "12:00, noted by Astrid" in page(desk.beate, made.id)
    assert "changed_callback" in desk.log(made.id)


def test_what_became_of_the_call_stays_and_closing_erases_the_number(desk: Desk, line: LineKey) -> None:
    record = taken(desk, ended=timedelta(minutes=5))
    sends(desk.astrid, record, **SAFE)
    [made] = noted(desk)

    done = act(desk.beate, made.id, "close", closing="no_longer_wanted")

    assert done.status_code == 303
    [after] = noted(desk)
    assert (after.closed_as, after.number) == (Closing.NO_LONGER_WANTED, None)
    with desk.database() as session:
        assert session.scalars(select(Call.outcome)).one() is Outcome.ANSWERED
        assert session.get_one(Consultation, record).staff_id == desk.staff[ASTRID]
    assert line == "skane"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"number": ""}, "Write the number that the person wants to be rung on."),
        ({"number": "vet inte"}, "We can't ring that number."),
        ({"number": "+442071838750"}, "We can't ring that number."),
        ({"number": "040-34 98 00"}, "We can't ring that number."),
        ({"begins": ""}, "Write a time of day, as 09:30."),
        ({"begins": "13:00"}, "has to come after the beginning"),
        ({"is_sure": ""}, "Without this it isn't safe to ring."),
    ],
)
@pytest.mark.usefixtures("line")
def test_nothing_is_noted_by_halves_and_the_number_is_not_shown_again(
    desk: Desk, changed: dict[str, str], said: str
) -> None:
    record = taken(desk)
    fields = {name: value for name, value in {**SAFE, **changed}.items() if value}

    answer = sends(desk.astrid, record, **fields)

    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="12:00"' in answer.get_data(as_text=True)
    assert noted(desk) == []


@pytest.mark.usefixtures("line")
def test_what_can_not_be_noted_says_why_and_what_to_do_instead(desk: Desk) -> None:
    late, others, again = taken(desk, ended=timedelta(hours=1, minutes=1)), taken(desk, BEATE), taken(desk)
    assert sends(desk.astrid, again, **SAFE).status_code == 303

    answers = [sends(desk.astrid, record, **SAFE) for record in (late, others, again)]

    assert [one.status_code for one in answers] == [409] * 3
    assert "more than an hour ago" in words(answers[0])
    assert "ask them to" in words(answers[1])
    assert "There is a call-back for this call already" in words(answers[2])
    for record, answer in zip((late, others, again), answers, strict=True):
        assert words(answer).count("Back to the record") == 1
        assert "Note it" not in words(desk.astrid.get(f"/callbacks/new?record={record}"))
    assert len(noted(desk)) == 1


def test_a_line_that_serves_professionals_alone_has_no_such_thing(desk: Desk) -> None:
    record = taken(desk)

    answer = sends(desk.astrid, record, **SAFE)

    assert answer.status_code == 409
    assert "on a line that serves exposed persons" in words(answer)
    assert "/callbacks/new" not in desk.astrid.get(f"/records/{record}").get_data(as_text=True)
    assert "on a line that serves exposed persons" in words(desk.astrid.get("/callbacks/new"))


def test_a_record_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.astrid.get("/callbacks/new?record=999").status_code == 404
    assert sends(desk.astrid, 999, **SAFE).status_code == 404
    assert desk.astrid.fill("/account", "/callbacks/new", record="x", **SAFE).status_code == 400
