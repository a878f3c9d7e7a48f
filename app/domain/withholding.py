"""Which of the counts that are published together are shown, and which are withheld: a small one never comes out.

A count is small when it is below five, none included, or comes from fewer than five calls or consultations. Small ones
are withheld, and further ones with them wherever what is shown would else give a small one away. Both look alike.

What is guaranteed: each withheld count may, for all that is shown, be any of 0, 1, 2, 3 and 4 (``POSSIBLE``), also for
somebody who knows these rules to the letter. It holds because whether a rule is content depends on nothing but what it
shows: had every withheld count been small, the rule would have been content with the same at once. Which further count
goes is decided by the order of the list and by no number; "the smallest of the others" would say something of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FEWEST_SHOWN: Final = 5
POSSIBLE: Final = range(FEWEST_SHOWN)
"""What each withheld count may be, for all that anybody can find out."""


@dataclass(frozen=True, slots=True)
class Count:
    """A true number, and how many calls or consultations it comes from: of exposed persons these are fewer."""

    number: int = 0
    records: int = 0

    @property
    def is_large(self) -> bool:
        """Whether it may be shown, as far as it alone goes."""
        return min(self.number, self.records) >= FEWEST_SHOWN

    def __add__(self, other: Count) -> Count:
        return Count(self.number + other.number, self.records + other.records)

    def __sub__(self, other: Count) -> Count:
        return Count(self.number - other.number, self.records - other.records)


def each(number: int) -> Count:
    """So many calls, or consultations: each is one."""
    return Count(number, number)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of the parts of a total; ``None`` is withheld."""

    parts: Mapping[str, int | None]
    rest: int | None
    """All the rest of the total together: the withheld parts, and what is never a part of its own."""


def alone(count: Count) -> int | None:
    """A total that nothing else adds up to."""
    return count.number if count.is_large else None


def all_parts(total: Count, parts: Sequence[Count]) -> tuple[int | None, ...]:
    """Parts that make up the whole total, with nothing beside them, as the quarters of a year: all of them, or none.

    With one of several parts withheld, the total would give it away; with two, their sum.
    """
    are_shown = total.is_large and all(part.is_large for part in parts)
    return tuple(part.number if are_shown else None for part in parts)


def some_parts(total: Count, parts: Mapping[str, Count]) -> Shown:
    """Parts of a total that has more to it, of which nobody is told how much: what is unknown, or wasn't noted.

    The rest is a count that anybody can work out, and so is shown, and mustn't be small. As nobody knows how much of it
    was never a part, it says nothing of a single part. Where it is small, the last large part goes into it.
    """
    shown = _large(total, parts)
    while shown and not _is_rest_harmless(total, shown, parts):
        shown.popitem()
    rest = total - _sum(shown.values())
    return Shown(_shown(parts, shown), rest.number if total.is_large else None)


def overlapping_parts(total: Count, parts: Mapping[str, Count], most: int) -> Mapping[str, int | None]:
    """Parts that one and the same consultation may be in, in ``most`` of them at most: they add up to nothing.

    All that is known of their sum is its bound; there has to be room beneath it for a withheld part.
    """
    shown = _large(total, parts)
    while shown and _sum(shown.values()).number > most * total.number - max(POSSIBLE):
        shown.popitem()
    return _shown(parts, shown)


def _large(total: Count, parts: Mapping[str, Count]) -> dict[str, Count]:
    return {key: part for key, part in parts.items() if part.is_large} if total.is_large else {}


def _is_rest_harmless(total: Count, shown: Mapping[str, Count], parts: Mapping[str, Count]) -> bool:
    rest = total - _sum(shown.values())
    return rest.is_large or (rest == Count() and len(shown) == len(parts))


def _shown(parts: Mapping[str, Count], shown: Mapping[str, Count]) -> dict[str, int | None]:
    return {key: shown[key].number if key in shown else None for key in parts}


def _sum(counts: Iterable[Count]) -> Count:
    return sum(counts, Count())
