from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow import position_from_json, position_to_json, step_from_json, step_to_json
from app.domain.callflow.nodes import NodeId
from app.domain.callflow.values import AwaitKey, AwaitNumber, HangUp, NumberSource, Position, RingOne, Spoken, Step
from app.domain.calls import Outcome, Verdict
from app.domain.lines import StaffId
from tests.domain.callflow.cast import STOCKHOLM
from tests.domain.callflow.test_laws import positions

spoken = st.builds(Spoken, st.text(), st.none() | st.just("hello.wav"))
waits = st.one_of(
    st.builds(AwaitKey, st.integers(1, 60)),
    st.builds(AwaitNumber, st.integers(1, 60), st.none() | st.integers(1, 9)),
    st.builds(RingOne, st.text().map(StaffId), st.integers(5, 60), spoken),
    st.just(HangUp()),
)
steps = st.builds(
    Step,
    position=positions,
    spoken=st.lists(spoken, max_size=3).map(tuple),
    wait=waits,
    verdict=st.none() | st.builds(Verdict, st.sampled_from(Outcome), st.text()),
    confirmed=st.none() | st.sampled_from(NumberSource),
    trail=st.lists(st.text().map(NodeId), max_size=4).map(tuple),
)


@given(positions)
def test_a_position_comes_back_as_it_was_stored(position: Position) -> None:
    assert position_from_json(json.loads(json.dumps(position_to_json(position)))) == position


@given(steps)
def test_a_step_comes_back_as_it_was_stored(step: Step) -> None:
    assert step_from_json(json.loads(json.dumps(step_to_json(step)))) == step


def test_an_instant_in_the_hour_that_comes_twice_keeps_its_place() -> None:
    second_half_past_two = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=1)

    stored = position_to_json(Position(NodeId("ring"), ring_began=second_half_past_two))
    again = position_from_json(stored).ring_began

    assert stored["ring_began"] == "2026-10-25T01:30:00+00:00"
    assert again is not None
    assert again.astimezone(STOCKHOLM).utcoffset() == timedelta(hours=1)


def test_a_position_of_an_older_release_has_defaults_for_what_it_did_not_know() -> None:
    assert position_from_json({"node": "who"}) == Position(NodeId("who"))


def test_what_never_was_a_step_is_refused() -> None:
    with pytest.raises(ValueError, match="wait for 'godot'"):
        step_from_json({"position": {"node": "who"}, "spoken": [], "wait": {"for": "godot"}})
