"""Phones that ring, and what the action hears of them."""

from __future__ import annotations

import pytest

from app.domain.calls import CallStatus
from app.simulator.caller import CallerScript, Moment
from app.simulator.findings import FindingKind
from app.simulator.network import Network
from app.simulator.phones import PhoneBehaviour, Reaction
from app.simulator.transcript import Ending
from app.simulator.variants import Variants
from tests.simulator.playing import DIAL, GOODBYE, SCREENED, play
from tests.support.scripted import ANNA, BO, LINE

ON_BRIDGE = DIAL.replace("<Dial ", '<Dial answerOnBridge="true" ')
BOTH = (
    f'<Dial action="/after" callerId="{LINE}"><Number statusCallback="/leg/anna">{ANNA}</Number>'
    f'<Number statusCallback="/leg/bo">{BO}</Number></Dial>'
)
WHILE_RINGING = CallerScript(hangs_up=Moment.RINGING)
WHILE_TALKING = CallerScript(hangs_up=Moment.BRIDGED)


def test_a_phone_that_answers_talks_and_the_action_hears_how_long() -> None:
    played = play({"/voice": f"{DIAL}<Say>Aldrig.</Say>", "/after": GOODBYE})

    after = played.one("/after")
    assert (after["CallStatus"], after["Direction"]) == ("in-progress", "inbound")
    assert (after["DialCallStatus"], after["DialBridged"], after["DialCallDuration"]) == ("completed", "true", "60")
    assert after["DialCallSid"] == played.transcript.legs[0].sid
    assert after["CallSid"] == played.transcript.call_sid
    assert played.transcript.heard == "Hej då."
    assert played.transcript.ending is Ending.TALKED


@pytest.mark.parametrize(
    ("reaction", "status", "seconds"),
    [(Reaction.BUSY, "busy", 1), (Reaction.FAILED, "failed", 1), (Reaction.NO_ANSWER, "no-answer", 25)],
)
def test_a_phone_that_nobody_answers_has_no_duration(reaction: Reaction, status: str, seconds: int) -> None:
    played = play({"/voice": DIAL, "/after": GOODBYE}, other_phones=PhoneBehaviour(reaction))

    after = played.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == (status, "false")
    assert after["DialCallSid"] == played.transcript.legs[0].sid
    assert "DialCallDuration" not in after.form
    assert played.transcript.seconds == seconds + 1  # a second of words


def test_or_its_duration_is_nought() -> None:
    variants = Variants(unbridged_duration_zero=True)

    played = play({"/voice": DIAL, "/after": GOODBYE}, other_phones=PhoneBehaviour(Reaction.BUSY), variants=variants)

    assert played.one("/after")["DialCallDuration"] == "0"


@pytest.mark.parametrize(("answers_after", "status"), [(24.0, "completed"), (25.0, "completed"), (26.0, "no-answer")])
def test_it_rings_about_five_seconds_longer_than_asked_for(answers_after: float, status: str) -> None:
    phone = PhoneBehaviour(answers_after_seconds=answers_after)

    played = play({"/voice": DIAL, "/after": GOODBYE}, other_phones=phone)

    assert played.one("/after")["DialCallStatus"] == status


@pytest.mark.parametrize("number", ["hej", "+12025550123", "+46900123456", "112"])
def test_a_number_that_cannot_be_rung_fails(number: str) -> None:
    played = play({"/voice": DIAL.replace(ANNA, number), "/after": GOODBYE})

    assert played.one("/after")["DialCallStatus"] == "failed"


def test_without_an_action_the_next_verb_is_due() -> None:
    played = play({"/voice": f'<Dial callerId="{LINE}">{ANNA}</Dial>{GOODBYE}'})

    assert played.paths == ["/voice", "/status"]
    assert played.transcript.heard == "Hej då."


def test_without_an_action_and_a_next_verb_the_call_ends() -> None:
    assert play({"/voice": f'<Dial callerId="{LINE}">{ANNA}</Dial>'}).transcript.ending is Ending.TALKED


def test_an_action_by_get_has_its_fields_in_the_query() -> None:
    played = play({"/voice": DIAL.replace("<Dial ", '<Dial method="GET" '), "/after": GOODBYE})

    assert played.one("/after").query["DialBridged"] == "true"


@pytest.mark.parametrize("status", [CallStatus.CANCELED, CallStatus.NO_ANSWER])
@pytest.mark.parametrize("status_first", [True, False])
def test_a_caller_who_hangs_up_while_it_rings_cancels_the_leg(status: CallStatus, *, status_first: bool) -> None:
    variants = Variants(abandoned_dial_status=status, status_before_action=status_first)

    played = play({"/voice": GOODBYE + DIAL, "/after": GOODBYE}, caller_script=WHILE_RINGING, variants=variants)

    after = played.one("/after")
    assert (after["CallStatus"], after["DialCallStatus"], after["DialBridged"]) == ("completed", status.value, "false")
    assert played.transcript.legs[0].status is CallStatus.CANCELED
    assert (played.paths[-1] == "/after") is status_first
    assert played.transcript.heard == "Hej då.", "the action's answer reaches nobody"


def test_a_service_that_rings_on_after_the_caller_left_is_objected_to() -> None:
    played = play({"/voice": DIAL, "/after": DIAL}, caller_script=WHILE_RINGING)

    assert played.findings == [FindingKind.DIALLED_AFTER_HANG_UP]
    assert len(played.transcript.legs) == 1


def test_a_caller_who_hangs_up_in_the_conversation_ends_it() -> None:
    played = play({"/voice": DIAL, "/after": ""}, caller_script=WHILE_TALKING)

    after = played.one("/after")
    assert (after["CallStatus"], after["DialCallStatus"], after["DialBridged"]) == ("completed", "completed", "true")
    assert after["DialCallDuration"] == "30"
    assert played.transcript.ending is Ending.TALKED


def test_or_the_action_never_hears_of_it() -> None:
    variants = Variants(no_action_after_bridged_hang_up=True)

    played = play({"/voice": DIAL, "/after": ""}, caller_script=WHILE_TALKING, variants=variants)

    assert played.paths == ["/voice", "/status"]


@pytest.mark.parametrize("status", [CallStatus.NO_ANSWER, CallStatus.CANCELED])
def test_with_answer_on_bridge_as_first_verb_the_call_rings_on_until_somebody_talks(status: CallStatus) -> None:
    variants = Variants(abandoned_call_status=status)

    played = play({"/voice": ON_BRIDGE}, caller_script=WHILE_RINGING, variants=variants)

    assert played.one("/after")["CallStatus"] == status.value
    assert played.one("/status")["CallStatus"] == status.value
    assert played.one("/status")["CallDuration"] == "0"


def test_with_answer_on_bridge_an_unanswered_dial_leaves_the_call_ringing() -> None:
    played = play({"/voice": ON_BRIDGE, "/after": GOODBYE}, other_phones=PhoneBehaviour(Reaction.BUSY))

    assert played.one("/after")["CallStatus"] == "ringing"
    assert played.one("/status")["CallStatus"] == "completed"


def test_answer_on_bridge_later_in_a_document_finds_the_call_answered() -> None:
    played = play({"/voice": GOODBYE + ON_BRIDGE}, caller_script=WHILE_RINGING)

    assert played.one("/after")["CallStatus"] == "completed"


def test_the_time_limit_cuts_the_leg_and_leaves_the_caller_on_the_line() -> None:
    dial = DIAL.replace("<Dial ", '<Dial timeLimit="20" ')

    played = play({"/voice": dial, "/after": GOODBYE})

    assert played.one("/after")["DialCallDuration"] == "20"
    assert played.transcript.heard == "Hej då."


@pytest.mark.parametrize(("attribute", "seconds"), [('hangupOnStar="true" ', "10"), ("", "60")])
def test_a_star_ends_the_conversation_where_the_dial_says_so(attribute: str, seconds: str) -> None:
    dial = DIAL.replace("<Dial ", f"<Dial {attribute}")

    played = play({"/voice": dial, "/after": GOODBYE}, caller_script=CallerScript(presses_star=True))

    assert played.one("/after")["DialCallDuration"] == seconds
    assert played.one("/after")["CallStatus"] == "in-progress"


def test_of_two_numbers_the_first_to_answer_is_joined_and_the_other_is_cancelled() -> None:
    phones = {ANNA: PhoneBehaviour(answers_after_seconds=9), BO: PhoneBehaviour(answers_after_seconds=4)}

    played = play({"/voice": BOTH, "/after": GOODBYE}, phones=phones)

    anna, bo = played.transcript.legs
    assert (anna.status, bo.status) == (CallStatus.CANCELED, CallStatus.COMPLETED)
    assert played.one("/after")["DialCallSid"] == bo.sid
    assert played.one("/leg/anna")["CallStatus"] == "canceled"


def test_of_two_numbers_that_nobody_answers_the_dial_says_no_answer() -> None:
    phones = {ANNA: PhoneBehaviour(Reaction.BUSY), BO: PhoneBehaviour(Reaction.NO_ANSWER)}

    played = play({"/voice": BOTH, "/after": GOODBYE}, phones=phones)

    assert played.one("/after")["DialCallStatus"] == "no-answer"


def test_a_caller_id_that_is_not_ours_fails_the_dial() -> None:
    played = play({"/voice": DIAL.replace(LINE, "+46101234567"), "/after": GOODBYE})

    assert played.one("/after")["DialCallStatus"] == "failed"
    assert played.findings == [FindingKind.CALLER_ID]
    assert played.transcript.legs == ()


def test_another_number_of_ours_may_be_the_caller_id() -> None:
    other = "+46102235760"

    played = play({"/voice": DIAL.replace(LINE, other), "/after": GOODBYE}, numbers=frozenset({other}))

    assert played.transcript.legs[0].caller_id == other


def test_without_a_caller_id_the_caller_is_shown() -> None:
    played = play({"/voice": f"<Dial>{ANNA}</Dial>{GOODBYE}"}, caller="+46701740605")

    assert played.transcript.legs[0].caller_id == "+46701740605"


@pytest.mark.parametrize(("rings", "legs"), [(False, 0), (True, 1)])
def test_a_withheld_caller_without_a_caller_id_fails_or_rings_without_one(*, rings: bool, legs: int) -> None:
    variants = Variants(rings_without_caller_id=rings)

    played = play({"/voice": f"<Dial>{ANNA}</Dial>{GOODBYE}"}, caller="anonymous", variants=variants)

    assert len(played.transcript.legs) == legs


def test_a_specialist_who_is_rung_while_in_a_call_is_busy_and_that_is_objected_to() -> None:
    network = Network()
    network.take(ANNA, "the leg of another call")

    played = play({"/voice": SCREENED, "/after": GOODBYE}, network=network)

    assert played.one("/after")["DialCallStatus"] == "busy"
    assert played.findings == [FindingKind.RUNG_WHILE_IN_A_CALL]


def test_a_switchboard_takes_many_calls_at_once() -> None:
    network = Network()
    network.take(ANNA, "the leg of another call")

    assert play({"/voice": DIAL, "/after": GOODBYE}, network=network).findings == []


def test_a_phone_is_free_again_after_its_call() -> None:
    network = Network()

    for _ in range(2):
        assert play({"/voice": SCREENED, "/after": GOODBYE, "/screen": "<Hangup/>"}, network=network).findings == []
