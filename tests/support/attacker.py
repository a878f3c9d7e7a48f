"""Somebody who works out what was withheld: sets up every sum that is known, eliminates, and narrows what is left.

Independent of how it was withheld: it knows what was published, and what adds up to what. All of it is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    Name = Hashable
    Sum = tuple[dict[Name, int], int]
    """Unknowns with their factors, and what they come to."""

MOST = 10**9
"""More than anything that is counted."""


@dataclass
class Attacker:
    """``sums``: what adds up to how much. Every unknown is a whole number, and not negative."""

    sums: list[Sum] = field(default_factory=list)

    def knows(self, parts: Iterable[Name], total: Name, known: Mapping[Name, int]) -> None:
        """That the parts add up to the total; ``known``: what was published, by name. A number is its own name."""
        unknown: dict[Name, int] = {}
        right = 0
        for name, sign in [*((part, 1) for part in parts), (total, -1)]:
            number = name if isinstance(name, int) else known.get(name)
            if number is None:
                unknown[name] = unknown.get(name, 0) + sign
            else:
                right -= sign * number
        self.sums.append((unknown, right))

    def found(self) -> dict[Name, tuple[int, int]]:
        """From what to what each unknown may be; one that isn't there is in no sum."""
        sums = [*self.sums, *self._eliminated()]
        bounds = {name: (0, MOST) for factors, _ in sums for name in factors}
        while sum(_narrow(one, bounds) for one in sums):
            pass
        return bounds

    def _eliminated(self) -> list[Sum]:
        """The same sums, the first unknown of each in no other (Gauss and Jordan)."""
        rest = [one for one in self.sums if one[0]]
        done: list[Sum] = []
        while rest:
            one = rest.pop()
            pivot = next(iter(one[0]))
            done = [*(_without(pivot, other, one) for other in done), one]
            rest = [left for left in (_without(pivot, other, one) for other in rest) if left[0]]
        return done


def _without(pivot: Name, of: Sum, one: Sum) -> Sum:
    if pivot not in of[0]:
        return of
    times, less = one[0][pivot], of[0][pivot]
    mixed = {name: times * of[0].get(name, 0) - less * one[0].get(name, 0) for name in {**of[0], **one[0]}}
    right = times * of[1] - less * one[1]
    shared = gcd(right, *mixed.values()) or 1
    return {name: factor // shared for name, factor in mixed.items() if factor}, right // shared


def _narrow(one: Sum, bounds: dict[Name, tuple[int, int]]) -> bool:
    """Each unknown against the most and the least that all the others can be; whether that said something new."""
    factors, right = one
    ends = {name: sorted(factor * end for end in bounds[name]) for name, factor in factors.items()}
    least, most = (sum(end[side] for end in ends.values()) for side in (0, 1))
    news = False
    for name, factor in factors.items():
        # What is left for this one, when the others are as large, and as small, as they can be.
        left = (right - (most - ends[name][1]), right - (least - ends[name][0]))
        low, high = left if factor > 0 else (-left[1], -left[0])
        new = (max(bounds[name][0], -(-low // abs(factor))), min(bounds[name][1], high // abs(factor)))
        news = news or new != bounds[name]
        bounds[name] = new
        least, most = least - ends[name][0], most - ends[name][1]
        ends[name] = sorted(factor * end for end in new)
        least, most = least + ends[name][0], most + ends[name][1]
    return news
