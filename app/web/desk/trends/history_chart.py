"""Years as bars, what was published beside what was counted here: told apart by pattern, not by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.web.desk.charts import GROUND, Step, height_of, in_percent, round_step

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW = 6
"""So many years have room for their names and numbers on a telephone; twice as many bars on a desk."""
_SOME = 14
_SHARE = 0.8
"""Of a year's width that its bars take."""


@dataclass(frozen=True, slots=True)
class YearGiven:
    """What one year is to show: each number with its words, ``None`` where there is none."""

    year: int
    imported: tuple[int, str, str] | None
    """The number, as it is written, and what a pointer is told."""
    own: tuple[int, str, str] | None
    is_own_whole: bool


@dataclass(frozen=True, slots=True)
class YearBar:
    """One bar; places in percent."""

    look: str
    """``imported``, ``own`` or ``so-far``."""
    written: str
    title: str
    x: str
    middle: str
    width: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class YearName:
    """A year beneath its bars. ``on``: where it has room, ``all`` screens or ``wide`` ones."""

    year: int
    middle: str
    on: str


@dataclass(frozen=True, slots=True)
class YearChart:
    """A drawing of years."""

    bars: Sequence[YearBar]
    years: Sequence[YearName]
    steps: Sequence[Step]
    numbers_on: str
    """Where there is room for the numbers themselves: ``all`` screens or ``wide`` ones, or none."""


def year_chart(given: Sequence[YearGiven]) -> YearChart:
    """The bars of years that follow upon each other."""
    highest = max((each[0] for one in given for each in (one.imported, one.own) if each), default=1)
    step = round_step(max(1, highest))
    top = max(step, -(-highest // step) * step)
    width = 100 / len(given)
    bars = [bar for place, one in enumerate(given) for bar in _bars(one, place * width, width, top)]
    every = 1 if len(given) <= _FEW else 2 if len(given) <= _SOME else 4
    years = [
        YearName(one.year, in_percent((place + 0.5) * width), "wide" if place % every else "all")
        for place, one in enumerate(given)
    ]
    numbers_on = "all" if len(bars) <= _FEW else "wide" if len(bars) <= 2 * _SOME else "none"
    steps = [Step(number, in_percent(height_of(number, top))) for number in range(0, top + 1, step)]
    return YearChart(bars, years, steps, numbers_on)


def _bars(one: YearGiven, begins: float, width: float, top: int) -> list[YearBar]:
    """One in the middle, or two beside each other."""
    looks = [("imported", one.imported), ("own" if one.is_own_whole else "so-far", one.own)]
    shown = [(look, each) for look, each in looks if each is not None]
    each_width = width * _SHARE / 2
    first = begins + (width - each_width * len(shown)) / 2
    return [
        YearBar(
            look=look,
            written=written,
            title=title,
            x=in_percent(first + place * each_width),
            middle=in_percent(first + (place + 0.5) * each_width),
            width=in_percent(each_width * (1 if len(shown) == 1 else 0.94)),
            y=in_percent(height_of(number, top)),
            height=in_percent(GROUND - height_of(number, top)),
        )
        for place, (look, (number, written, title)) in enumerate(shown)
    ]
