"""Broken flows, and what is said of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.callflow import check_flow, check_flow_for_line, proofs
from app.domain.callflow.nodes import Flow, Message, Prompt, ReferenceQuestion, Ring, WhoGate
from app.domain.lines import Audience
from tests.domain.callflow.cast import line, node_id, small_flow

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Node

FLOW = small_flow()
REFERENCE = ReferenceQuestion(node_id("reference"), Prompt("Which?"), Prompt("Again?"), node_id("ring"))
PROFESSIONALS = (Audience.PROFESSIONAL,)
ALL = (Audience.PROFESSIONAL, Audience.EXPOSED)


def changed(name: str, **changes: Any) -> Node:  # noqa: ANN401 - checked by replace()
    """A node of the small flow with fields changed."""
    return replace(FLOW.nodes[node_id(name)], **changes)


def message(name: str, to: str, say: str = "Words.") -> Message:
    return Message(node_id(name), Prompt(say), node_id(to))


def prompt_of(length: int) -> Prompt:
    return Prompt("x" * length)


def test_nothing_is_wrong_with_the_small_flow() -> None:
    assert check_flow(FLOW) == []
    assert check_flow_for_line(FLOW, line(*PROFESSIONALS)) == []


BROKEN: dict[str, tuple[Flow, str]] = {
    "the start is missing": (small_flow(start="gone"), "start: found gone"),
    "the way on is missing": (small_flow(give_up="gone"), "give_up: found gone"),
    "an exit leads nowhere": (small_flow(changed("hello", next="gone")), "node.hello.next: found gone"),
    "an exit of a gate leads nowhere": (small_flow(changed("who", silent="gone")), "node.who.silent: found gone"),
    "a node stands alone": (small_flow(message("lonely", "end")), "node.lonely: found a node that no call can come to"),
    "a node leads to itself": (small_flow(message("sorry", "sorry")), "node.sorry.next: found sorry, which leads back"),
    "messages go round": (
        small_flow(message("sorry", "more"), message("more", "sorry")),
        "node.more.next: found sorry, which leads back without a key",
    ),
    "silence goes round": (
        small_flow(changed("who", silent="hello")),
        "node.who.silent: found hello, which leads back without a key",
    ),
    "ringing goes round": (
        small_flow(changed("ring", nobody="hello")),
        "node.ring.nobody: found hello, which leads back without a key",
    ),
    "declining goes round": (
        small_flow(changed("callback", declined="ring")),
        "node.callback.declined: found ring, which leads back without a key",
    ),
    "a call ends before a word": (small_flow(start="end"), "node.end: found an end that can be reached without words"),
    "silence ends without a word": (
        small_flow(changed("who", silent="end")),
        "node.end: found an end that can be reached without words",
    ),
    "ringing ends without a word": (
        small_flow(changed("ring", nobody="end")),
        "node.end: found an end that can be reached without words",
    ),
    "the gate ends without a word": (
        small_flow(changed("hours", closed="end")),
        "node.end: found an end that can be reached without words",
    ),
    "giving up says nothing": (small_flow(give_up="end"), "give_up: found an end"),
    "giving up asks": (small_flow(give_up="who"), "node.who: found a WhoGate after give_up"),
    "giving up rings": (small_flow(message("give_up", "ring")), "node.ring: found a Ring after give_up"),
    "three questions before a human": (
        small_flow(
            changed("who", professional="who2", silent="who2"),
            WhoGate(node_id("who2"), Prompt("Who?"), node_id("who3"), node_id("refer"), node_id("who3")),
            WhoGate(node_id("who3"), Prompt("Who?"), node_id("ring"), node_id("refer"), node_id("ring")),
        ),
        "node.ring: found more than 2 questions before it rings",
    ),
    "key 3 leads to something else": (
        small_flow(changed("who", reference="ring")),
        "node.who.reference: found ring; allowed: a reference node",
    ),
    "a reference is asked for without key 3": (
        small_flow(changed("who", silent="reference"), REFERENCE),
        "node.who.silent: found reference; allowed: no reference node",
    ),
    "nobody is rung for a reference": (
        small_flow(changed("who", reference="reference"), replace(REFERENCE, next=node_id("sorry"))),
        "node.reference.next: found sorry; allowed: a ring node",
    ),
    "a reference is a third question": (
        small_flow(
            changed("who", professional="who2"),
            WhoGate(
                node_id("who2"),
                Prompt("Who?"),
                node_id("ring"),
                node_id("refer"),
                node_id("ring"),
                reference=node_id("reference"),
            ),
            REFERENCE,
        ),
        "node.ring: found more than 2 questions before it rings",
    ),
    "questions without end before a human": (
        small_flow(changed("who", exposed="hello")),
        "node.ring: found more than 2 questions before it rings",
    ),
    "an exposed caller is offered a callback": (
        small_flow(changed("who", exposed="ring")),
        "node.who.exposed: found a way to the callback offer callback",
    ),
    "an exposed caller is asked again and offered a callback": (
        small_flow(
            changed("who", exposed="again"),
            WhoGate(node_id("again"), Prompt("Sure?"), node_id("ring"), node_id("refer"), node_id("refer")),
        ),
        "node.who.exposed: found a way to the callback offer callback",
    ),
    "words about closing while open": (
        small_flow(message("sorry", "end", "We open {next_opening}.")),
        "node.sorry.say: found {reason} or {next_opening} where the line may be open",
    ),
    "words about closing when giving up": (
        small_flow(message("give_up", "end", "Closed {reason}.")),
        "node.give_up.say: found {reason} or {next_opening}",
    ),
    "a tier has no time for an attempt": (
        small_flow(changed("ring", tier_seconds=24)),
        "node.ring.tier_seconds: found 24; allowed: at least 25",
    ),
    "the chain has no time for an attempt": (
        small_flow(changed("ring", total_seconds=24)),
        "node.ring.total_seconds: found 24; allowed: at least 25",
    ),
    "no words": (small_flow(message("sorry", "end", " ")), "node.sorry.say: found no words"),
    "an unknown placeholder": (
        small_flow(changed("hello", prompt=Prompt("Hello {name}."))),
        "node.hello.say: found the placeholder {name}; allowed: line, more_at",
    ),
    "a placeholder of another kind of node": (
        small_flow(changed("ring", farewell=Prompt("Bye {caller_kind}."))),
        "node.ring.farewell: found the placeholder {caller_kind}",
    ),
    "a placeholder where none is known": (
        small_flow(changed("callback", ask=Prompt("{number}?"))),
        "node.callback.ask: found the placeholder {number}; allowed: no placeholder",
    ),
    "an expression": (
        small_flow(changed("hello", prompt=Prompt("{line.key!r}"))),
        "node.hello.say: found the placeholder {line.key!r}",
    ),
    "a lone brace": (small_flow(message("sorry", "end", "So { be it.")), "node.sorry.say: found the placeholder {"),
    "a prompt that is too long": (
        small_flow(changed("hello", prompt=prompt_of(701))),
        "node.hello.say: found up to 701 characters",
    ),
    "a prompt that gets too long": (
        small_flow(changed("hello", prompt=Prompt("x" * 640 + "{line}"))),
        "node.hello.say: found up to 710 characters when it is filled; allowed: at most 700",
    ),
    "a screen that is too long": (
        small_flow(changed("ring", screen=prompt_of(261))),
        "node.ring.screen: found up to 261 characters when it is filled; allowed: at most 260",
    ),
    "words that can't be interrupted before it rings": (
        small_flow(changed("who", professional=node_id("connect")), message("connect", "ring", "One moment.")),
        "node.connect.next: found words, then ring at once",
    ),
    "a recording with a placeholder": (
        small_flow(changed("hello", prompt=Prompt("Welcome to {line}.", play="hello.wav"))),
        "node.hello.say: found placeholders in words that hello.wav plays",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_flow_is_refused(name: str) -> None:
    flow, expected = BROKEN[name]

    found = [str(problem) for problem in check_flow(flow)]

    assert any(expected in problem for problem in found), found
    assert all(problem.startswith("callflow small: ") for problem in found)


def test_all_problems_are_told_at_once() -> None:
    flow = small_flow(message("lonely", "end"), message("sorry", "end", "{x} {y}"), changed("ring", tier_seconds=5))

    assert len(check_flow(flow)) == 4


def other_ring(nobody: str) -> Ring:
    return Ring(node_id("other"), Prompt("{line}"), Prompt("Bye."), node_id(nobody))


def test_a_line_for_professionals_refers_exposed_persons_on() -> None:
    flow = small_flow(changed("who", exposed="sorry"))

    [problem] = told(flow, *PROFESSIONALS)
    assert problem.startswith("line skane with callflow small: node.who.exposed: ")
    assert problem.endswith("found exposed persons who are left without; allowed: a way to refer them on")


def test_a_line_for_professionals_does_not_ring_for_exposed_persons() -> None:
    flow = small_flow(changed("who", exposed="other"), other_ring("refer"))

    [problem] = told(flow, *PROFESSIONALS)
    assert problem.startswith("line skane with callflow small: node.who.exposed: found a way that rings the staff; ")
    assert problem.endswith("allowed: no ring node: the line doesn't serve exposed persons")


def test_a_line_for_exposed_persons_rings_for_them() -> None:
    assert any("left without; allowed: a way to ring somebody" in one for one in told(FLOW, *ALL))


def test_a_line_for_exposed_persons_offers_no_callback_to_those_who_made_no_choice() -> None:
    silent_callers_too = small_flow(changed("who", exposed="other"), other_ring("refer"))
    professionals_only = small_flow(changed("who", exposed="other", silent="other"), other_ring("refer"))

    assert any("a callback offer for callers who made no choice" in one for one in told(silent_callers_too, *ALL))
    assert told(professionals_only, *ALL) == []


def test_a_line_for_exposed_persons_asks_who_calls() -> None:
    flow = small_flow(changed("hello", next="other"), other_ring("sorry"))

    assert any("exposed, without any who-gate" in one for one in told(without(flow, "who"), *ALL))


@pytest.mark.parametrize(("field", "longest"), [("name", 70), ("more_at", 40)])
def test_a_line_whose_name_would_make_prompts_too_long_is_refused(field: str, longest: int) -> None:
    key = "line" if field == "name" else field

    for length, problems in ((longest, 0), (longest + 1, 1)):
        found = check_flow_for_line(FLOW, line(*PROFESSIONALS, **{field: "x" * length}))
        assert [problem.key for problem in found] == [key] * problems


def test_proofs_of_a_flow_without_questions_or_phones_are_told_too() -> None:
    only_words = Flow(
        "words",
        "Words",
        node_id("give_up"),
        node_id("give_up"),
        {key: FLOW.nodes[key] for key in map(node_id, ("give_up", "end"))},
    )

    assert check_flow(only_words) == []
    assert any("at most 0" in proof for proof in proofs(only_words))


def test_two_questions_before_a_human_are_allowed_and_told() -> None:
    second = WhoGate(node_id("who2"), Prompt("Who?"), node_id("ring"), node_id("refer"), node_id("ring"))
    flow = small_flow(changed("who", professional="who2", silent="who2"), second)

    assert check_flow(flow) == []
    assert "questions asked before a human's phone rings: at most 2" in proofs(flow)
    assert "questions asked before a human's phone rings: at most 1" in proofs(FLOW)


def told(flow: Flow, *serves: Audience) -> list[str]:
    return [str(problem) for problem in check_flow_for_line(flow, line(*serves))]


def without(flow: Flow, name: str) -> Flow:
    return replace(flow, nodes={key: node for key, node in flow.nodes.items() if key != name})
