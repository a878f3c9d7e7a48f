"""What the tests of callflows share: the shipped files, three colleagues, and the world at ten on an open Monday."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.domain.callflow import begin, parse_flow, parse_words, step
from app.domain.callflow.nodes import (
    CallbackOffer,
    End,
    Flow,
    Greeting,
    HoursGate,
    Message,
    NodeId,
    Prompt,
    Refer,
    Ring,
    WhoGate,
)
from app.domain.callflow.values import Candidate, Facts, Keys, Silence
from app.domain.hours import Closed, ClosedKind, Opening
from app.domain.lines import Audience, Line, LineKey, OrganisationKey, StaffId
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.domain.skills import OTHER_LANGUAGES, Language

if TYPE_CHECKING:
    from app.domain.callflow.nodes import Node
    from app.domain.callflow.values import Event, Step
    from app.domain.callflow.words import Words

FOLDER = Path(__file__).parents[3] / "callflows"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY_AT_TEN = datetime(2026, 11, 23, 10, tzinfo=STOCKHOLM)
OPEN = Opening(MONDAY_AT_TEN, closed=None, closes_at=MONDAY_AT_TEN.replace(hour=16), next_opening=None)
BEFORE_CHRISTMAS = datetime(2026, 12, 23, 16, 30, tzinfo=STOCKHOLM)
SHUT = Opening(
    BEFORE_CHRISTMAS,
    closed=Closed(ClosedKind.AFTER_CLOSING),
    closes_at=None,
    next_opening=datetime(2026, 12, 28, 9, tzinfo=STOCKHOLM),
)

AINA, BO, CLEO = StaffId("aina"), StaffId("bo"), StaffId("cleo")


def free(staff: StaffId, tier: Tier = Tier.PRIMARY) -> Candidate:
    return Candidate(staff, tier, is_free=True)


def busy(staff: StaffId, tier: Tier = Tier.PRIMARY) -> Candidate:
    return Candidate(staff, tier, is_free=False)


def facts(*candidates: Candidate, **changes: Any) -> Facts:  # noqa: ANN401 - checked by replace()
    return replace(
        Facts(
            now=MONDAY_AT_TEN,
            opening=OPEN,
            line_name="Resurscentrum heder Skåne",
            more_at="malmo punkt s e",
            candidates=candidates,
            caller_may_be_rung=True,
        ),
        **changes,
    )


def later(seconds: float) -> datetime:
    return MONDAY_AT_TEN + timedelta(seconds=seconds)


def shipped_table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _shipped_flow(name: str) -> Flow:
    flow, problems = parse_flow(name, f"callflows/{name}.toml", shipped_table(name))
    assert flow is not None, problems
    return flow


def _shipped_words(language: Language = Language.SWEDISH) -> Words:
    words, problems = parse_words(f"callflows/words/{language}.toml", shipped_table(f"words/{language}"))
    assert words is not None, problems
    return words


FLOWS = {name: _shipped_flow(name) for name in ("nationell", "regional", "regional-utsatta")}
WORDS = replace(_shipped_words(), translations={one: _shipped_words(one) for one in OTHER_LANGUAGES})


def line(*serves: Audience, name: str = "Resurscentrum heder Skåne", more_at: str = "malmo punkt s e") -> Line:
    return Line(
        key=LineKey("skane"),
        organisation=OrganisationKey("skane"),
        name=name,
        public_number=PhoneNumber("+4640349800"),
        twilio_numbers=(PhoneNumber("+4640349800"),),
        callflow="regional",
        schedule="skane",
        catchment=frozenset(),
        serves=frozenset(serves),
        backup_number=PhoneNumber("+46406280400"),
        more_at=more_at,
    )


def node_id(name: str) -> NodeId:
    return NodeId(name)


def small_flow(*nodes: Node, start: str = "hours", give_up: str = "give_up") -> Flow:
    """A whole flow of one node each; ``nodes`` take the place of those with the same name, or join them."""
    everything: tuple[Node, ...] = (
        HoursGate(node_id("hours"), open=node_id("hello"), closed=node_id("shut")),
        Greeting(node_id("hello"), Prompt("Welcome to {line}."), node_id("who")),
        WhoGate(node_id("who"), Prompt("Who?"), node_id("ring"), node_id("refer"), node_id("ring")),
        Refer(node_id("refer"), Prompt("Elsewhere."), node_id("end")),
        Ring(node_id("ring"), Prompt("{caller_kind} on {line}."), Prompt("Goodbye."), node_id("callback")),
        CallbackOffer(
            node_id("callback"),
            offer=Prompt("Ring back?"),
            read_back=Prompt("Is it {number}?"),
            ask=Prompt("Which number?"),
            refused=Prompt("Not that one."),
            done=node_id("done"),
            declined=node_id("sorry"),
        ),
        Message(node_id("done"), Prompt("We ring."), node_id("end")),
        Message(node_id("sorry"), Prompt("Sorry."), node_id("end")),
        Message(node_id("shut"), Prompt("Closed {reason} until {next_opening}."), node_id("end")),
        Message(node_id("give_up"), Prompt("Enough."), node_id("end")),
        End(node_id("end")),
        *nodes,
    )
    return Flow("small", "A small flow", node_id(start), node_id(give_up), {one.id: one for one in everything})


def walk(flow: Flow, world: Facts, *events: Event | str) -> Step:
    """The answer to the last of the events; a text is keys, an empty one silence."""
    answer = begin(flow, WORDS, world)
    for event in events:
        if isinstance(event, str):
            event = Keys(event) if event else Silence()  # noqa: PLW2901 - a shorthand is spelled out
        answer = step(flow, WORDS, answer.position, event, world)
    return answer


def said(answer: Step) -> list[str]:
    return [one.text for one in answer.spoken]
