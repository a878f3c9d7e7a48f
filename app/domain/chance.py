"""How likely counts are by chance: exact tails of the binomial and the Poisson distribution, and intervals from them.

A tail is summed from its count outwards, away from the mean: the terms only get smaller, and few of them matter. The
intervals are found by halving, so nothing is approximated. (Of the binomial: Clopper and Pearson 1934; of the Poisson:
Garwood 1936.)
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ONE_TAIL: Final = 0.025
"""By chance, a number leaves an interval of 95 % on each side so seldom."""
_AS_GOOD_AS_EQUAL: Final = 1e-11
"""How near, by share, the two sides of a crossing come to each other."""
_NEGLIGIBLE: Final = 1e-17


class Interval(NamedTuple):
    """From ``low`` to ``high``, both included; ``high`` may be infinite."""

    low: float
    high: float


def binomial_at_least(count: int, trials: int, share: float) -> float:
    """How likely ``count`` successes or more are in ``trials``, each with the chance ``share``."""
    if count <= 0:
        return 1.0
    if count > trials or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    if count <= trials * share:
        return 1 - binomial_at_least(trials - count + 1, trials, 1 - share)
    first = exp(
        lgamma(trials + 1)
        - lgamma(count + 1)
        - lgamma(trials - count + 1)
        + count * log(share)
        + (trials - count) * log1p(-share)
    )
    odds = share / (1 - share)
    return min(1.0, _summed(first, ((trials - one) / (one + 1) * odds for one in range(count, trials))))


def binomial_at_most(count: int, trials: int, share: float) -> float:
    """How likely ``count`` successes or fewer are."""
    return binomial_at_least(trials - count, trials, 1 - share)


def poisson_at_least(count: int, mean: float) -> float:
    """How likely ``count`` events or more are where ``mean`` are expected."""
    if count <= 0:
        return 1.0
    if count <= mean:
        return 1 - poisson_at_most(count - 1, mean)
    return _summed(_poisson(count, mean), _falling(mean, count)) if mean > 0 else 0.0


def poisson_at_most(count: int, mean: float) -> float:
    """How likely ``count`` events or fewer are."""
    if count < 0:
        return 0.0
    if count >= mean:
        return 1 - poisson_at_least(count + 1, mean)
    return _summed(_poisson(count, mean), (one / mean for one in range(count, 0, -1)))


@lru_cache(maxsize=4096)
def share_interval(count: int, trials: int) -> Interval:
    """The chances that ``count`` of ``trials`` speaks for, with 95 % confidence at least."""
    low = _crossing(lambda share: binomial_at_least(count, trials, share) < ONE_TAIL, 0, 1) if count else 0.0
    high = _crossing(lambda share: binomial_at_most(count, trials, share) >= ONE_TAIL, 0, 1) if count < trials else 1.0
    return Interval(low, high)


@lru_cache(maxsize=4096)  # a page asks for the same small counts again and again
def count_interval(count: int) -> Interval:
    """The expected numbers that one ``count`` of events speaks for, with 95 % confidence at least."""
    # Far enough: beyond, the tail of any count is less than a millionth.
    furthest = 2 * count + 20
    low = _crossing(lambda mean: poisson_at_least(count, mean) < ONE_TAIL, 0, count) if count else 0.0
    return Interval(low, _crossing(lambda mean: poisson_at_most(count, mean) >= ONE_TAIL, count, furthest))


def odds_of(share: float) -> float:
    """How many to one; infinite for what is certain."""
    return share / (1 - share) if share < 1 else inf


def _poisson(count: int, mean: float) -> float:
    return exp(count * log(mean) - mean - lgamma(count + 1))


def _falling(mean: float, count: int) -> Iterable[float]:
    while True:
        count += 1
        yield mean / count


def _summed(first: float, factors: Iterable[float]) -> float:
    """A term, and those after it: each is the one before times its factor."""
    total = term = first
    for factor in factors:
        term *= factor
        total += term
        if term <= total * _NEGLIGIBLE:
            break
    return total


def _crossing(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Where ``is_below``, which holds at ``low``, ceases to."""
    while high - low > high * _AS_GOOD_AS_EQUAL:
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2
