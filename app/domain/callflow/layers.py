"""In which layer each node of a drawn graph stands: below everything that leads to it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Way = tuple[str, str]


def forward(keys: Sequence[str], links: Sequence[Way]) -> list[Way]:
    """The links without a circle: one that leads back to where its way came from is turned round."""
    order = {key: place for place, key in enumerate(_finished_last_first(keys, links))}
    return [(source, target) if order[source] < order[target] else (target, source) for source, target in links]


def _finished_last_first(keys: Sequence[str], links: Sequence[Way]) -> list[str]:
    """Depth first, each key after all that lead to it, but for the links that close a circle."""
    after: Mapping[str, list[str]] = _targets(links)
    seen: set[str] = set()
    finished: list[str] = []
    for root in keys:
        waiting = [(root, iter(after[root]))] if root not in seen else []
        seen.add(root)
        while waiting:
            targets = waiting[-1][1]
            onward = next((one for one in targets if one not in seen), None)
            if onward is None:
                finished.append(waiting.pop()[0])
            else:
                seen.add(onward)
                waiting.append((onward, iter(after[onward])))
    return finished[::-1]


def layers_of(keys: Sequence[str], ways: Sequence[Way]) -> dict[str, int]:
    """The layer of each key, 0 at the top, when ``ways`` have no circle.

    Whatever the first key leads to stands as high as it can, everything else as low as it can: beside what it leads to.
    """
    after, before = _targets(ways), _targets([(target, source) for source, target in ways])
    order = _finished_last_first(keys, ways)
    layer: dict[str, int] = {}
    for key in order:
        layer[key] = max((layer[one] + 1 for one in before[key]), default=0)
    main = {keys[0]}
    for key in order:
        if key in main:
            main.update(after[key])
    for key in reversed(order):
        if key not in main and after[key]:
            layer[key] = min(layer[one] for one in after[key]) - 1
    return layer


def _targets(links: Sequence[Way]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in links:
        found[source].append(target)
    return found
