"""Broken files, and what is said of each."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from app.domain.callflow import parse_flow, parse_words
from app.domain.callflow.nodes import Greeting, HoursGate, Ring, WhoGate
from tests.domain.callflow.cast import FLOWS, WORDS, node_id, shipped_table

FILE = "callflows/regional.toml"
GONE = object()


def changed(table: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of the table with the value at a dotted path changed, added, or taken away."""
    copy = deepcopy(table)
    *way, last = path.split(".")
    inner = copy
    for key in way:
        inner = inner[key]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return copy


def test_a_flow_has_the_fields_of_its_file() -> None:
    flow = FLOWS["regional"]

    assert (flow.name, flow.start, flow.give_up) == ("regional", "hours", "give_up")
    assert flow.nodes[node_id("hours")] == HoursGate(node_id("hours"), node_id("greeting"), node_id("closed"))
    ring, who = flow.nodes[node_id("ring")], flow.nodes[node_id("who")]
    assert isinstance(ring, Ring)
    assert isinstance(who, WhoGate)
    assert ring.ring_seconds == 20
    assert who.tries == 2


def test_white_space_of_a_long_text_is_evened_out() -> None:
    greeting = FLOWS["regional"].nodes[node_id("greeting")]

    assert isinstance(greeting, Greeting)
    assert "\n" not in greeting.prompt.say
    assert greeting.prompt.say == greeting.prompt.say.strip()


def test_a_prompt_may_name_a_recording() -> None:
    table = changed(shipped_table("regional"), "node.ring.farewell", {"say": "Hej då.", "play": "hej-da.wav"})

    flow, problems = parse_flow("regional", FILE, table)

    assert problems == []
    assert flow is not None
    ring = flow.nodes[node_id("ring")]
    assert isinstance(ring, Ring)
    assert (ring.farewell.say, ring.farewell.play) == ("Hej då.", "hej-da.wav")


BROKEN_FLOWS: dict[str, tuple[str, object, str]] = {
    "another file's name": ("name", "skane", "name: found 'skane'; allowed: the name of the file, regional"),
    "no name": ("name", GONE, "name: found nothing; allowed: the name of the file, regional"),
    "no title": ("title", GONE, "title: found nothing; allowed: a text that isn't empty"),
    "an empty title": ("title", "  ", "title: found '  '; allowed: a text that isn't empty"),
    "a start that is no name": ("start", "Hello There", "start: found 'Hello There'; allowed: a node's name"),
    "a start that is no text": ("start", 1, "start: found 1; allowed: a node's name"),
    "an unknown key": (
        "voice",
        "Astrid",
        "voice: found an unknown key; allowed: one of name, title",
    ),
    "no nodes": ("node", GONE, "node: found nothing; allowed: a table"),
    "no node at all": ("node", {}, "node: found {}; allowed: at least one table [node.NAME]"),
    "nodes in a list": ("node", [1], "node: found [1]; allowed: a table"),
    "a node that is no table": ("node.ring", "ring", "node.ring: found 'ring'; allowed: a table"),
    "a node without anything": ("node.ring", {}, "node.ring.kind: found nothing; allowed: one of hours, greeting"),
    "a node with a bad name": ("node.Ring!", {"kind": "end"}, "node.Ring!: found 'Ring!'; allowed: a node's name"),
    "no kind": ("node.ring.kind", GONE, "node.ring.kind: found nothing; allowed: one of hours"),
    "an unknown kind": ("node.ring.kind", "voicemail", "node.ring.kind: found 'voicemail'; allowed: one of hours"),
    "a kind that is no text": ("node.ring.kind", ["ring"], "node.ring.kind: found ['ring']; allowed: one of hours"),
    "a missing exit": ("node.hours.closed", GONE, "node.hours.closed: found nothing; allowed: a node's name"),
    "an unknown key in a node": (
        "node.end.say",
        "Hej.",
        "node.end.say: found an unknown key; allowed: one of kind",
    ),
    "no words": ("node.closed.say", GONE, "node.closed.say: found nothing; allowed: a text that isn't empty"),
    "words that are no text": ("node.closed.say", 112, "node.closed.say: found 112; allowed: a text that isn't empty"),
    "a placeholder of another kind": (
        "node.who.say",
        "{number}",
        "node.who.say: found {number}; allowed: {line} or {more_at}",
    ),
    "an expression": (
        "node.greeting.say",
        "{line.upper()}",
        "node.greeting.say: found {line.upper()}; allowed",
    ),
    "a lone brace": ("node.closed.say", "So }", "node.closed.say: found }; allowed: {line} or {more_at} or"),
    "a placeholder where none is known": (
        "node.callback.refused",
        "Not {number}",
        "node.callback.refused: found {number}; allowed: no placeholder and no brace",
    ),
    "a control character": (
        "node.closed.say",
        "Bell\a",
        "node.closed.say: found 'Bell\\x07'; allowed: a text without control characters",
    ),
    "a recording in another folder": (
        "node.closed.play",
        "../secret.wav",
        "node.closed.play: found '../secret.wav'; allowed: the name of a WAV file",
    ),
    "a recording that is no WAV": ("node.closed.play", "hello.mp3", "node.closed.play: found 'hello.mp3'; allowed"),
    "a prompt with an unknown key": (
        "node.ring.screen",
        {"say": "Hej", "voice": "Astrid"},
        "node.ring.screen.voice: found an unknown key; allowed: one of play, say",
    ),
    "tries without end": ("node.who.tries", 99, "node.who.tries: found 99; allowed: a whole number from 1 to 3"),
    "tries that are no number": ("node.who.tries", True, "node.who.tries: found True; allowed: a whole number"),
    "a phone that rings too long": (
        "node.ring.ring_seconds",
        120,
        "node.ring.ring_seconds: found 120; allowed: a whole number from 5 to 60",
    ),
    "a chain that takes too long": (
        "node.ring.total_seconds",
        301,
        "node.ring.total_seconds: found 301; allowed: a whole number from 10 to 300",
    ),
    "three rounds": ("node.ring.rounds", 3, "node.ring.rounds: found 3; allowed: a whole number from 1 to 2"),
}


@pytest.mark.parametrize("name", BROKEN_FLOWS)
def test_a_broken_flow_file_is_refused_with_file_key_found_and_allowed(name: str) -> None:
    path, value, expected = BROKEN_FLOWS[name]

    flow, problems = parse_flow("regional", FILE, changed(shipped_table("regional"), path, value))

    assert flow is None
    assert any(str(problem).startswith(f"{FILE}: {expected}") for problem in problems), problems


def test_all_problems_of_a_file_are_told_at_once() -> None:
    table = shipped_table("regional")
    for path, value in (("title", 1), ("node.who.kind", "x"), ("node.ring.rounds", 0), ("node.closed.next", None)):
        table = changed(table, path, value)

    _, problems = parse_flow("regional", FILE, table)

    assert [problem.key for problem in problems] == ["title", "node.who.kind", "node.ring.rounds", "node.closed.next"]


def test_what_was_found_is_shown_in_short() -> None:
    _, problems = parse_flow("regional", FILE, changed(shipped_table("regional"), "start", "x" * 5000))

    assert len(problems[0].found) < 70


# --- words -----------------------------------------------------------------------------------------------------------


def test_the_shipped_words_are_swedish() -> None:
    assert WORDS.language == "sv-SE"
    assert len(WORDS.minute_words) == 60


BROKEN_WORDS: dict[str, tuple[str, object, str]] = {
    "a language without a country": ("language", "svenska", "language: found 'svenska'; allowed: a language and"),
    "a voice of nobody": ("voice", "alice", "voice: found 'alice'; allowed: a voice of Polly or Google"),
    "six weekdays": ("weekdays", ["måndag"] * 6, "weekdays: found"),
    "months in a text": ("months", "januari", "months: found 'januari'; allowed: a list of 12 texts"),
    "an hour that is a number": ("hours", [*range(24)], "hours[0]: found 0; allowed: a text that isn't empty"),
    "a date without its month": (
        "on_day",
        "på {weekday} den {day} klockan {time}",
        "on_day: found 'på {weekday} den {day} klockan {time}'; allowed: a text with {month}",
    ),
    "a day with a year it does not know": ("today", "i dag {year} {time}", "today: found {year}; allowed: {time}"),
    "a kind of closure without words": ("closed.eve", GONE, "closed.eve: found nothing; allowed: a text"),
    "an unknown kind of closure": ("closed.strike", "strejk", "closed.strike: found an unknown key; allowed: one of"),
    "a closure that takes too long": (
        "closed.eve",
        "för att " * 20,
        "closed.eve: found",
    ),
    "a reason that takes too long": ("closed_reasons.eve", "x" * 61, "closed_reasons.eve: found"),
    "a kind of caller that takes too long": ("caller_kinds.exposed", "x" * 61, "caller_kinds.exposed: found"),
    "a missing opening that takes too long": ("no_opening", "x" * 67, "no_opening: found"),
    "a failure without a number": (
        "failure",
        "Fel på {line}.",
        "failure: found 'Fel på {line}.'; allowed: a text",
    ),
    "an unusable call with a placeholder": ("unusable", "{line}", "unusable: found {line}; allowed: no placeholder"),
    "no words for a screen": ("no_screen", "", "no_screen: found ''; allowed: a text that isn't empty"),
    "an unknown key": ("yesterday", "i går", "yesterday: found an unknown key"),
}


@pytest.mark.parametrize("name", BROKEN_WORDS)
def test_a_broken_word_file_is_refused_with_file_key_found_and_allowed(name: str) -> None:
    path, value, expected = BROKEN_WORDS[name]

    words, problems = parse_words("sv.toml", changed(shipped_table("words/sv"), path, value))

    assert words is None
    assert any(str(problem).startswith(f"sv.toml: {expected}") for problem in problems), problems
