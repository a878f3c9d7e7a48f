from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from app.domain.callflow import draw_svg, proofs
from app.domain.callflow.graph import exits
from app.domain.callflow.layout import Spot
from app.domain.callflow.mermaid import label_of
from app.domain.callflow.nodes import CallbackOffer, Flow, Ring
from app.domain.callflow.outlines import outline
from app.domain.callflow.picture import OUTLINES
from tests.domain.callflow.cast import FLOWS, node_id, small_flow

SVG = "{http://www.w3.org/2000/svg}"
EVERY_FLOW = pytest.mark.parametrize("name", sorted(FLOWS))


def picture_of(flow: Flow) -> ET.Element:
    return ET.fromstring(draw_svg(flow, proofs(flow)))  # noqa: S314 - our own picture


def texts(picture: ET.Element, style: str) -> list[str]:
    return [one.text or "" for one in picture.iter(f"{SVG}text") if one.get("class") == style]


@EVERY_FLOW
def test_every_node_is_drawn_once(name: str) -> None:
    picture = picture_of(FLOWS[name])

    drawn = Counter(one.get("data-node") for one in picture.iter(f"{SVG}g") if one.get("data-node"))

    assert set(drawn.values()) == {1}
    assert {key for key in drawn if not str(key).startswith("(")} == set(FLOWS[name].nodes)


@EVERY_FLOW
def test_every_exit_is_drawn_once_with_its_label(name: str) -> None:
    flow, picture = FLOWS[name], picture_of(FLOWS[name])

    drawn = Counter(
        (one.get("data-from"), one.get("data-to"))
        for one in picture.iter(f"{SVG}g")
        if one.get("data-from") in flow.nodes and one.get("data-to") in flow.nodes
    )

    assert drawn == Counter((node.id, one.to) for node in flow.nodes.values() for one in exits(node))
    labels = Counter(label_of(one) for node in flow.nodes.values() for one in exits(node) if label_of(one))
    rings = sum(isinstance(node, Ring) for node in flow.nodes.values())
    assert Counter(texts(picture, "label")) == labels + Counter({"accepted": rings})


@EVERY_FLOW
def test_what_is_proved_is_written_below(name: str) -> None:
    flow = FLOWS[name]
    picture = picture_of(flow)

    written = " ".join(" ".join(texts(picture, "kind")).replace("\N{NO-BREAK SPACE}", " ").split())

    for proof in proofs(flow):
        assert f"✓ {proof}" in written


@EVERY_FLOW
def test_a_picture_tells_what_it_shows_to_those_who_do_not_see_it(name: str) -> None:
    picture = picture_of(FLOWS[name])

    title, description = picture.findtext(f"{SVG}title"), picture.findtext(f"{SVG}desc") or ""
    assert picture.get("role") == "img"
    assert title == FLOWS[name].title
    assert "hours, open now?; open: greeting, closed: closed." in description


@EVERY_FLOW
def test_a_picture_needs_nothing_beside_it_and_has_no_script(name: str) -> None:
    document = draw_svg(FLOWS[name], ())

    assert re.findall(r"https?://[^\"]+", document) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|\bon\w+=|@import|url\(|href", document)
    assert "prefers-color-scheme: dark" in document


@EVERY_FLOW
def test_no_text_is_smaller_than_twelve_pixels(name: str) -> None:
    sizes = [int(size) for size in re.findall(r"(\d+)px", draw_svg(FLOWS[name], ())) if int(size) > 2]

    assert min(sizes) >= 12


def test_kinds_have_shapes_of_their_own() -> None:
    spot = Spot(100, 50, 120, 60)

    paths = {kind: outline(shape, spot) for kind, shape in OUTLINES.items()}

    assert set(paths) >= {type(node) for flow in FLOWS.values() for node in flow.nodes.values()}
    assert len(set(paths.values())) == len(paths)


def test_an_exit_back_to_its_own_node_is_written_in_it() -> None:
    nodes = dict(small_flow().nodes)
    offer = next(node for node in nodes.values() if isinstance(node, CallbackOffer))
    flow = replace(small_flow(), nodes={**nodes, offer.id: replace(offer, done=offer.id)})

    picture = picture_of(flow)

    assert "again: confirmed" in texts(picture, "kind")


def test_odd_characters_leave_the_document_valid() -> None:
    flow = replace(small_flow(), title='<b>&"\x00\x1b ]]>')

    picture = picture_of(flow)

    assert picture.findtext(f"{SVG}title") == '<b>&" ]]>'
    assert node_id("end") in {one.get("data-node") for one in picture.iter(f"{SVG}g")}
