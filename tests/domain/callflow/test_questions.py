"""What a caller is asked before a phone rings, and in which language everything is said from then on."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow import check_flow
from app.domain.callflow.nodes import CallerKind, Flow, Menu, Prompt, WhoGate
from app.domain.callflow.prompts import SCREEN, prompts_of
from app.domain.callflow.questions import MOST_QUESTIONS
from app.domain.callflow.values import AwaitKey, NotReached, RingOne
from app.domain.skills import Competence, Language
from tests.domain.callflow.cast import AINA, BO, CLEO, FLOWS, WORDS, facts, free, node_id, said, small_flow, walk

if TYPE_CHECKING:
    from app.domain.lines import StaffId

NATIONELL = FLOWS["nationell"]
_WHO = small_flow().nodes[node_id("who")]
assert isinstance(_WHO, WhoGate)
WITH_MENU = small_flow(
    replace(_WHO, professional=node_id("topic")),
    Menu(node_id("topic"), Prompt("About what?"), {"1": Competence.LAW, "2": Competence.POLICE}, node_id("ring")),
)
POLICE_OFFICER = replace(free(BO), competences=frozenset({Competence.POLICE}))
ENGLISH_SPEAKER = replace(free(CLEO), languages=frozenset({Language.ENGLISH}))


@pytest.mark.parametrize(
    ("key", "competence"),
    [
        ("1", Competence.LAW),
        ("2", Competence.POLICE),
        ("3", Competence.SOCIAL_WORK),
        ("4", Competence.SCHOOL),
        ("5", Competence.HEALTH),
        ("", None),
        ("7", None),
    ],
)
def test_a_key_of_the_menu_asks_for_a_competence_and_silence_for_none(key: str, competence: Competence | None) -> None:
    answer = walk(NATIONELL, facts(free(AINA)), "1", key)

    assert isinstance(answer.wait, RingOne)
    assert answer.position.competence is competence


def test_whoever_knows_the_matter_is_rung_first_and_then_the_others_in_their_order() -> None:
    world = facts(free(AINA), POLICE_OFFICER, free(CLEO))

    first = walk(WITH_MENU, world, "1", "2")
    second = walk(WITH_MENU, world, "1", "2", NotReached())
    third = walk(WITH_MENU, world, "1", "2", NotReached(), NotReached())

    assert [one.wait.staff for one in (first, second, third) if isinstance(one.wait, RingOne)] == [BO, AINA, CLEO]


def test_without_a_choice_the_order_is_that_of_the_rota() -> None:
    answer = walk(WITH_MENU, facts(free(AINA), POLICE_OFFICER), "1", "")

    assert isinstance(answer.wait, RingOne)
    assert answer.wait.staff == AINA


def test_whoever_wraps_up_is_rung_last_whatever_they_know() -> None:
    answer = walk(WITH_MENU, facts(replace(POLICE_OFFICER, wraps_up=True), free(AINA)), "1", "2")

    assert isinstance(answer.wait, RingOne)
    assert answer.wait.staff == AINA


def test_the_language_goes_before_the_matter() -> None:
    world = facts(free(AINA), POLICE_OFFICER, ENGLISH_SPEAKER)
    flow = replace(WITH_MENU, other_language=Language.ENGLISH)

    answer = walk(flow, world, "1", "9")

    assert isinstance(answer.wait, RingOne)
    assert answer.wait.staff == CLEO


@given(st.sampled_from(Competence), st.sampled_from(Language), st.permutations([AINA, BO, CLEO]), st.data())
def test_nobody_is_left_out_for_what_they_know_or_speak(
    competence: Competence, language: Language, people: list[StaffId], data: st.DataObject
) -> None:
    skills = st.tuples(st.frozensets(st.sampled_from(Competence)), st.frozensets(st.sampled_from(Language)))
    everyone = [
        replace(free(one), competences=known, languages=spoken)
        for one in people
        for known, spoken in [data.draw(skills)]
    ]
    menu = Menu(node_id("topic"), Prompt("About what?"), {"1": competence}, node_id("ring"))
    flow = replace(small_flow(*WITH_MENU.nodes.values(), menu), other_language=language)
    keys = ("9", "1") if language is Language.ENGLISH else ("1", "1")

    rung = []
    for attempts in range(len(people)):
        answer = walk(flow, facts(*everyone), *keys, *[NotReached()] * attempts)
        assert isinstance(answer.wait, RingOne)
        rung.append(answer.wait.staff)

    assert sorted(rung) == sorted(people)


# --- the language ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_nine_asks_again_in_english_and_everything_after_it_is_english(name: str) -> None:
    asked = walk(FLOWS[name], facts(free(AINA)), "9")
    offered = walk(FLOWS[name], facts(free(AINA)), "9", "1", NotReached())

    assert "Press 1 if you are calling as part of your work." in said(asked)[0]
    assert "without names or personal identity numbers. The call is not recorded." in said(asked)[0]
    assert asked.position.language is Language.ENGLISH
    assert said(offered)[0].startswith("No adviser could answer just now.")


def test_the_specialist_hears_in_swedish_who_calls_about_what_and_in_which_language() -> None:
    in_swedish = walk(NATIONELL, facts(free(AINA)), "1", "2")
    in_english = walk(NATIONELL, facts(free(AINA)), "1", "9")
    plain = walk(NATIONELL, facts(free(AINA)), "1", "")

    screens = [one.wait.screen.text for one in (in_swedish, in_english, plain) if isinstance(one.wait, RingOne)]
    beginning = "Samtal till Resurscentrum heder Skåne, från någon som ringer i sitt arbete"
    assert screens == [
        f"{beginning}, om polisfrågor. Tryck 1 för att ta samtalet.",
        f"{beginning}, på engelska. Tryck 1 för att ta samtalet.",
        f"{beginning}. Tryck 1 för att ta samtalet.",
    ]


def test_nine_in_the_menu_goes_on_to_a_human_at_once() -> None:
    answer = walk(NATIONELL, facts(free(AINA)), "1", "9")

    assert isinstance(answer.wait, RingOne)
    assert answer.position.language is Language.ENGLISH


def test_in_the_other_language_a_question_is_asked_once_and_silence_goes_on_to_a_human() -> None:
    after_silence = walk(NATIONELL, facts(free(AINA)), "9", "")
    after_a_second_nine = walk(NATIONELL, facts(free(AINA)), "", "9", "9")

    assert isinstance(after_silence.wait, RingOne)
    assert isinstance(after_a_second_nine.wait, RingOne)
    assert after_a_second_nine.position.language is Language.ENGLISH


def test_where_a_flow_has_one_language_nine_is_silence() -> None:
    answer = walk(small_flow(), facts(free(AINA)), "9")

    assert said(answer) == ["Who?"]
    assert answer.position.language is Language.SWEDISH


@given(st.lists(st.sampled_from(["", "1", "9", "7", "*"]), min_size=8, max_size=8), st.sampled_from(sorted(FLOWS)))
def test_at_most_two_questions_are_asked_before_a_phone_rings(keys: list[str], name: str) -> None:
    world = facts(free(AINA))

    answers = [walk(FLOWS[name], world, *keys[:count]) for count in range(len(keys))]
    questions = list(takewhile(lambda one: isinstance(one.wait, AwaitKey), answers))

    assert isinstance(answers[len(questions)].wait, RingOne)
    assert len({(one.position.node, one.position.language) for one in questions}) <= MOST_QUESTIONS


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_silence_alone_reaches_a_human(name: str) -> None:
    answer = walk(FLOWS[name], facts(free(AINA)), "", "")

    assert isinstance(answer.wait, RingOne)
    assert answer.position.caller_kind is CallerKind.UNKNOWN


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_word_of_the_shipped_flows_is_there_in_english(name: str) -> None:
    for node in FLOWS[name].nodes.values():
        for one in prompts_of(node):
            assert (Language.ENGLISH in one.prompt.others) == (one.key != SCREEN), (node.id, one.key)


def test_english_instants_are_spoken_in_english() -> None:
    english = WORDS.in_language(Language.ENGLISH)

    assert english.language == "en-GB"
    assert WORDS.in_language(Language.SWEDISH) is WORDS


# --- what is proved of a flow ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (
            replace(small_flow(), other_language=Language.ENGLISH),
            "node.who.say_en: found nothing; allowed: the words in the other language",
        ),
        (
            small_flow(replace(_WHO, prompt=Prompt("Vem?", others={Language.ENGLISH: Prompt("Who?")}))),
            "node.who.say_en: found words that nobody hears",
        ),
        (small_flow(*WITH_MENU.nodes.values(), Menu(node_id("topic"), Prompt("?"), {}, node_id("ring"))), "no keys"),
    ],
)
def test_words_without_their_language_are_refused(flow: Flow, expected: str) -> None:
    found = [str(problem) for problem in check_flow(flow)]

    assert any(expected in problem for problem in found), found
