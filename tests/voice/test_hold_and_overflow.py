"""Callers who wait, and callers whom another line's staff take, one webhook at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.calls import AttemptState, Outcome
from app.domain.lines import LineKey
from app.services.rota.hours import change_day
from app.services.rota.staff import import_staff
from app.storage.base import db
from app.storage.models import Attempt, Call, CallbackRequest, Consultation, Staff
from tests.voice.conftest import PHONES
from tests.voice.moments import MONDAY_AT_TEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.settings import Settings
    from tests.support.webhooks import Answered, Twilio

    Dial = Callable[..., Twilio]

SKARABORG = "+46500498000"
NATIONELL = "+46102235760"
NATIONAL_STAFF = """name,alias,phone,competences,languages,rota,from
Övning Sju,Sju,+46701740647,law,sv,nationell,2026-01-01
Övning Åtta,Åtta,+46701740648,police,sv;en,nationell,2026-01-01
"""
NATIONAL_PHONES = ["+46701740647", "+46701740648"]


@pytest.fixture
def national(app: Flask, shipped: Settings) -> None:
    """Two people on duty on the national line, too."""
    with app.app_context():
        import_staff(db.session(), shipped.policy, NATIONAL_STAFF, MONDAY_AT_TEN)
        db.session.commit()
        db.session.remove()


def later(twilio: Twilio, seconds: float) -> Twilio:
    """The same caller, with a clock that has gone on."""
    return replace(twilio, now=MONDAY_AT_TEN + timedelta(seconds=seconds))


def ring(twilio: Twilio) -> Answered:
    """A professional who says so, and nothing more, is put through."""
    answer = twilio.press(twilio.arrive(), "1")
    return twilio.stay_silent(answer) if "Vad gäller det?" in answer.text else answer


def in_calls(dial: Dial, count: int, **to: str) -> list[tuple[Twilio, Answered]]:
    """So many callers who talk with somebody each, and the answers that rang for them."""
    talking = []
    for _ in range(count):
        twilio = dial(**to)
        ringing = ring(twilio)
        twilio.accept(ringing)
        talking.append((twilio, ringing))
    return talking


def call_of(stored: Session, twilio: Twilio) -> Call:
    stored.expire_all()
    return stored.scalars(select(Call).where(Call.sid == twilio.sid)).one()


def attempts_of(stored: Session, twilio: Twilio) -> list[Attempt]:
    call = call_of(stored, twilio)
    return list(stored.scalars(select(Attempt).where(Attempt.call_id == call.id).order_by(Attempt.id)))


def consultation_of(stored: Session, twilio: Twilio) -> Consultation:
    return stored.scalars(select(Consultation).where(Consultation.call_id == call_of(stored, twilio).id)).one()


def alias_of(stored: Session, staff: str | None) -> str | None:
    return stored.scalar(select(Staff.alias).where(Staff.id == staff))


# --- hold ------------------------------------------------------------------------------------------------------------


def test_while_all_are_in_calls_a_caller_hears_so_and_is_rung_for_once_somebody_is_free(
    dial: Dial, stored: Session
) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()

    waiting = ring(twilio)
    still = later(twilio, 20).stay_silent(waiting)
    first, ringing = talking[0]
    first.dial_ended(ringing, "completed", bridged=True, DialCallDuration="60")
    served = later(twilio, 40).stay_silent(still)

    assert "Du står i kö" in waiting.text
    assert waiting.verbs == ["Gather", "Redirect"]
    assert "kvar i kön" in still.text
    assert served.rings == ringing.rings
    assert served.verbs == ["Dial"]
    assert call_of(stored, twilio).holding_since is None


def test_callers_are_served_in_the_order_in_which_they_came(dial: Dial, stored: Session) -> None:
    talking = in_calls(dial, 3)
    early, late = dial(), dial(now=MONDAY_AT_TEN + timedelta(seconds=5))
    early_waits, late_waits = ring(early), ring(late)
    first, ringing = talking[0]
    first.dial_ended(ringing, "completed", bridged=True)

    late_still_waits = later(late, 15).stay_silent(late_waits)
    newcomer = ring(dial(now=MONDAY_AT_TEN + timedelta(seconds=16)))
    early_is_served = later(early, 17).stay_silent(early_waits)

    assert "kvar i kön" in late_still_waits.text
    assert "Du står i kö" in newcomer.text
    assert early_is_served.rings == ringing.rings
    assert call_of(stored, late).holding_since is not None


def test_with_two_free_the_second_caller_need_not_wait_for_the_first(dial: Dial) -> None:
    talking = in_calls(dial, 3)
    early, late = dial(), dial(now=MONDAY_AT_TEN + timedelta(seconds=5))
    early_waits, late_waits = ring(early), ring(late)
    for twilio, ringing in talking[:2]:
        twilio.dial_ended(ringing, "completed", bridged=True)

    late_is_served = later(late, 15).stay_silent(late_waits)
    early_is_served = later(early, 17).stay_silent(early_waits)

    assert {late_is_served.rings, early_is_served.rings} == {ringing.rings for _, ringing in talking[:2]}


def test_a_caller_who_hung_up_on_hold_keeps_nobody_waiting(dial: Dial, stored: Session) -> None:
    talking = in_calls(dial, 3)
    early, late = dial(), dial(now=MONDAY_AT_TEN + timedelta(seconds=5))
    ring(early)
    late_waits = ring(late)

    later(early, 8).hang_up()
    talking[0][0].dial_ended(talking[0][1], "completed", bridged=True)
    late_is_served = later(late, 20).stay_silent(late_waits)

    assert late_is_served.rings == talking[0][1].rings
    assert (call_of(stored, early).outcome, call_of(stored, early).reason) == (Outcome.ABANDONED, "hold")
    assert call_of(stored, early).holding_since is None


def test_a_caller_of_whom_nothing_is_heard_any_more_keeps_nobody_waiting(dial: Dial) -> None:
    talking = in_calls(dial, 3)
    ring(dial())  # hangs up, and the status callback gets lost
    talking[0][0].dial_ended(talking[0][1], "completed", bridged=True)

    newcomer = ring(dial(now=MONDAY_AT_TEN + timedelta(seconds=31)))

    assert newcomer.rings == talking[0][1].rings


def test_one_on_hold_asks_to_be_rung_back(dial: Dial, stored: Session) -> None:
    in_calls(dial, 3)
    twilio = dial()

    read_back = later(twilio, 6).press(ring(twilio), "1")
    later(twilio, 14).press(read_back, "1")
    later(twilio, 30).hang_up()

    assert "0, 7, 0, 1, 7, 4, 0, 6, 0, 5" in read_back.text
    assert stored.scalars(select(CallbackRequest)).one().confirmed_at is not None
    assert call_of(stored, twilio).outcome is Outcome.CALLBACK


def test_hold_ends_in_words_within_five_minutes(dial: Dial, stored: Session) -> None:
    in_calls(dial, 3)
    twilio = dial()
    answer, seconds, turns = ring(twilio), 0, 1
    while answer.verbs[-1] == "Redirect":
        seconds += 18
        turns += 1
        answer = later(twilio, seconds).stay_silent(answer)
    later(twilio, seconds + 20).hang_up()

    assert "Ring gärna igen" in answer.text
    assert answer.verbs[-1] == "Hangup"
    assert turns <= 16
    assert seconds <= 300
    assert call_of(stored, twilio).outcome is Outcome.UNANSWERED
    assert call_of(stored, twilio).reason == "ring:all_busy"


def test_a_repeated_turn_on_hold_gets_the_same_words_and_no_second_turn(dial: Dial, stored: Session) -> None:
    talking = in_calls(dial, 3)
    twilio = dial()
    waiting = ring(twilio)
    still = twilio.stay_silent(waiting)
    talking[0][0].dial_ended(talking[0][1], "completed", bridged=True)

    again = twilio.stay_silent(waiting)

    assert again.response.data == still.response.data
    assert (call_of(stored, twilio).position or {})["hold_turns"] == 2


def test_exposed_callers_are_held_without_any_offer_to_be_rung_back(dial: Dial) -> None:
    in_calls(dial, 1, to=SKARABORG)
    twilio = dial(to=SKARABORG)

    waiting = twilio.press(twilio.arrive(), "2")
    after_one = later(twilio, 10).press(waiting, "1")

    assert waiting.verbs == ["Say", "Pause", "Redirect"]
    assert "Tryck 1" not in waiting.text
    assert after_one.text
    assert "uppringd" not in after_one.text


# --- overflow --------------------------------------------------------------------------------------------------------


def in_vain(twilio: Twilio, answer: Answered, phones: list[str]) -> Answered:
    """Ring the phones, and have none of them answer."""
    rung = []
    while answer.rings in phones:
        rung.append(answer.rings)
        answer = twilio.dial_ended(answer, "no-answer", bridged=False)
    assert sorted(rung) == phones
    return answer


@pytest.mark.usefixtures("national")
def test_after_the_own_staff_the_other_line_takes_the_call_and_the_record_is_theirs(
    dial: Dial, stored: Session
) -> None:
    twilio = dial()

    overflowed = in_vain(twilio, ring(twilio), PHONES)
    twilio.accept(overflowed)
    twilio.dial_ended(overflowed, "completed", bridged=True, DialCallDuration="600")
    twilio.hang_up()

    call, record = call_of(stored, twilio), consultation_of(stored, twilio)
    assert overflowed.rings in NATIONAL_PHONES
    assert overflowed.document.find("Dial[@callerId='+4640349800']") is not None
    assert (call.line, call.organisation, call.outcome) == ("skane", "skane", Outcome.ANSWERED)
    assert (record.line, record.organisation) == ("nationell", "nationell")
    assert alias_of(stored, record.staff_id) in {"Sju", "Åtta"}


@pytest.mark.usefixtures("national")
def test_a_record_stays_the_dialled_lines_when_nobody_of_the_other_line_answers_either(
    dial: Dial, stored: Session
) -> None:
    twilio = dial()

    overflowed = in_vain(twilio, ring(twilio), PHONES)
    offer = in_vain(twilio, overflowed, NATIONAL_PHONES)

    record = consultation_of(stored, twilio)
    attempts = list(stored.scalars(select(Attempt).where(Attempt.call_id == record.call_id).order_by(Attempt.id)))
    assert "Tryck 1 för ja" in offer.text
    assert (record.line, record.organisation) == ("skane", "skane")
    assert [one.overflow_line for one in attempts] == [None, None, None, "nationell", "nationell"]
    assert {one.state for one in attempts} == {AttemptState.NO_ANSWER}


@pytest.mark.usefixtures("national")
def test_while_the_own_staff_are_in_calls_the_other_line_is_rung_and_only_then_callers_are_held(dial: Dial) -> None:
    in_calls(dial, 3)
    fourth, fifth, sixth = dial(), dial(), dial()

    overflowed = [ring(fourth).rings, ring(fifth).rings]
    held = ring(sixth)

    assert sorted(map(str, overflowed)) == NATIONAL_PHONES
    assert "Du står i kö" in held.text


@pytest.mark.usefixtures("national")
def test_callers_of_both_lines_who_want_the_same_people_are_served_in_the_order_in_which_they_came(dial: Dial) -> None:
    in_calls(dial, 3)
    national = in_calls(dial, 2, to=NATIONELL)
    regional_caller = dial()
    national_caller = dial(to=NATIONELL, now=MONDAY_AT_TEN + timedelta(seconds=5))
    regional_waits = ring(regional_caller)
    national_waits = ring(national_caller)
    national[0][0].dial_ended(national[0][1], "completed", bridged=True)

    national_still_waits = later(national_caller, 15).stay_silent(national_waits)
    regional_is_served = later(regional_caller, 16).stay_silent(regional_waits)

    assert "Du står i kö" in national_waits.text
    assert "kvar i kön" in national_still_waits.text
    assert regional_is_served.rings == national[0][1].rings


@pytest.mark.usefixtures("national")
@pytest.mark.parametrize("keys", ["2", ""])
def test_callers_whom_the_other_line_does_not_serve_stay_with_the_own(dial: Dial, keys: str) -> None:
    twilio = dial(to=SKARABORG)
    answer = twilio.press(twilio.arrive(), keys) if keys else twilio.stay_silent(twilio.stay_silent(twilio.arrive()))

    after = in_vain(twilio, answer, ["+46701740644"])

    assert after.rings is None
    assert after.verbs[-1] == "Hangup"


@pytest.mark.usefixtures("national")
@pytest.mark.parametrize(
    ("closes", "came", "overflows"),
    [
        ("12:00", MONDAY_AT_TEN.replace(hour=13), False),
        ("12:00", MONDAY_AT_TEN.replace(hour=11, minute=59), True),
    ],
)
def test_the_other_line_is_rung_if_it_was_open_when_the_caller_came(
    app: Flask, shipped: Settings, dial: Dial, closes: str, came: datetime, *, overflows: bool
) -> None:
    with app.app_context():
        monday = MONDAY_AT_TEN.date()
        change_day(
            db.session(), shipped.policy, LineKey("nationell"), monday, [f"09:00-{closes}"], "utbildning", now=came
        )
        db.session.commit()
        db.session.remove()
    twilio = dial(now=came)
    ringing = ring(twilio)

    after = in_vain(replace(twilio, now=came + timedelta(seconds=61)), ringing, PHONES)

    assert (after.rings in NATIONAL_PHONES) == overflows


# --- what it is about, and in which language -------------------------------------------------------------------------


@pytest.mark.usefixtures("national")
@pytest.mark.parametrize(("key", "phone"), [("1", "+46701740647"), ("2", "+46701740648"), ("9", "+46701740648")])
def test_whoever_knows_the_matter_or_speaks_the_language_is_rung_first(dial: Dial, key: str, phone: str) -> None:
    twilio = dial(to=NATIONELL)

    answer = twilio.press(twilio.press(twilio.arrive(), "1"), key)

    assert answer.rings == phone


@pytest.mark.usefixtures("national")
def test_after_nine_the_caller_hears_english_and_the_specialist_swedish(dial: Dial) -> None:
    twilio = dial(to=NATIONELL)

    asked = twilio.press(twilio.arrive(), "9")
    ringing = twilio.press(asked, "1")
    screen = twilio.pick_up(ringing)
    twilio.on_leg(screen.action, Digits="1")
    goodbye = twilio.dial_ended(ringing, "completed", bridged=True)

    spoken = {
        (say.get("language"), say.get("voice")) for say in (*asked.document.iter("Say"), *goodbye.document.iter("Say"))
    }
    assert spoken == {("en-GB", "Polly.Amy-Neural")}
    assert "The call has ended." in goodbye.text
    assert "på engelska" in screen.text
    assert {say.get("language") for say in screen.document.iter("Say")} == {"sv-SE"}
