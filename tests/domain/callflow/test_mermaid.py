from __future__ import annotations

import re

import pytest

from app.domain.callflow import draw
from app.domain.callflow.nodes import Flow
from tests.domain.callflow.cast import FLOWS, node_id, small_flow

SMALL = """flowchart TD
    call(("call")) --> n_give_up
    n_give_up["give_up<br/>message"]
    n_give_up --> n_end
    n_end(["end<br/>hang up"])
    bounds(("bounds used up")) -.-> n_give_up
"""


def test_a_flow_is_drawn_node_by_node() -> None:
    nodes = small_flow().nodes
    only_words = Flow(
        "words",
        "Words",
        node_id("give_up"),
        node_id("give_up"),
        {key: nodes[key] for key in map(node_id, ("give_up", "end"))},
    )

    assert draw(only_words) == SMALL


def test_a_node_that_is_called_as_its_kind_is_drawn_once() -> None:
    picture = draw(FLOWS["regional"])

    assert 'n_greeting["greeting"]' in picture
    assert "greeting<br/>greeting" not in picture


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_exit_is_drawn_with_its_label(name: str) -> None:
    picture = draw(FLOWS[name])

    assert "n_hours -->|open| n_greeting" in picture
    assert f"n_who -->|1: professional| {'n_topic' if name == 'nationell' else 'n_ring'}" in picture
    assert "n_who -->|no key| n_ring" in picture  # or ring_unknown
    assert "n_ring -->|all are in calls| n_hold" in picture
    assert "n_hold -->|look again| n_ring" in picture
    assert "n_ring -->|nobody| n_callback" in picture
    assert "n_callback -->|confirmed| n_callback_done" in picture
    assert "n_ring -->|accepted| talk" in picture
    drawn = set(re.findall(r"\bn_\w+", picture))
    assert drawn == {f"n_{key}" for key in FLOWS[name].nodes}
