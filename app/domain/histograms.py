"""Times as a histogram: its steps, and what is read from it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


STEPS: Final[tuple[int, ...]] = (
    *range(0, 10, 1),
    *range(10, 60, 5),
    *range(60, 300, 15),
    *range(300, 1800, 60),
    *range(1800, 7200, 300),
    7200,
)
"""Where the steps of a histogram begin, in seconds: as exact as somebody reads it."""


def step_of(seconds: int) -> str:
    """The step of a histogram that a time is in."""
    return str(STEPS[bisect_right(STEPS, seconds) - 1])


def quantile(histogram: Mapping[str, int], share: float) -> int | None:
    """The seconds that ``share`` of the times are not above, as exact as the steps are; ``None`` of no times."""
    numbers = [histogram.get(str(step), 0) for step in STEPS]
    total = sum(numbers)
    if not total:
        return None
    wanted = share * total
    for place, reached in enumerate(accumulate(numbers)):
        if reached >= wanted and numbers[place]:
            begins = STEPS[place]
            width = STEPS[place + 1] - begins if place + 1 < len(STEPS) else 0
            # Times in a step are thought of as spread over it evenly; those of the steps of one second are exact.
            return begins if width <= 1 else begins + round(width * (1 - (reached - wanted) / numbers[place]))
    return STEPS[-1]  # pragma: no cover - the last number reaches everything


def gathered(histogram: Mapping[str, int], begins: Sequence[int]) -> list[int]:
    """The same times in wider steps. ``begins``: where each begins, the first at 0, all of them among ``STEPS``."""
    numbers = [0] * len(begins)
    for step, number in histogram.items():
        numbers[bisect_right(begins, int(step)) - 1] += number
    return numbers


def mean_seconds(histogram: Mapping[str, int]) -> float | None:
    """The mean of the times, each taken to be in the middle of its step; ``None`` of no times."""
    total = sum(histogram.values())
    if not total:
        return None
    widths = {str(begins): ends - begins for begins, ends in pairwise(STEPS)}
    return sum(number * (int(step) + (widths.get(step, 1) - 1) / 2) for step, number in histogram.items()) / total
