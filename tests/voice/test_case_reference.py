"""Calls with the reference of a case: who is rung, what joins the case, and that nobody hears which ones there are."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select, text

from app.domain.callflow import position_from_json
from app.domain.cases import CaseEnd, reference_of
from app.services.case.case_calls import COOLS_DOWN, MOST_UNKNOWN
from app.services.rota.staff import import_staff
from app.storage.base import db
from app.storage.models import Case, Consultation, Pause, ReferenceGuesses, Staff
from tests.voice.conftest import PHONES
from tests.voice.moments import MONDAY_AT_TEN
from tests.voice.test_a_call import call_of, ring
from tests.voice.test_any_order import leg_completed, never_joined, status
from tests.voice.test_hold_and_overflow import NATIONAL_PHONES, NATIONAL_STAFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.settings import Settings
    from app.storage.models import Call
    from tests.support.webhooks import Answered, Twilio

    Dial = Callable[..., Twilio]

KNOWN, UNKNOWN, THEIRS, OTHER = (reference_of(six).digits for six in (412_537, 555_555, 700_700, 834_120))
WRONG = f"{KNOWN[:-1]}{(int(KNOWN[-1]) + 1) % 10}"
ELSEWHERE = "+46701740644"
BACKUP = PHONES[2]


@dataclass(frozen=True)
class Duty:
    """Whom a call without a reference rings, in order."""

    first: str
    second: str


@pytest.fixture(autouse=True)
def duty(dial: Dial, stored: Session) -> Duty:
    """The second on duty has a case, and somebody of another organisation has one."""
    twilio = dial()
    first = ring(twilio).rings or ""
    twilio.hang_up()
    (second,) = set(PHONES[:2]) - {first}
    for reference, phone, line in ((KNOWN, second, "skane"), (THEIRS, ELSEWHERE, "skaraborg")):
        staff = staff_with(stored, phone).id
        stored.add(Case(reference=reference, organisation=line, line=line, staff_id=staff, opened_at=MONDAY_AT_TEN))
    stored.commit()
    return Duty(first, second)


def staff_with(stored: Session, phone: str) -> Staff:
    return next(one for one in stored.scalars(select(Staff)) if one.phone.e164 == phone)


def case_with(stored: Session, reference: str = KNOWN) -> Case:
    return stored.scalars(select(Case).where(Case.reference == reference)).one()


def record_of(stored: Session, twilio: Twilio) -> Consultation:
    call = call_of(stored, twilio)
    return stored.scalars(select(Consultation).where(Consultation.call_id == call.id)).one()


def keys_in(twilio: Twilio, digits: str = KNOWN) -> Answered:
    return twilio.press(twilio.press(twilio.arrive(), "3"), digits)


def guess(dial: Dial, times: int, **how: object) -> None:
    """So many callers key in so many references that no case has."""
    for number in range(times):
        twilio = dial(**how)
        keys_in(twilio, reference_of(900_000 + number).digits)
        twilio.hang_up()


# --- who is rung -----------------------------------------------------------------------------------------------------


def test_key_3_asks_for_seven_digits(dial: Dial) -> None:
    twilio = dial()

    answer = twilio.press(twilio.arrive(), "3")

    gather = answer.document.find("Gather")
    assert gather is not None
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("7", "#")
    assert "ärendenummer, sju siffror" in answer.text


def test_whoever_is_responsible_is_rung_first_and_hears_that_it_is_about_a_case(dial: Dial, duty: Duty) -> None:
    twilio = dial()

    answer = keys_in(twilio)

    assert answer.rings == duty.second
    assert "från någon med ärendenummer." in twilio.pick_up(answer).text
    assert KNOWN not in twilio.pick_up(answer).text


def test_then_come_the_others_each_once(dial: Dial, duty: Duty) -> None:
    twilio = dial()

    rung, answer = [], keys_in(twilio)
    while answer.rings:
        rung.append(answer.rings)
        answer = twilio.dial_ended(answer, "no-answer", bridged=False)

    assert rung == [duty.second, duty.first, BACKUP]


def test_whoever_is_responsible_and_on_the_backup_tier_is_rung_first_too(
    dial: Dial, stored: Session, duty: Duty
) -> None:
    case_with(stored).staff_id = staff_with(stored, BACKUP).id
    stored.commit()
    twilio = dial()

    first = keys_in(twilio)
    second = twilio.dial_ended(first, "no-answer", bridged=False)

    assert (first.rings, second.rings) == (BACKUP, duty.first)


@pytest.mark.parametrize("why", ["in a call", "paused", "off duty"])
def test_nobody_waits_for_whoever_is_responsible(dial: Dial, stored: Session, duty: Duty, why: str) -> None:
    match why:
        case "in a call":
            talking = dial()
            talking.accept(keys_in(talking))
        case "paused":
            stored.add(Pause(staff_id=staff_with(stored, duty.second).id, begins=MONDAY_AT_TEN - timedelta(hours=1)))
        case _:
            case_with(stored).staff_id = staff_with(stored, ELSEWHERE).id
    stored.commit()

    assert keys_in(dial()).rings == duty.first


def test_whoever_is_responsible_and_wraps_up_is_rung_for_their_case(dial: Dial, duty: Duty) -> None:
    before = dial()
    ringing = keys_in(before)
    before.accept(ringing)
    before.dial_ended(ringing, "completed", bridged=True, DialCallDuration="60", CallStatus="completed")

    again = dial(now=MONDAY_AT_TEN + timedelta(seconds=30))

    assert keys_in(again).rings == duty.second


def test_digits_that_can_be_no_reference_are_asked_for_once_more(dial: Dial, duty: Duty) -> None:
    twilio = dial()

    asked_again = keys_in(twilio, WRONG)
    answer = twilio.press(asked_again, KNOWN)

    assert "stämmer inte" in asked_again.text
    assert answer.rings == duty.second


@pytest.mark.parametrize("digits", [("",), (WRONG, ""), (WRONG, WRONG), ("9", "12*4567")])
def test_without_a_reference_the_call_goes_on_to_a_human(
    dial: Dial, stored: Session, duty: Duty, digits: tuple[str, ...]
) -> None:
    twilio = dial()
    answer = twilio.press(twilio.arrive(), "3")

    for keyed in digits:
        answer = twilio.press(answer, keyed) if keyed else twilio.stay_silent(answer)

    assert answer.rings == duty.first
    assert "någon som inte har gjort något val" in twilio.pick_up(answer).text
    assert not rang_with_reference(call_of(stored, twilio))


def test_a_repeat_gets_the_same_phone_and_is_no_second_guess(dial: Dial, stored: Session) -> None:
    twilio = dial()
    answer = keys_in(twilio, UNKNOWN)
    path, form = twilio.sent[-1]

    again = twilio.send(path, form)

    assert again.response.data == answer.response.data
    assert stored.scalars(select(ReferenceGuesses.unknown)).one() == 1


# --- what joins the case ---------------------------------------------------------------------------------------------


def test_the_record_joins_the_case_when_it_is_held(dial: Dial, stored: Session) -> None:
    twilio = dial()

    ringing = keys_in(twilio)
    before = record_of(stored, twilio).case_id
    stored.commit()
    twilio.accept(ringing)

    assert before is None
    assert record_of(stored, twilio).case_id == case_with(stored).id
    assert rang_with_reference(call_of(stored, twilio))


def test_it_joins_whoever_of_the_organisation_answers(dial: Dial, stored: Session, duty: Duty) -> None:
    twilio = dial()
    other = twilio.dial_ended(keys_in(twilio), "no-answer", bridged=False)

    twilio.accept(other)

    record = record_of(stored, twilio)
    assert record.staff_id == staff_with(stored, duty.first).id
    assert record.case_id == case_with(stored).id
    assert case_with(stored).staff_id == staff_with(stored, duty.second).id


def test_a_call_joins_an_ended_case_and_does_not_open_it(dial: Dial, stored: Session, duty: Duty) -> None:
    case = case_with(stored)
    case.ended_at, case.ended_as = MONDAY_AT_TEN, CaseEnd.FINISHED
    stored.commit()
    twilio = dial()

    ringing = keys_in(twilio)
    twilio.accept(ringing)

    assert ringing.rings == duty.second
    assert record_of(stored, twilio).case_id == case.id
    assert case_with(stored).ended_as is CaseEnd.FINISHED


def test_what_another_organisation_answers_does_not_join(
    dial: Dial, stored: Session, app: Flask, shipped: Settings
) -> None:
    with app.app_context():
        import_staff(db.session(), shipped.policy, NATIONAL_STAFF, MONDAY_AT_TEN)
        db.session.commit()
        db.session.remove()
    twilio = dial()
    answer = keys_in(twilio)
    while answer.rings not in NATIONAL_PHONES:
        answer = twilio.dial_ended(answer, "no-answer", bridged=False)

    twilio.accept(answer)

    record = record_of(stored, twilio)
    assert record.organisation == "nationell"
    assert record.case_id is None


@pytest.mark.parametrize("digits", [UNKNOWN, THEIRS])
def test_what_nobody_here_knows_joins_nothing(dial: Dial, stored: Session, digits: str) -> None:
    twilio = dial()

    twilio.accept(keys_in(twilio, digits))

    assert record_of(stored, twilio).case_id is None
    assert rang_with_reference(call_of(stored, twilio))


@pytest.mark.parametrize("order", list(permutations((status, leg_completed, never_joined))))
def test_a_record_that_turns_out_not_to_be_held_leaves_the_case_again(
    dial: Dial, stored: Session, order: tuple[Callable[[Twilio, Answered], Answered], ...]
) -> None:
    twilio = dial()
    ringing = keys_in(twilio)
    twilio.accept(ringing)

    for callback in order:
        callback(twilio, ringing)

    record = record_of(stored, twilio)
    assert (record.held_at, record.case_id) == (None, None)


def test_a_record_that_was_taken_out_of_the_case_stays_out_whatever_callbacks_come(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = keys_in(twilio)
    twilio.accept(ringing)
    record_of(stored, twilio).case_id = None
    stored.commit()

    for callback in (leg_completed, status, leg_completed, status):
        callback(twilio, ringing)

    assert record_of(stored, twilio).case_id is None


def test_a_case_that_is_gone_by_then_is_joined_by_nobody(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = keys_in(twilio)
    stored.delete(case_with(stored))
    stored.commit()

    twilio.accept(ringing)

    assert record_of(stored, twilio).case_id is None


# --- that nobody hears which references there are --------------------------------------------------------------------


def heard_with(dial: Dial, digits: str) -> tuple[list[str], list[str | None]]:
    """Every document of a call in which nobody answers, less whom it dials; and whom it dials."""
    twilio = dial()
    documents, rung = [], []
    answer = keys_in(twilio, digits)
    while True:
        document = answer.response.data.decode()
        rung.append(answer.rings)
        if answer.rings:
            document += twilio.pick_up(answer).response.data.decode()
            document = document.replace(answer.rings, "WHO")
        documents.append(re.sub(r"[0-9a-f]{32}", "TOKEN", document))
        if "Hangup" in answer.verbs:
            break
        is_ringing = answer.rings is not None
        answer = twilio.dial_ended(answer, "no-answer", bridged=False) if is_ringing else twilio.stay_silent(answer)
    twilio.hang_up()
    return documents, rung


def test_a_reference_sounds_the_same_whosever_it_is_and_however_much_was_guessed(dial: Dial, duty: Duty) -> None:
    known, rung = heard_with(dial, KNOWN)
    unknown, others = heard_with(dial, UNKNOWN)
    theirs, _ = heard_with(dial, THEIRS)
    guess(dial, MOST_UNKNOWN)
    throttled, as_ever = heard_with(dial, KNOWN)

    assert known == unknown == theirs == throttled
    assert (rung[0], others[0], as_ever[0]) == (duty.second, duty.first, duty.first)


def test_too_many_guesses_make_every_reference_unknown_until_it_cools_down(
    dial: Dial, stored: Session, duty: Duty
) -> None:
    guess(dial, MOST_UNKNOWN - 1)
    just_before = dial()
    before = keys_in(just_before).rings
    just_before.hang_up()
    guess(dial, 1, now=MONDAY_AT_TEN + timedelta(minutes=20))
    throttled = dial(now=MONDAY_AT_TEN + timedelta(minutes=59))
    during = keys_in(throttled)
    throttled.accept(during)
    left_out = record_of(stored, throttled).case_id
    stored.commit()
    throttled.hang_up()

    after = keys_in(dial(now=MONDAY_AT_TEN + COOLS_DOWN + timedelta(minutes=5))).rings

    assert (before, during.rings, after) == (duty.second, duty.first, duty.second)
    assert left_out is None


def test_one_lines_guesses_are_not_anothers(dial: Dial, duty: Duty) -> None:
    guess(dial, MOST_UNKNOWN, to="+46500498000")

    assert keys_in(dial()).rings == duty.second


def test_a_reference_that_was_keyed_in_is_written_nowhere(
    dial: Dial, stored: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio = dial()
    ringing = keys_in(twilio, UNKNOWN)
    twilio.accept(ringing)
    twilio.dial_ended(ringing, "completed", bridged=True, DialCallDuration="60")
    twilio.hang_up()
    short = dial()
    short.press(short.press(short.arrive(), "3"), "7")

    written = [
        str(tuple(row))
        for table in inspect(stored.connection()).get_table_names()
        for row in stored.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - our own tables
    ]
    events = [one for one in written if "'key': '7'" in one or '"key": "7"' in one]

    assert len(written) > 10
    assert not any(UNKNOWN in one for one in written)
    assert events == []
    assert UNKNOWN not in caplog.text
    assert not any(UNKNOWN in path for path, _ in twilio.sent)


def rang_with_reference(call: Call) -> bool:
    """Whether the caller keyed in what can be the reference of a case, known or not."""
    return call.position is not None and position_from_json(call.position).gave_reference
