"""Hostile, broken and repeated webhooks: what each gets, and what it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.domain.calls import Outcome, Source
from app.storage.base import db
from app.storage.models import Attempt, Call, CallEvent, Consultation
from tests.support.webhooks import ACCOUNT, ORIGIN, TOKEN
from tests.voice.moments import SATURDAY, SKANE
from tests.voice.test_a_call import call_of, ring

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.support.webhooks import Twilio

    Dial = Callable[..., Twilio]

PATHS = ["voice", "status", "turn/1", "screen/abc", "accept/abc", "leg/abc"]
SID = "CA" + "a" * 32


def rows(stored: Session) -> int:
    return stored.scalar(select(func.count()).select_from(Call)) or 0


@pytest.mark.parametrize("path", PATHS)
def test_an_unsigned_webhook_is_refused_and_leaves_no_row(client: FlaskClient, stored: Session, path: str) -> None:
    answer = client.post(f"/twilio/{path}", data={"AccountSid": ACCOUNT, "CallSid": SID, "To": SKANE})

    assert answer.status_code == 403
    assert b"<Response" not in answer.data
    assert rows(stored) == 0


@pytest.mark.parametrize("path", PATHS)
def test_a_webhook_signed_by_another_token_is_refused(dial: Dial, stored: Session, path: str) -> None:
    answer = dial(token="somebody else's").post(f"/twilio/{path}")

    assert answer.response.status_code == 403
    assert rows(stored) == 0


def test_a_webhook_of_another_account_is_refused(dial: Dial, stored: Session) -> None:
    answer = dial().post("/twilio/voice", AccountSid="AC" + "1" * 32)

    assert answer.response.status_code == 403
    assert rows(stored) == 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_any_method_but_post_is_refused(client: FlaskClient, path: str, method: str) -> None:
    assert client.open(f"/twilio/{path}", method=method).status_code == 405


@pytest.mark.parametrize(
    ("fields", "leaves_rows"),
    [
        pytest.param({"To": "+46812345678"}, 0, id="an unknown number"),
        pytest.param({"To": ""}, 0, id="no number"),
        pytest.param({"To": "sip:someone@example.com"}, 0, id="no phone number"),
        pytest.param({"CallSid": ""}, 0, id="no CallSid"),
        pytest.param({"CallSid": "CA123"}, 0, id="a short CallSid"),
        pytest.param({"CallSid": "CA" + "g" * 32}, 0, id="a CallSid that isn't hexadecimal"),
        pytest.param({"CallSid": SID + "\n"}, 0, id="a CallSid with a line break"),
    ],
)
def test_a_signed_webhook_that_makes_no_sense_gets_words_and_rings_nobody(
    dial: Dial, stored: Session, fields: dict[str, str], leaves_rows: int
) -> None:
    answer = dial().post("/twilio/voice", **fields)

    assert answer.text
    assert answer.verbs[-1] == "Hangup"
    assert answer.rings is None
    assert rows(stored) == leaves_rows


@pytest.mark.parametrize(
    ("doubled", "leaves_rows"), [("From", 1), ("Digits", 1), ("CallStatus", 1), ("CallSid", 0), ("To", 0)]
)
def test_a_field_that_we_read_given_twice_gets_words_and_rings_nobody(
    client: FlaskClient, stored: Session, doubled: str, leaves_rows: int
) -> None:
    usual = {"AccountSid": ACCOUNT, "CallSid": SID, "To": SKANE, "From": "+46701740605", "CallStatus": "ringing"}
    form = MultiDict(usual)
    form.setlist(doubled, ["1", "2"] if doubled == "Digits" else [form.get(doubled, "x"), "y"])
    signature = RequestValidator(TOKEN).compute_signature(f"{ORIGIN}/twilio/voice", form)

    answer = client.post("/twilio/voice", data=form, headers={"X-Twilio-Signature": signature})

    assert answer.status_code == 200
    assert b"<Say" in answer.data
    assert b"<Dial" not in answer.data
    assert rows(stored) == leaves_rows


@pytest.mark.parametrize(
    "fields",
    [
        {"CallStatus": "nonsense"},
        {"From": "x" * 300},
        {"From": "\x00\x01"},
        {"Digits": "drop table"},
        {"DialCallDuration": "-1"},
        {"DialBridged": "perhaps"},
        {"PracticeNow": "yesterday"},
        {"Unheard": "of"},
        {"CallerName": "<Dial>+4690012345</Dial>"},
    ],
)
def test_a_malformed_field_counts_as_absent(dial: Dial, fields: dict[str, str]) -> None:
    answer = dial(now=SATURDAY).post("/twilio/voice", **fields)

    assert answer.text
    assert answer.rings is None


def test_a_repeat_gets_the_very_same_answer_and_leaves_one_row(dial: Dial, stored: Session) -> None:
    twilio = dial()
    first_ring = ring(twilio)
    twilio.accept(first_ring)
    twilio.dial_ended(first_ring, "completed", bridged=True, DialCallDuration="60")
    twilio.hang_up()
    sent = list(twilio.sent)

    twilio_answers = [twilio.send(path, form).response.data for path, form in sent]
    again = [twilio.send(path, form).response.data for path, form in sent]

    assert twilio_answers == again
    assert rows(stored) == 1
    assert stored.scalar(select(func.count()).select_from(Consultation)) == 1
    assert stored.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_repeat_after_closing_time_still_hears_what_the_first_heard(dial: Dial) -> None:
    twilio = dial()
    first = twilio.arrive()
    path, form = twilio.sent[-1]

    repeated = twilio.send(path, form | {"PracticeNow": SATURDAY.isoformat()})

    assert repeated.response.data == first.response.data


def test_an_unknown_call_in_a_status_makes_a_record(dial: Dial, stored: Session) -> None:
    twilio = dial()

    twilio.hang_up()

    call = call_of(stored, twilio)
    assert (call.source, call.outcome, call.reason) == (Source.RECONSTRUCTED, Outcome.FAILED, "first_webhook_lost")
    assert stored.scalar(select(func.count()).select_from(Consultation)) == 1


def test_a_status_that_overtook_the_first_webhook_does_not_make_the_call_a_failure(dial: Dial, stored: Session) -> None:
    twilio = dial(now=SATURDAY)
    twilio.hang_up()

    answer = twilio.arrive()

    assert answer.text
    assert (call_of(stored, twilio).source, call_of(stored, twilio).outcome) == (Source.PRACTICE, Outcome.CLOSED)


def test_a_turn_of_a_call_that_we_never_saw_begins_at_the_beginning(dial: Dial, stored: Session) -> None:
    twilio = dial()

    answer = twilio.post("/twilio/turn/3", Digits="1")

    assert "Skåne" in answer.text
    assert rows(stored) == 1


def test_a_token_that_we_never_gave_out_ends_the_leg(dial: Dial) -> None:
    twilio = dial()

    assert twilio.on_leg("/twilio/screen/" + "0" * 32).verbs[-1] == "Hangup"
    assert twilio.on_leg("/twilio/accept/" + "0" * 32, Digits="1").verbs == ["Hangup"]


def test_when_the_database_is_gone_an_open_line_rings_its_backup_number(app: Flask, dial: Dial) -> None:
    break_database(app)

    answer = dial().arrive()

    assert "0, 4, 0" in answer.text
    assert answer.rings == "+46406280400"


def test_when_the_database_is_gone_a_closed_line_still_says_when_it_opens(app: Flask, dial: Dial) -> None:
    break_database(app)

    answer = dial(now=SATURDAY).arrive()

    assert "på måndag den 23 november klockan nio" in answer.text
    assert answer.rings is None


def test_when_the_database_is_gone_a_specialists_leg_is_ended_and_never_joined(app: Flask, dial: Dial) -> None:
    twilio = dial()
    ringing = ring(twilio)
    screen = twilio.pick_up(ringing)
    break_database(app)

    assert twilio.pick_up(ringing).verbs == ["Hangup"]
    assert twilio.on_leg(screen.action, Digits="1").verbs == ["Hangup"]


def test_when_the_database_is_gone_those_who_have_talked_are_not_put_through_once_more(app: Flask, dial: Dial) -> None:
    twilio = dial()
    ringing = ring(twilio)
    twilio.accept(ringing)
    break_database(app)

    answer = twilio.dial_ended(ringing, "completed", bridged=True, DialCallDuration="600")

    assert answer.text
    assert answer.rings is None


def test_when_the_database_is_gone_a_callback_rings_nobody(app: Flask, dial: Dial) -> None:
    twilio = dial()
    ringing = ring(twilio)
    break_database(app)

    assert twilio.hang_up().verbs == []
    assert twilio.on_leg(ringing.leg_url, CallStatus="completed").verbs == []


def test_a_form_that_is_too_large_to_be_read_is_refused(client: FlaskClient, stored: Session) -> None:
    answer = client.post("/twilio/voice", data={"CallSid": SID, "To": SKANE, "X": "x" * 600_000})

    assert answer.status_code == 403
    assert rows(stored) == 0


def test_a_failure_of_ours_is_spoken_and_stands_in_the_record(
    dial: Dial, stored: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    twilio = dial()
    greeting = twilio.arrive()
    monkeypatch.setattr("app.services.line.turns.facts_of", lambda *_, **__: 1 / 0)

    answer = twilio.press(greeting, "1")

    assert answer.rings == "+46406280400"
    assert (call_of(stored, twilio).outcome, call_of(stored, twilio).reason) == (Outcome.FAILED, "ZeroDivisionError")


def break_database(app: Flask) -> None:
    """From now on every statement fails, as it does when the server is gone."""
    with app.app_context():
        engine = db.engine

    def refuse(*_: object) -> None:
        statement = "any"
        raise OperationalError(statement, None, ConnectionError())

    event.listen(engine, "before_cursor_execute", refuse)


def test_the_log_of_a_call_is_never_changed(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = ring(twilio)
    before = stored.execute(text("SELECT id, kind, key, what FROM call_event ORDER BY id")).all()
    stored.rollback()

    twilio.accept(ringing)
    twilio.hang_up()

    after = stored.execute(text("SELECT id, kind, key, what FROM call_event ORDER BY id")).all()
    assert after[: len(before)] == before
    assert stored.scalar(select(func.count()).select_from(CallEvent)) == len(after)


def test_a_turn_of_a_call_of_which_only_an_early_status_came_begins_at_the_beginning(dial: Dial) -> None:
    twilio = dial()
    twilio.post("/twilio/status", CallStatus="in-progress")

    answer = twilio.post("/twilio/turn/1", Digits="1")

    assert "Skåne" in answer.text


def test_a_clock_that_is_far_off_still_leads_to_the_backup_number(dial: Dial) -> None:
    for year in (1999, 2125):
        answer = dial(now=SATURDAY.replace(year=year)).arrive()

        assert answer.rings == "+46406280400"
