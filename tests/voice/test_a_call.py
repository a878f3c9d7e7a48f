"""A call's way from its first webhook to its record, one answer at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.calls import AttemptState, Outcome
from app.storage.models import Attempt, Call, CallbackRequest, CallEvent, Consultation
from tests.voice.conftest import PHONES
from tests.voice.moments import SATURDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.support.webhooks import Answered, Twilio

    Dial = Callable[..., Twilio]


def call_of(stored: Session, twilio: Twilio) -> Call:
    stored.expire_all()
    return stored.scalars(select(Call).where(Call.sid == twilio.sid)).one()


def attempts_of(stored: Session, twilio: Twilio) -> list[Attempt]:
    call = call_of(stored, twilio)
    return list(stored.scalars(select(Attempt).where(Attempt.call_id == call.id).order_by(Attempt.id)))


def ring(twilio: Twilio) -> Answered:
    """A professional who says so is put through."""
    return twilio.press(twilio.arrive(), "1")


def test_an_open_line_greets_and_asks_who_calls(dial: Dial) -> None:
    twilio = dial()

    answer = twilio.arrive()

    assert "Resurscentrum heder Skåne" in answer.text
    assert "personnummer" in answer.text
    assert answer.verbs[0] == "Gather"


def test_a_closed_line_says_why_and_when_it_opens_and_the_record_says_closed(dial: Dial, stored: Session) -> None:
    twilio = dial(now=SATURDAY)

    answer = twilio.arrive()

    assert "på måndag den 23 november klockan nio" in answer.text
    assert "112" in answer.text
    assert answer.verbs[-1] == "Hangup"
    assert call_of(stored, twilio).outcome is Outcome.CLOSED


def test_a_professional_is_put_through_to_the_one_on_duty(dial: Dial, stored: Session) -> None:
    twilio = dial()

    answer = ring(twilio)

    assert answer.rings in PHONES[:2]
    assert [one.state for one in attempts_of(stored, twilio)] == [AttemptState.RINGING]


def test_a_silent_caller_is_asked_again_and_then_put_through(dial: Dial) -> None:
    twilio = dial()

    asked_again = twilio.stay_silent(twilio.arrive())
    answer = twilio.stay_silent(asked_again)

    assert asked_again.verbs[0] == "Gather"
    assert answer.rings in PHONES


def test_an_accepted_call_is_a_held_consultation_of_the_specialist(dial: Dial, stored: Session) -> None:
    twilio = dial()
    ringing = ring(twilio)

    bridged = twilio.accept(ringing)
    goodbye = twilio.dial_ended(ringing, "completed", bridged=True, DialCallDuration="600")
    twilio.hang_up()

    call = call_of(stored, twilio)
    consultation = stored.scalars(select(Consultation).where(Consultation.call_id == call.id)).one()
    assert bridged.verbs == []
    assert goodbye.text
    assert call.outcome is Outcome.ANSWERED
    assert consultation.staff_id == attempts_of(stored, twilio)[0].staff_id
    assert attempts_of(stored, twilio)[0].dial_seconds == 600


def test_a_voicemail_that_picks_up_never_counts_and_the_next_one_is_rung(dial: Dial, stored: Session) -> None:
    twilio = dial()
    first = ring(twilio)

    screen = twilio.pick_up(first)
    second = twilio.dial_ended(first, "completed", bridged=False, DialCallDuration="9")

    assert screen.verbs == ["Gather", "Hangup"]
    assert second.rings in PHONES
    assert second.rings != first.rings
    assert [one.state for one in attempts_of(stored, twilio)] == [AttemptState.SILENT, AttemptState.RINGING]


def test_another_key_than_one_declines(dial: Dial, stored: Session) -> None:
    twilio = dial()
    first = ring(twilio)

    declined = twilio.accept(first, key="2")
    twilio.dial_ended(first, "completed", bridged=False)

    assert declined.verbs == ["Hangup"]
    assert attempts_of(stored, twilio)[0].state is AttemptState.DECLINED


def test_when_nobody_answers_all_on_duty_are_rung_once_then_a_callback_is_offered(dial: Dial, stored: Session) -> None:
    twilio = dial()
    answer = ring(twilio)
    rung = []
    while answer.rings:
        rung.append(answer.rings)
        answer = twilio.dial_ended(answer, "no-answer", bridged=False)

    assert set(rung[:2]) == set(PHONES[:2])
    assert rung[2:] == PHONES[2:]
    assert answer.verbs[0] == "Gather"
    assert call_of(stored, twilio).outcome is Outcome.IN_PROGRESS


def unanswered(twilio: Twilio) -> Answered:
    """Everyone was rung in vain: the callback offer."""
    answer = ring(twilio)
    while answer.rings:
        answer = twilio.dial_ended(answer, "no-answer", bridged=False)
    return answer


def test_a_callback_is_read_back_and_kept_once_confirmed(dial: Dial, stored: Session) -> None:
    twilio = dial()
    offer = unanswered(twilio)

    read_back = twilio.press(offer, "1")
    thanks = twilio.press(read_back, "1")
    twilio.hang_up()

    request = stored.scalars(select(CallbackRequest)).one()
    assert "0, 7, 0, 1, 7, 4, 0, 6, 0, 5" in read_back.text
    assert thanks.verbs[-1] == "Hangup"
    assert request.number is not None
    assert request.number.e164 == twilio.caller
    assert call_of(stored, twilio).outcome is Outcome.CALLBACK


def test_a_withheld_caller_is_asked_for_a_number_and_hears_it_again(dial: Dial, stored: Session) -> None:
    twilio = dial(caller="anonymous")

    asked = twilio.press(unanswered(twilio), "1")
    read_back = twilio.press(asked, "0701740612")
    twilio.press(read_back, "1")
    twilio.hang_up()

    request = stored.scalars(select(CallbackRequest)).one()
    assert "0, 7, 0, 1, 7, 4, 0, 6, 1, 2" in read_back.text
    assert request.number is not None
    assert request.number.e164 == "+46701740612"
    assert request.confirmed_at is not None


def test_a_number_that_was_never_confirmed_is_gone_with_the_call(dial: Dial, stored: Session) -> None:
    twilio = dial(caller="anonymous")

    asked = twilio.press(unanswered(twilio), "1")
    twilio.press(asked, "0701740612")
    twilio.hang_up()

    assert stored.scalar(select(func.count()).select_from(CallbackRequest)) == 0
    assert call_of(stored, twilio).outcome is Outcome.ABANDONED


def test_a_caller_who_declines_the_callback_hears_the_way_on_and_is_unanswered(dial: Dial, stored: Session) -> None:
    twilio = dial()

    farewell = twilio.stay_silent(unanswered(twilio))
    while farewell.verbs[-1] != "Hangup":
        farewell = twilio.stay_silent(farewell)
    twilio.hang_up()

    assert "112" in farewell.text
    assert call_of(stored, twilio).outcome is Outcome.UNANSWERED
    assert call_of(stored, twilio).reason.endswith("no_answer")


def test_an_exposed_person_is_told_where_to_turn_and_nobody_is_rung(dial: Dial, stored: Session) -> None:
    twilio = dial()

    answer = twilio.press(twilio.arrive(), "2")

    assert "020-50 50 50" in answer.text
    assert answer.verbs[-1] == "Hangup"
    assert call_of(stored, twilio).outcome is Outcome.REFERRED
    assert attempts_of(stored, twilio) == []


def test_a_caller_who_leaves_while_it_rings_is_abandoned_and_a_late_accept_is_refused(
    dial: Dial, stored: Session
) -> None:
    twilio = dial()
    ringing = ring(twilio)
    screen = twilio.pick_up(ringing)

    gone = twilio.dial_ended(ringing, "canceled", bridged=False, CallStatus="completed")
    late = twilio.on_leg(screen.action, Digits="1")
    twilio.hang_up()

    assert gone.rings is None
    assert late.verbs == ["Hangup"]
    assert call_of(stored, twilio).outcome is Outcome.ABANDONED
    assert [one.state for one in attempts_of(stored, twilio)] == [AttemptState.CANCELLED]


def test_nobody_is_rung_who_is_being_rung_or_in_a_call(dial: Dial) -> None:
    first, second, third, fourth = dial(), dial(), dial(), dial()

    rung = [ring(first).rings, ring(second).rings, ring(third).rings]
    nobody = ring(fourth)

    assert sorted(map(str, rung)) == PHONES
    assert nobody.rings is None
    assert nobody.verbs[0] == "Gather"


def test_a_caller_without_numbers_leaves_no_number_in_the_database(dial: Dial, stored: Session) -> None:
    twilio = dial()
    twilio.accept(ring(twilio))
    twilio.hang_up()

    rows = [*stored.scalars(select(CallEvent)), *stored.scalars(select(Call))]

    assert rows
    for row in rows:
        assert twilio.caller[3:] not in repr({key: value for key, value in vars(row).items() if key[0] != "_"})
