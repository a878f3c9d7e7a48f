"""Where the boxes of a drawn graph stand and how its arrows run: in layers from the top, nothing over anything else.

Sugiyama's way: layers by the longest path, order within them by barycentres, then positions as near to the neighbours'
as their widths allow. Every second layer is for labels, so that a label takes its place as a box does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from app.domain.callflow.layers import forward, layers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_BETWEEN_BOXES = 28
_BETWEEN_LANES = 12
_LANE = 6
_SWEEPS = 24
_LEAST_GAP, _MOST_GAP = 20, 60
_FLATTEST = 5
"""How much wider than high an arrow may run between two layers."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Size:
    """Of a box or a label."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from one box to another one, with room for its label."""

    source: str
    target: str
    label: Size


@dataclass(frozen=True, slots=True)
class Spot:
    """A rectangle on the canvas, by its middle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """How an arrow runs: straight down (or up) between the points of each pair, in curves from pair to pair."""

    points: tuple[Point, ...]
    label: Spot


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by their keys, and one route for each link, in the links' order."""

    width: float
    height: float
    boxes: Mapping[str, Spot]
    routes: tuple[Route, ...]


@dataclass(slots=True, eq=False)
class _Cell:
    """What takes a place in a layer: a box, a label, or the lane of an arrow that passes through."""

    width: float
    height: float
    gap: float
    is_lane: bool = False
    above: list[_Cell] = field(default_factory=list)
    below: list[_Cell] = field(default_factory=list)
    x: float = 0
    y: float = 0

    @property
    def spot(self) -> Spot:
        return Spot(self.x, self.y, self.width, self.height)


def lay_out(boxes: Mapping[str, Size], links: Sequence[Link]) -> Layout:
    """Place ``boxes``, the first of them at the top, and run ``links`` between different ones of them."""
    ways = forward(list(boxes), [(one.source, one.target) for one in links])
    layer_of = layers_of(list(boxes), ways)
    cells = {key: _Cell(size.width, size.height, _BETWEEN_BOXES) for key, size in boxes.items()}
    layers: list[list[_Cell]] = [[] for _ in range(2 * max(layer_of.values()) + 1)]
    for key, cell in cells.items():
        layers[2 * layer_of[key]].append(cell)
    chains = []
    for link, (upper, lower) in zip(links, ways, strict=True):
        lanes = _lanes(link, 2 * (layer_of[lower] - layer_of[upper]) - 1, is_upward=upper != link.source)
        for place, lane in enumerate(lanes, start=2 * layer_of[upper] + 1):
            layers[place].append(lane)
        chains.append([cells[upper], *lanes, cells[lower]])
        for above, below in pairwise(chains[-1]):
            above.below.append(below)
            below.above.append(above)
    _put_in_order(layers)
    _put_across(layers)
    height = _put_down(layers)
    routes = [_route(chain, cells[link.source]) for link, chain in zip(links, chains, strict=True)]
    width = max(cell.x + cell.width / 2 for layer in layers for cell in layer)
    return Layout(width, height, {key: cell.spot for key, cell in cells.items()}, tuple(routes))


def _lanes(link: Link, number: int, *, is_upward: bool) -> list[_Cell]:
    """What the arrow takes in the layers between its boxes: its label beside its source, then lanes."""
    lanes = [_Cell(_LANE, 0, _BETWEEN_LANES, is_lane=True) for _ in range(number)]
    if link.label.height:
        lanes[-1 if is_upward else 0] = _Cell(link.label.width, link.label.height, _BETWEEN_LANES)
    return lanes


def _route(chain: Sequence[_Cell], source: _Cell) -> Route:
    upper, *lanes, lower = chain
    points: list[Point] = [(upper.x, upper.y + upper.height / 2)]
    for lane in lanes:
        points += [(lane.x, lane.y - lane.height / 2), (lane.x, lane.y + lane.height / 2)]
    points.append((lower.x, lower.y - lower.height / 2))
    is_upward = source is not upper
    label = lanes[-1 if is_upward else 0]
    return Route(tuple(reversed(points)) if is_upward else tuple(points), label.spot)


# --- order -----------------------------------------------------------------------------------------------------------


def _put_in_order(layers: list[list[_Cell]]) -> None:
    """Sweep down and up, each cell to the middle of its neighbours, and keep the order with the fewest crossings."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers)
    for sweep in range(_SWEEPS):
        is_down = sweep % 2 == 0
        for upper, lower in pairwise(layers if is_down else reversed(layers)):
            _sort(lower, upper, is_down=is_down)
        if (crossings := _crossings(layers)) < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    layers[:] = best


def _sort(layer: list[_Cell], fixed: Sequence[_Cell], *, is_down: bool) -> None:
    place = {id(cell): number for number, cell in enumerate(fixed)}
    wanted = {}
    for number, cell in enumerate(layer):
        places = [place[id(one)] for one in (cell.above if is_down else cell.below)]
        wanted[id(cell)] = sum(places) / len(places) if places else number
    layer.sort(key=lambda cell: wanted[id(cell)])


def _crossings(layers: Iterable[Sequence[_Cell]]) -> int:
    number = 0
    for upper, lower in pairwise(layers):
        place = {id(cell): number for number, cell in enumerate(lower)}
        ends = [sorted(place[id(one)] for one in cell.below) for cell in upper]
        flat = [end for some in ends for end in some]
        number += sum(later < earlier for at, earlier in enumerate(flat) for later in flat[at + 1 :])
    return number


# --- positions -------------------------------------------------------------------------------------------------------


def _put_across(layers: Sequence[Sequence[_Cell]]) -> None:
    """Each cell as near to the middle of its neighbours as the cells beside it allow."""
    for layer in layers:
        for cell, x in zip(layer, _apart(layer, [0.0] * len(layer), [1.0] * len(layer)), strict=True):
            cell.x = x
    for sweep in range(2 * _SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [_middle(cell, is_down=sweep % 2 == 0) for cell in layer]
            weights = [4.0 if cell.is_lane else 1.0 for cell in layer]  # long arrows run straight
            for cell, x in zip(layer, _apart(layer, wanted, weights), strict=True):
                cell.x = x
    left = min(cell.x - cell.width / 2 for layer in layers for cell in layer)
    for layer in layers:
        for cell in layer:
            cell.x -= left


def _middle(cell: _Cell, *, is_down: bool) -> float:
    near = (cell.above if is_down else cell.below) or cell.above or cell.below
    return sum(one.x for one in near) / len(near) if near else cell.x


def _apart(layer: Sequence[_Cell], wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The positions nearest to ``wanted`` (by weighted squares) in which no cell overlaps: pools of neighbours."""
    gaps = [(one.width + two.width) / 2 + max(one.gap, two.gap) for one, two in pairwise(layer)]
    offsets = list(accumulate(gaps, initial=0.0))[: len(layer)]
    pools: list[tuple[float, float, int]] = []  # mean, weight, number of cells
    for want, offset, weight in zip(wanted, offsets, weights, strict=False):
        pool = (want - offset, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, total, number = pools.pop()
            both = total + pool[1]
            pool = ((mean * total + pool[0] * pool[1]) / both, both, number + pool[2])
        pools.append(pool)
    means = [mean for mean, _, number in pools for _ in range(number)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]


def _put_down(layers: Sequence[Sequence[_Cell]]) -> float:
    """Layer under layer, farther apart where arrows run far to the side; the height of it all."""
    top = 0.0
    for layer in layers:
        height = max(cell.height for cell in layer)
        for cell in layer:
            cell.y = top + height / 2
            if cell.is_lane:  # an arrow that passes boxes runs straight down beside them
                cell.height = height
        aside = max((abs(cell.x - one.x) for cell in layer for one in cell.below), default=0)
        top += height + min(_MOST_GAP, max(_LEAST_GAP, aside / _FLATTEST))
    return max(cell.y + cell.height / 2 for layer in layers for cell in layer)
