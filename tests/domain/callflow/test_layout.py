"""Laws of the layout, for any graph."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.callflow.layout import Link, Size, Spot, lay_out

KEYS = [f"box{number}" for number in range(9)]
SIZES = st.builds(Size, st.integers(20, 250), st.integers(20, 90))
LABELS = st.one_of(st.just(Size(6, 0)), st.builds(Size, st.integers(20, 160), st.just(18)))
PAIRS = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda pair: pair[0] != pair[1])
BOXES = st.fixed_dictionaries(dict.fromkeys(KEYS, SIZES))
LINKS = st.lists(st.builds(lambda pair, label: Link(pair[0], pair[1], label), PAIRS, LABELS), max_size=16)


def overlap(one: Spot, other: Spot) -> bool:
    aside, down = abs(one.x - other.x), abs(one.y - other.y)
    return aside < (one.width + other.width) / 2 - 1e-6 and down < (one.height + other.height) / 2 - 1e-6


@given(BOXES, LINKS)
def test_no_box_and_no_label_lies_over_another_one(boxes: dict[str, Size], links: list[Link]) -> None:
    layout = lay_out(boxes, links)

    labels = [route.label for route in layout.routes if route.label.height]
    assert not any(overlap(one, other) for one, other in combinations([*layout.boxes.values(), *labels], 2))


@given(BOXES, LINKS)
def test_everything_lies_on_the_canvas(boxes: dict[str, Size], links: list[Link]) -> None:
    layout = lay_out(boxes, links)

    assert layout.boxes.keys() == boxes.keys()
    for spot in [*layout.boxes.values(), *(route.label for route in layout.routes)]:
        assert -1e-6 <= spot.x - spot.width / 2 <= spot.x + spot.width / 2 <= layout.width + 1e-6
        assert -1e-6 <= spot.y - spot.height / 2 <= spot.y + spot.height / 2 <= layout.height + 1e-6


@given(BOXES, LINKS)
def test_every_arrow_runs_from_its_source_to_its_target_and_through_no_box(
    boxes: dict[str, Size], links: list[Link]
) -> None:
    layout = lay_out(boxes, links)

    assert len(layout.routes) == len(links)
    for link, route in zip(links, layout.routes, strict=True):
        source, target = layout.boxes[link.source], layout.boxes[link.target]
        way = 1 if source.y < target.y else -1
        assert route.points[0] == (source.x, source.y + way * source.height / 2)
        assert route.points[-1] == (target.x, target.y - way * target.height / 2)
        for x, y in route.points[1:-1]:
            assert not any(overlap(Spot(x, y, 1, 1), box) for box in layout.boxes.values())


@given(BOXES, LINKS)
def test_the_same_graph_is_laid_out_the_same_way(boxes: dict[str, Size], links: list[Link]) -> None:
    assert lay_out(boxes, links) == lay_out(boxes, links)


def test_whatever_leads_to_a_box_stands_above_it() -> None:
    boxes = {key: Size(50, 30) for key in ("call", "gate", "left", "right", "end", "aside")}
    ways = [
        ("call", "gate"),
        ("gate", "left"),
        ("left", "right"),
        ("gate", "right"),
        ("right", "end"),
        ("aside", "end"),
    ]

    placed = lay_out(boxes, [Link(source, target, Size(6, 0)) for source, target in ways]).boxes

    assert all(placed[source].y < placed[target].y for source, target in ways)
    assert placed["aside"].y == placed["right"].y
