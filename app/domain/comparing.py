"""Whether a change is more than chance: two counts of events that happen one by one, such as calls or consultations.

Such counts vary even when nothing has changed: where 100 are expected, anything from 81 to 121 is nothing out of the
ordinary. Given their sum, the later of two counts is a binomial; so the change has an exact test and an exact interval,
and the two never contradict each other (docs/decisions/0036).

It says nothing of why. Events that come in bunches (one caller who rings ten times) vary more than this knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, isfinite

from app.domain.chance import ONE_TAIL, Interval, binomial_at_least, binomial_at_most, odds_of, share_interval


class Unjudged(StrEnum):
    """Why nothing is said of chance."""

    SEASON = "season"
    """The periods are of different parts of the year, which alone makes numbers differ."""
    SEVERAL_AT_A_TIME = "several_at_a_time"
    """What is counted doesn't come one by one, as the exposed persons of one consultation."""
    OVERLAP = "overlap"
    """Some days are in both periods."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events there were in one period. ``exposure``: how long it was, in days, open days or what one likes."""

    count: int
    exposure: float = 1.0

    def __post_init__(self) -> None:
        if self.count < 0 or not (isfinite(self.exposure) and self.exposure > 0):
            message = f"{self.count} events in {self.exposure}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Change:
    """From ``before`` to ``now``: numbers of events of one kind in two periods that don't overlap.

    Exposures say how long the periods were, both in the same unit. Where they differ, it is the rates that are
    compared. What is ``unjudged`` is never more than chance. Raises ``ValueError`` for a negative count, or an exposure
    that isn't positive.
    """

    now: int
    before: int
    exposure_now: float = 1.0
    exposure_before: float = 1.0
    unjudged: Unjudged | None = None

    def __post_init__(self) -> None:
        Counted(self.now, self.exposure_now)
        Counted(self.before, self.exposure_before)

    @property
    def compares_rates(self) -> bool:
        """Whether the periods weren't equally long."""
        return self.exposure_now != self.exposure_before

    @property
    def ratio(self) -> float | None:
        """How many times as many; infinite when there were none before, ``None`` when there were none at all."""
        if not self.now and not self.before:
            return None
        return self.now / self.before * self._stretch if self.before else inf

    @property
    def percent(self) -> float | None:
        """How much more, in percent; less than 0: how much fewer. ``None`` when there were none before."""
        return (self.now / self.before * self._stretch - 1) * 100 if self.before else None

    @property
    def interval(self) -> Interval:
        """The ratios that the counts speak for, with 95 % confidence at least. It means nothing where ``unjudged``."""
        low, high = share_interval(self.now, self.now + self.before) if self.now or self.before else (0.0, 1.0)
        return Interval(odds_of(low) * self._stretch, odds_of(high) * self._stretch)

    @property
    def is_more_than_chance(self) -> bool:
        """Whether equal rates give so great a difference in one of twenty comparisons at most (two-sided, exact)."""
        return self.unjudged is None and self._tail(self.now) < ONE_TAIL

    def is_more_than_chance_among(self, comparisons: int) -> bool:
        """The same where it is one of so many comparisons that are looked at together.

        None of them is then marked in nineteen of twenty such looks, if nothing has changed (Bonferroni).
        """
        if self.unjudged:
            return False
        limit = ONE_TAIL / max(comparisons, 1)
        together = self.now + self.before
        apart = self.now - together * self._share
        # No tail is longer than this (Hoeffding 1963): numbers in their thousands needn't be summed up.
        if together and exp(-2 * apart * apart / together) < limit:
            return True
        return self._tail(self.now) < limit

    @property
    def is_too_few_to_say(self) -> bool:
        """Whether no split of so few events would be more than chance."""
        return min(self._tail(0), self._tail(self.now + self.before)) >= ONE_TAIL

    @property
    def _share(self) -> float:
        """How much of both periods the later one is."""
        return self.exposure_now / (self.exposure_now + self.exposure_before)

    @property
    def _stretch(self) -> float:
        return self.exposure_before / self.exposure_now

    def _tail(self, now: int) -> float:
        """How likely the counts are so far apart, or further in that direction, when the rates are equal."""
        together = self.now + self.before
        outwards = binomial_at_least if now >= together * self._share else binomial_at_most
        return outwards(now, together, self._share)
