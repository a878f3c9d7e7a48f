"""What holds for every call, however the caller, the phones and the clock behave."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow import begin, step
from app.domain.callflow.nodes import CallbackOffer, CallerKind, Flow, Message, NodeId, Prompt
from app.domain.callflow.ring import MOST_ATTEMPTS
from app.domain.callflow.values import (
    Arrived,
    Candidate,
    ConversationEnded,
    Event,
    Facts,
    HangUp,
    KeyedCase,
    Keys,
    NotReached,
    Phase,
    Position,
    RingOne,
    Silence,
    Stage,
)
from app.domain.callflow.walk import MOST_DOCUMENTS, MOST_SILENT_DOCUMENTS
from app.domain.calls import Outcome, Verdict
from app.domain.cases import CaseId, reference_of
from app.domain.lines import Audience, LineKey, StaffId
from app.domain.rotas import Tier
from app.domain.skills import Competence, Language
from tests.domain.callflow.cast import FLOWS, MONDAY_AT_TEN, OPEN, SHUT, WORDS, facts, small_flow

STAFF = [StaffId(f"staff{number}") for number in range(15)]
REFERENCE = Keys(reference_of(412_537).digits)
flows = st.sampled_from(list(FLOWS.values()))
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Keys, st.text("0123456789*#", min_size=1, max_size=15)),
    st.sampled_from((Keys("1"), Keys("2"), Keys("3"), REFERENCE, Silence(), NotReached(), ConversationEnded())),
    st.just(Arrived()),
)
instants = st.timedeltas(timedelta(minutes=-5), timedelta(hours=3)).map(lambda elapsed: MONDAY_AT_TEN + elapsed)
candidates = st.lists(
    st.builds(
        Candidate,
        st.sampled_from(STAFF),
        st.sampled_from(Tier),
        st.booleans(),
        overflow=st.none() | st.just(LineKey("nationell")),
        wraps_up=st.booleans(),
        competences=st.frozensets(st.sampled_from(Competence)),
        languages=st.frozensets(st.sampled_from(Language)),
    ),
    max_size=15,
    unique_by=lambda one: one.staff,
).map(tuple)
keyed_cases = st.builds(KeyedCase, st.integers(1, 9).map(CaseId), st.sampled_from(STAFF))
worlds = st.builds(
    Facts,
    now=instants,
    opening=st.sampled_from((OPEN, OPEN, SHUT)),
    line_name=st.just("Resurscentrum heder Skåne"),
    more_at=st.just("malmo punkt s e"),
    candidates=candidates,
    caller_may_be_rung=st.booleans(),
    keys_may_be_rung=st.booleans(),
    serves=st.frozensets(st.sampled_from(Audience)),
    overflow_serves=st.frozensets(st.sampled_from(Audience)),
    ahead=st.lists(st.frozensets(st.sampled_from(STAFF)), max_size=4).map(tuple),
    keyed_case=st.none() | keyed_cases,
)
nodes = st.sampled_from([*sorted({key for flow in FLOWS.values() for key in flow.nodes}), NodeId("gone")])
positions = st.builds(
    Position,
    node=nodes,
    phase=st.sampled_from(Phase),
    tries=st.integers(0, 5),
    caller_kind=st.sampled_from(CallerKind),
    rung=st.lists(st.sampled_from(STAFF), max_size=13).map(tuple),
    stage=st.none() | st.sampled_from(Stage),
    ring_began=st.none() | instants,
    stage_began=st.none() | instants,
    documents=st.integers(0, 120),
    silent_documents=st.integers(0, 40),
    cause=st.sampled_from(["", "no_answer"]),
    at_gate=st.none() | st.builds(Verdict, st.sampled_from(Outcome), st.text(max_size=20)),
    ring_node=st.none() | nodes,
    language=st.sampled_from(Language),
    competence=st.none() | st.sampled_from(Competence),
    questions=st.integers(0, 3),
    hold_began=st.none() | instants,
    hold_turns=st.integers(0, 20),
    gave_reference=st.booleans(),
    keyed_case=st.none() | keyed_cases,
)


CIRCLING = small_flow(Message(NodeId("done"), Prompt("Once more."), NodeId("hello")))
"""A flow that check_flow refuses: a caller who confirms a number is greeted anew, for ever."""

LASTING: tuple[Event, ...] = (Keys("1"), Keys("2"), Keys("3"), REFERENCE, Keys("0701740612"), NotReached())
ANY: tuple[Event, ...] = (*LASTING, Keys("9"), Silence(), Arrived(), ConversationEnded())


def some_world(chance: Random, turn: int) -> Facts:
    """Any candidates, a clock that may run as it likes."""
    staff = chance.sample(STAFF, chance.randint(0, len(STAFF)))
    return facts(
        *(Candidate(one, chance.choice(list(Tier)), is_free=chance.random() < 0.8) for one in staff),
        now=MONDAY_AT_TEN + turn * timedelta(seconds=chance.choice((0, 1, 25, -25))),
        opening=OPEN if turn == 0 or chance.random() < 0.8 else SHUT,
        caller_may_be_rung=chance.random() < 0.5,
        keys_may_be_rung=chance.random() < 0.5,
        keyed_case=KeyedCase(CaseId(1), chance.choice(STAFF)) if chance.random() < 0.5 else None,
    )


@given(flows, positions, events, worlds)
def test_a_step_is_always_possible_and_says_something_or_rings(
    flow: Flow, position: Position, event: Event, world: Facts
) -> None:
    answer = step(flow, WORDS, position, event, world)

    assert isinstance(answer.wait, RingOne) or "".join(one.text for one in answer.spoken).strip()
    assert answer.position.node in flow.nodes
    assert answer.trail[-1] == answer.position.node


@given(flows, positions, events, worlds)
def test_nobody_is_rung_when_nobody_is_on_duty(flow: Flow, position: Position, event: Event, world: Facts) -> None:
    answer = step(flow, WORDS, position, event, world)

    if isinstance(answer.wait, RingOne):
        assert answer.wait.staff in {one.staff for one in world.candidates if one.is_free}


@given(flows, positions, events, worlds)
def test_an_exposed_caller_is_never_offered_a_callback_wherever_they_stand(
    flow: Flow, position: Position, event: Event, world: Facts
) -> None:
    answer = step(flow, WORDS, position, event, world)

    if answer.position.caller_kind is CallerKind.EXPOSED:
        assert answer.confirmed is None
        assert not any("{number}" in one.text for one in answer.spoken)
        assert not isinstance(flow.nodes[answer.position.node], CallbackOffer)


@given(st.sampled_from([*FLOWS.values(), CIRCLING]), st.integers(0, 2**32), st.floats(0, 1))
def test_every_call_ends_within_its_bounds_and_nobody_is_rung_more_than_twice(
    flow: Flow, seed: int, eagerness: float
) -> None:
    chance = Random(seed)

    answer = begin(flow, WORDS, some_world(chance, 0))
    waits, longest_silence, silence = [answer.wait], 0, 0
    while not isinstance(answer.wait, HangUp) and len(waits) <= MOST_DOCUMENTS:
        # An eager caller presses what makes the call go on for long: unusable numbers, "another number", no choice.
        event = chance.choice(LASTING if chance.random() < eagerness else ANY)
        answer = step(flow, WORDS, answer.position, event, some_world(chance, len(waits)))
        waits.append(answer.wait)
        silence = 0 if isinstance(event, Keys) else silence + 1
        longest_silence = max(silence, longest_silence)

    rung = Counter(wait.staff for wait in waits if isinstance(wait, RingOne))
    assert isinstance(answer.wait, HangUp)
    assert len(waits) <= MOST_DOCUMENTS
    assert longest_silence <= MOST_SILENT_DOCUMENTS
    assert max(rung.values(), default=0) <= 2
    assert sum(rung.values()) <= MOST_ATTEMPTS


@given(flows)
def test_a_phone_without_keys_reaches_a_human_when_one_is_free(flow: Flow) -> None:
    someone = facts(Candidate(STAFF[0], Tier.BACKUP, is_free=True))

    answer = begin(flow, WORDS, someone)
    for _ in range(2):
        answer = step(flow, WORDS, answer.position, Silence(), someone)

    assert isinstance(answer.wait, RingOne)
