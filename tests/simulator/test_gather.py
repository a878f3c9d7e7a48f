"""Questions, and the keys that answer them."""

from __future__ import annotations

import pytest

from app.simulator.caller import CallerScript, Moment
from app.simulator.transcript import Ending, LineKind
from app.simulator.variants import Variants
from tests.simulator.playing import GOODBYE, play

MENU = '<Gather numDigits="1" action="/menu"><Say>Tryck ett eller två, eller vänta.</Say></Gather>'


def test_a_key_stops_the_prompt_and_goes_to_the_action_at_once() -> None:
    script = CallerScript(("2",), keys_after_seconds=1.0)
    long_prompt = f"<Gather numDigits='1' action='/menu'><Say>{'Mycket länge. ' * 30}</Say><Say>Aldrig.</Say></Gather>"

    played = play({"/voice": long_prompt, "/menu": GOODBYE}, caller_script=script)

    assert played.one("/menu")["Digits"] == "2"
    assert played.one("/menu")["CallStatus"] == "in-progress"
    assert "Aldrig" not in played.transcript.heard
    assert played.transcript.seconds == 2


def test_keys_before_the_limit_are_sent_when_the_timeout_after_the_last_key_is_over() -> None:
    played = play({"/voice": '<Gather numDigits="4" action="/menu"/>', "/menu": GOODBYE}, keys=("12",))

    assert played.one("/menu")["Digits"] == "12"
    assert played.transcript.seconds == 7  # 1 s of thought, 0.4 s between the keys, 5 s of waiting, 1 s of words


def test_the_finishing_key_ends_the_question_at_once_and_is_not_sent() -> None:
    played = play({"/voice": '<Gather action="/menu"/>', "/menu": GOODBYE}, keys=("0701740612#",))

    assert played.one("/menu")["Digits"] == "0701740612"
    assert played.transcript.seconds < 7


def test_without_a_key_the_next_verb_is_due_after_the_timeout() -> None:
    played = play({"/voice": f'<Gather action="/menu" timeout="8"/>{GOODBYE}'})

    assert played.paths == ["/voice", "/status"]
    assert played.transcript.kinds() == (LineKind.NO_KEY, LineKind.SAID, LineKind.SERVICE_HUNG_UP)
    assert played.transcript.seconds == 9


def test_without_a_key_and_without_a_next_verb_the_call_ends_in_silence() -> None:
    assert play({"/voice": MENU}).transcript.ending is Ending.SILENT


@pytest.mark.parametrize(("variants", "digits"), [(Variants(), None), (Variants(empty_digits_field=True), "")])
def test_an_empty_result_goes_to_the_action_when_it_is_wanted(variants: Variants, digits: str | None) -> None:
    answers = {"/voice": '<Gather action="/menu" actionOnEmptyResult="true"/>', "/menu": GOODBYE}

    played = play(answers, variants=variants)

    assert played.one("/menu")["Digits"] == digits if digits is not None else "Digits" not in played.one("/menu").form


def test_the_finishing_key_alone_is_no_key() -> None:
    played = play({"/voice": f'<Gather action="/menu"/>{GOODBYE}', "/menu": ""}, keys=("#",))

    assert played.paths == ["/voice", "/status"]


def test_without_a_finishing_key_all_keys_are_ordinary() -> None:
    answers = {"/voice": '<Gather finishOnKey="" action="/menu"/>', "/menu": GOODBYE}

    assert play(answers, keys=("#*1",)).one("/menu")["Digits"] == "#*1"


def test_another_finishing_key_can_be_chosen() -> None:
    answers = {"/voice": '<Gather finishOnKey="*" action="/menu"/>', "/menu": GOODBYE}

    assert play(answers, keys=("1#2*3",)).one("/menu")["Digits"] == "1#2"


def test_without_an_action_the_document_itself_is_asked_again() -> None:
    played = play({"/voice": ['<Gather numDigits="1"/>', GOODBYE]}, keys=("3",))

    assert [request["Digits"] for request in played.to("/voice") if "Digits" in request.form] == ["3"]


def test_digits_go_into_the_query_of_a_get() -> None:
    answers = {"/voice": '<Gather numDigits="1" method="GET" action="/menu"/>', "/menu": GOODBYE}

    assert play(answers, keys=("1",)).one("/menu").query["Digits"] == "1"


def test_each_question_gets_the_next_keys_of_the_script_and_then_silence() -> None:
    answers = {"/voice": MENU, "/menu": [MENU, MENU, f"{MENU}{GOODBYE}"]}

    played = play(answers, keys=("1", "2"))

    assert [request["Digits"] for request in played.to("/menu")] == ["1", "2"]


def test_a_caller_who_hangs_up_in_a_question_is_told_to_the_status_callback_alone() -> None:
    played = play({"/voice": MENU}, caller_script=CallerScript(hangs_up=Moment.GATHER))

    assert played.paths == ["/voice", "/status"]
    assert played.transcript.ending is Ending.HUNG_UP


@pytest.mark.parametrize(
    ("status_first", "order"), [(False, ["/voice", "/menu", "/status"]), (True, ["/voice", "/status", "/menu"])]
)
def test_or_the_action_hears_of_it_too_before_or_after_the_status_callback(
    *, status_first: bool, order: list[str]
) -> None:
    variants = Variants(action_after_hang_up_in_gather=True, status_before_action=status_first)

    played = play({"/voice": MENU}, caller_script=CallerScript(hangs_up=Moment.GATHER), variants=variants)

    assert played.paths == order
    assert played.one("/menu")["CallStatus"] == "completed"
    assert "Digits" not in played.one("/menu").form


def test_a_script_of_something_else_than_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="keys are of"):
        CallerScript(("one",))
