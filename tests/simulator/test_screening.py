"""What specialists hear on their own leg before they are joined with the caller."""

from __future__ import annotations

import pytest
from flask import Response

from app.domain.calls import CallStatus
from app.simulator.caller import CallerScript, Moment
from app.simulator.findings import FindingKind
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.transcript import LineKind
from app.simulator.variants import ScreenFailure, Variants
from tests.simulator.playing import GOODBYE, SCREEN, SCREENED, play
from tests.support.scripted import ANNA, BO, LINE, xml

ANSWERS = {"/voice": GOODBYE + SCREENED, "/screen": SCREEN, "/accept": "", "/after": GOODBYE}


def test_the_document_of_a_number_runs_on_its_own_leg() -> None:
    played = play(ANSWERS)

    screen = played.one("/screen")
    assert screen["CallSid"] == played.transcript.legs[0].sid != played.transcript.call_sid
    assert screen["ParentCallSid"] == played.transcript.call_sid
    assert (screen["Direction"], screen["CallStatus"]) == ("outbound-dial", "in-progress")
    assert (screen["From"], screen["To"]) == (LINE, ANNA)
    assert "Tryck ett" not in played.transcript.heard, "the caller hears ringing meanwhile"


def test_a_document_that_ends_joins_the_two_even_when_nobody_pressed_a_key_and_that_is_objected_to() -> None:
    played = play(ANSWERS | {"/screen": "<Say>Ett samtal.</Say>"}, other_phones=PhoneBehaviour(Reaction.SILENT))

    assert played.one("/after")["DialBridged"] == "true"
    assert played.findings == [FindingKind.BRIDGED_WITHOUT_ACCEPTANCE]


def test_a_gather_that_times_out_without_a_hangup_after_it_joins_a_voicemail() -> None:
    played = play(ANSWERS | {"/screen": SCREEN.replace("<Hangup/>", "")}, other_phones=PhoneBehaviour(Reaction.SILENT))

    assert played.findings == [FindingKind.BRIDGED_WITHOUT_ACCEPTANCE]


def test_the_key_goes_to_the_action_on_the_same_leg_and_an_empty_answer_joins() -> None:
    played = play(ANSWERS)

    accept = played.one("/accept")
    assert (accept["Digits"], accept["ParentCallSid"]) == ("1", played.transcript.call_sid)
    assert LineKind.BRIDGED in played.transcript.kinds()
    after = played.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")
    assert after["DialCallDuration"] == str(played.transcript.legs[0].seconds) == "63"
    assert played.findings == []


def test_an_accept_that_is_answered_by_a_hangup_does_not_join() -> None:
    played = play(ANSWERS | {"/accept": "<Hangup/>"})

    after = played.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"], after["DialCallDuration"]) == ("completed", "false", "3")


@pytest.mark.parametrize(
    ("reaction", "accepts"), [(Reaction.SILENT, []), (Reaction.HANGS_UP, []), (Reaction.DECLINES, ["2"])]
)
def test_a_phone_that_does_not_press_one_is_completed_and_not_bridged(reaction: Reaction, accepts: list[str]) -> None:
    played = play(ANSWERS | {"/accept": "<Hangup/>"}, other_phones=PhoneBehaviour(reaction))

    after = played.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "false")
    assert [request["Digits"] for request in played.to("/accept")] == accepts
    assert played.transcript.legs[0].joined is False


def test_or_its_seconds_of_whisper_are_not_told() -> None:
    variants = Variants(no_duration_of_whisper=True)

    played = play(ANSWERS, other_phones=PhoneBehaviour(Reaction.SILENT), variants=variants)

    assert "DialCallDuration" not in played.one("/after").form


def test_a_silent_phone_with_an_empty_result_wanted_asks_the_action() -> None:
    screen = SCREEN.replace("<Gather ", '<Gather actionOnEmptyResult="true" ')

    played = play(ANSWERS | {"/screen": screen, "/accept": "<Hangup/>"}, other_phones=PhoneBehaviour(Reaction.SILENT))

    assert "Digits" not in played.one("/accept").form


@pytest.mark.parametrize("verb", [f"<Dial>{BO}</Dial>", "<Pause/>", "<Redirect>/x</Redirect>"])
def test_anything_else_than_say_play_gather_hangup_drops_the_leg_and_is_objected_to(verb: str) -> None:
    played = play(ANSWERS | {"/screen": verb})

    assert played.findings == [FindingKind.INVALID_ANSWER]
    assert played.one("/after")["DialBridged"] == "false"


def test_a_voicemail_that_answers_first_cancels_the_other_phones() -> None:
    numbers = f'<Number url="/screen">{ANNA}</Number><Number url="/screen">{BO}</Number>'
    dial = f'<Dial action="/after" callerId="{LINE}">{numbers}</Dial>'
    phones = {ANNA: PhoneBehaviour(Reaction.SILENT, answers_after_seconds=3), BO: PhoneBehaviour()}

    played = play(ANSWERS | {"/voice": dial}, phones=phones)

    assert [leg.status for leg in played.transcript.legs] == [CallStatus.COMPLETED, CallStatus.CANCELED]
    after = played.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "false")


def test_a_caller_who_hangs_up_during_the_screening_ends_the_leg() -> None:
    played = play(ANSWERS, caller_script=CallerScript(hangs_up=Moment.SCREEN))

    after = played.one("/after")
    assert (after["CallStatus"], after["DialCallStatus"], after["DialBridged"]) == ("completed", "canceled", "false")
    assert played.to("/accept") == []


@pytest.mark.parametrize(
    ("late", "order"),
    [(False, ["/accept", "/after", "/status"]), (True, ["/after", "/accept", "/status"])],
)
def test_a_caller_who_hangs_up_between_key_and_answer_is_never_joined(*, late: bool, order: list[str]) -> None:
    variants = Variants(accept_after_action=late)

    played = play(ANSWERS, caller_script=CallerScript(hangs_up=Moment.ACCEPTING), variants=variants)

    assert played.paths[-3:] == order
    assert played.one("/after")["DialBridged"] == "false"
    assert played.transcript.legs[0].joined is False


@pytest.mark.parametrize("broken", ["/screen", "/accept"])
@pytest.mark.parametrize(("failure", "bridged"), [(ScreenFailure.DROPPED, "false"), (ScreenFailure.BRIDGED, "true")])
def test_a_screen_that_fails_drops_the_leg_or_at_worst_joins_it(
    broken: str, failure: ScreenFailure, bridged: str
) -> None:
    answers = ANSWERS | {broken: lambda _: Response(status=500)}

    played = play(answers, variants=Variants(screen_failure=failure))

    assert played.one("/after")["DialBridged"] == bridged
    assert played.findings == [FindingKind.BAD_STATUS]


def test_or_the_fallback_is_asked_on_that_leg() -> None:
    answers = ANSWERS | {"/screen": lambda _: Response(status=500), "/fallback": "<Hangup/>"}

    played = play(
        answers,
        variants=Variants(screen_failure=ScreenFailure.FALLBACK),
        service={"fallback_url": "ORIGIN/fallback"},
    )

    fallback = played.one("/fallback")
    assert fallback["ParentCallSid"] == played.transcript.call_sid
    assert (fallback["ErrorCode"], fallback["ErrorUrl"]) == ("11200", f"{played.script.public_url}/screen")
    assert played.one("/after")["DialBridged"] == "false"


def test_without_a_fallback_a_failing_screen_drops_the_leg_and_the_call_goes_on() -> None:
    answers = ANSWERS | {"/screen": lambda _: Response(xml("<Dial/>"), content_type="text/plain")}

    played = play(answers, variants=Variants(screen_failure=ScreenFailure.FALLBACK))

    assert played.one("/after")["DialBridged"] == "false"
