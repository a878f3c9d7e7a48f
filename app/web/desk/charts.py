"""Bars for numbers: places in percent of the drawing, so that bars grow with the page and letters don't."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOP, GROUND = 12.0, 76.0
"""Where the highest number and zero are drawn: above is room for a number, beneath for week and year."""
_MOST_STEPS = 4
_SHARE_OF_BAR = 0.7
_FEW, _SOME = 14, 27
"""So many bars have room for their numbers on a telephone; so many on a desk."""
_LARGE = 100
_APART = 0.16
"""Two years whose names don't meet are so far apart, as a share of the width."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One number. ``x``, ``middle``, ``width``, ``y``, ``height``: percent."""

    number: str
    """As it is written above it."""
    label: str
    title: str
    is_over: bool
    x: str
    middle: str
    width: str
    y: str
    height: str
    label_on: str
    """Where its label has room: ``all`` screens, ``wide`` ones, or none."""
    year: str
    """Written beneath the first bar of a year."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line across the drawing, at a round number."""

    number: int
    y: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of bars."""

    bars: Sequence[Bar]
    steps: Sequence[Step]
    numbers_on: str
    """Where there is room for the numbers themselves: ``all`` screens, ``wide`` ones, or none."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a bar is to show."""

    number: int
    year: int
    label: str
    title: str
    is_over: bool
    written: str = ""
    """Instead of the number."""


def chart(given: Sequence[Given], highest: int) -> Chart:
    """The bars, to a scale that has room for ``highest``: so charts of several lines can be compared."""
    step = round_step(highest)
    top = max(step, -(-highest // step) * step)
    width = 100 / len(given)
    every, every_narrow = _every(len(given))
    years = _years(given)
    bars = [
        Bar(
            number=one.written or str(one.number),
            label=one.label if one.is_over else f"{one.label}*",
            title=one.title,
            is_over=one.is_over,
            x=in_percent(place * width + width * (1 - _SHARE_OF_BAR) / 2),
            middle=in_percent((place + 0.5) * width),
            width=in_percent(width * _SHARE_OF_BAR),
            y=in_percent(height_of(one.number, top)),
            height=in_percent(GROUND - height_of(one.number, top)),
            label_on="none" if place % every else "wide" if place % every_narrow else "all",
            year=years.get(place, ""),
        )
        for place, one in enumerate(given)
    ]
    steps = [Step(number, in_percent(height_of(number, top))) for number in range(0, top + 1, step)]
    return Chart(bars, steps, _numbers_on(len(given), highest))


def bars_path(numbers: Sequence[int], top: int, first: int = 0) -> str:
    """Bars without words, as the path of a drawing that is as many units wide as there are bars, and ``top`` high.

    ``first``: the place of the first one.
    """
    left, width = (1 - _SHARE_OF_BAR) / 2, _SHARE_OF_BAR
    places = enumerate(numbers, start=first)
    return "".join(f"M{place + left:g} {top}v{-many}h{width}v{many}z" for place, many in places if many)


def round_step(highest: int) -> int:
    """Between the lines across a drawing: the smallest round number that needs few lines: 1, 2, 5, 10, 20, 50 …"""  # noqa: D400 - so it goes on
    sizes: Iterator[int] = (factor * 10**power for power in count() for factor in (1, 2, 5))
    return next(size for size in sizes if size * _MOST_STEPS >= highest)


def height_of(number: int, top: int) -> float:
    """Where a bar of this number ends, in percent from above; ``top`` is the number of the highest line."""
    return GROUND - (GROUND - _TOP) * number / top


def in_percent(value: float) -> str:
    """As a drawing has it."""
    return f"{value:.2f}%"


def _every(bars: int) -> tuple[int, int]:
    """Which labels have room: every so many on a wide screen, and on a narrow one."""
    if bars <= _FEW:
        return 1, 2
    return (1, 4) if bars <= _SOME else (4, 8)


def _numbers_on(bars: int, highest: int) -> str:
    if bars > _SOME:
        return "none"
    return "all" if bars <= _FEW and highest < _LARGE else "wide"


def _years(given: Sequence[Given]) -> dict[int, str]:
    """The years that begin, by the place of their first bar; one that hardly shows isn't named."""
    places = [place for place, one in enumerate(given) if place == 0 or one.year != given[place - 1].year]
    ends = [*places[1:], len(given)]
    named = [place for place, end in zip(places, ends, strict=True) if end - place > _APART * len(given)]
    return {place: str(given[place].year) for place in named}
