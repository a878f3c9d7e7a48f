"""How many callers meet all specialists busy: the formulas of A. K. Erlang (1917), for calls that come by chance.

Offered load is counted in erlangs: how many specialists would be busy on average, were there always one free. What the
formulas take for granted is said in docs/decisions/0037.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import exp, isfinite
from typing import Final

_ONE_HOUR: Final = timedelta(hours=1)
_NO_TIME: Final = timedelta()


@dataclass(frozen=True, slots=True)
class Demand:
    """What callers ask for. ``handling``: the mean time that a call takes a specialist, the writing after it included.

    Raises ``ValueError`` for fewer than no calls, endless ones, or a time that isn't longer than nothing.
    """

    calls_an_hour: float
    handling: timedelta

    def __post_init__(self) -> None:
        if not isfinite(self.calls_an_hour) or self.calls_an_hour < 0 or self.handling <= _NO_TIME:
            message = f"{self.calls_an_hour} calls an hour of {self.handling} each"
            raise ValueError(message)

    @property
    def load(self) -> float:
        """The offered load, in erlangs."""
        return self.calls_an_hour * (self.handling / _ONE_HOUR)


@dataclass(frozen=True, slots=True)
class Expected:
    """What callers meet with so many specialists on duty, in two worlds that the real one lies between.

    In the first, whoever meets all busy goes elsewhere at once (Erlang B); in the second everybody waits until somebody
    is free, however long (Erlang C).
    """

    demand: Demand
    specialists: int
    blocked: float
    """The share of calls that meets all busy, when whoever does goes elsewhere."""
    waiting: float | None
    """The share that meets all busy, when everybody waits; ``None`` where the queue would grow without end."""

    @property
    def mean_wait(self) -> timedelta | None:
        """How long a call waits on average, those counted that needn't; ``None`` where the queue grows without end."""
        if self.waiting is None:
            return None
        return self.waiting * self.demand.handling / self._spare if self.waiting else _NO_TIME

    def waits_longer_than(self, time: timedelta) -> float | None:
        """The share of calls that waits for longer than that, handling times being exponential; ``None`` as above."""
        if self.waiting is None:
            return None
        return self.waiting * exp(-self._spare * (time / self.demand.handling))

    @property
    def _spare(self) -> float:
        return self.specialists - self.demand.load


@dataclass(frozen=True, slots=True)
class Choices:
    """What one specialist fewer or more would do. ``fewer``: ``None`` where there is none to take away."""

    fewer: Expected | None
    now: Expected
    more: Expected


def expected(demand: Demand, specialists: int) -> Expected:
    """What callers meet. Raises ``ValueError`` for fewer than no specialists."""
    return Expected(demand, specialists, erlang_b(demand.load, specialists), erlang_c(demand.load, specialists))


def choices(demand: Demand, specialists: int) -> Choices:
    """The same with one fewer and one more. Raises as ``expected`` does."""
    return Choices(
        fewer=expected(demand, specialists - 1) if specialists else None,
        now=expected(demand, specialists),
        more=expected(demand, specialists + 1),
    )


def up_to(demand: Demand, most: int) -> tuple[Expected, ...]:
    """What callers meet with 1, 2 … ``most`` specialists."""
    return tuple(expected(demand, number) for number in range(1, most + 1))


def erlang_b(load: float, specialists: int) -> float:
    """The share of calls that is turned away where nobody waits. ``load``: in erlangs.

    Nobody on duty: all of them. Raises ``ValueError`` for a load or a number below zero.
    """
    _check(load, specialists)
    blocked = 1.0
    # Forwards the recursion only shrinks errors; powers and factorials would run over.
    for number in range(1, specialists + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(load: float, specialists: int) -> float | None:
    """The share of calls that waits where everybody waits; ``None`` when they bring more than can be served.

    Raises as ``erlang_b`` does.
    """
    blocked = erlang_b(load, specialists)
    if load >= specialists:
        return None
    return blocked / (1 - load / specialists * (1 - blocked))


def _check(load: float, specialists: int) -> None:
    if not isfinite(load) or load < 0 or specialists < 0:
        message = f"{load} erlangs for {specialists} specialists"
        raise ValueError(message)
