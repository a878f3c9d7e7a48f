"""Tails of two distributions, against sums of fractions; and the intervals, against published ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise
from math import comb, exp, factorial, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import chance

HALF, A_QUARTER = Fraction(1, 2), Fraction(1, 4)
SHARES = [HALF, A_QUARTER, Fraction(90, 181), Fraction(62, 125), Fraction(1, 20), Fraction(99, 100)]


@pytest.mark.parametrize("share", SHARES, ids=str)
@pytest.mark.parametrize("trials", [1, 2, 3, 10, 47, 160])
def test_the_tails_of_a_binomial_are_the_sums_of_its_terms(share: Fraction, trials: int) -> None:
    terms = [comb(trials, one) * share**one * (1 - share) ** (trials - one) for one in range(trials + 1)]

    at_most = [chance.binomial_at_most(count, trials, float(share)) for count in range(trials + 1)]
    at_least = [chance.binomial_at_least(count, trials, float(share)) for count in range(trials + 1)]

    assert at_most == pytest.approx([float(one) for one in accumulate(terms)], rel=1e-9, abs=1e-15)
    assert at_least == pytest.approx([float(one) for one in accumulate(terms[::-1])][::-1], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("mean", [0.1, 1.0, 3.7, 20.0, 120.0])
def test_the_tails_of_a_poisson_are_the_sums_of_its_terms(mean: float) -> None:
    terms = [Fraction(mean) ** one / factorial(one) for one in range(200)]
    sums = [float(one) * exp(-mean) for one in accumulate(terms)]

    for count in range(150):
        assert chance.poisson_at_most(count, mean) == pytest.approx(sums[count], rel=1e-9)
        assert chance.poisson_at_least(count + 1, mean) == pytest.approx(1 - sums[count], abs=1e-12)


def test_what_cannot_be_is_never_and_what_must_be_is_always() -> None:
    assert chance.binomial_at_least(0, 5, 0.5) == 1
    assert chance.binomial_at_least(6, 5, 0.5) == 0
    assert chance.binomial_at_most(-1, 5, 0.5) == 0
    assert chance.binomial_at_most(5, 5, 0.5) == 1
    assert chance.binomial_at_least(3, 5, 0.0) == 0
    assert chance.binomial_at_least(3, 5, 1.0) == 1
    assert chance.poisson_at_least(0, 3.0) == 1
    assert chance.poisson_at_least(1, 0.0) == 0
    assert chance.poisson_at_most(-1, 3.0) == 0
    assert chance.poisson_at_most(0, 0.0) == 1


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.689),
        (1, 0.025, 5.572),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
        (50, 37.111, 65.919),
        (100, 81.364, 121.627),
    ],
)
def test_the_interval_of_a_count_is_that_of_garwoods_table(count: int, low: float, high: float) -> None:
    assert chance.count_interval(count) == pytest.approx((low, high), abs=0.0006)


@pytest.mark.parametrize(
    ("count", "trials", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_the_interval_of_a_share_is_that_of_newcombes_table(count: int, trials: int, low: float, high: float) -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, the exact method."""
    assert chance.share_interval(count, trials) == pytest.approx((low, high), abs=0.00006)


@given(st.integers(0, 2000))
def test_at_the_ends_of_an_interval_the_count_is_just_not_too_rare(count: int) -> None:
    low, high = chance.count_interval(count)

    assert chance.poisson_at_most(count, high) == pytest.approx(chance.ONE_TAIL, rel=1e-6)
    assert low == 0 if count == 0 else chance.poisson_at_least(count, low) == pytest.approx(chance.ONE_TAIL, rel=1e-6)


def test_more_events_speak_for_more() -> None:
    for one, another in pairwise(chance.count_interval(count) for count in range(300)):
        assert one.low < another.low
        assert one.high < another.high


def test_odds_of_what_is_certain_have_no_end() -> None:
    assert chance.odds_of(0.75) == pytest.approx(3)
    assert chance.odds_of(1.0) == inf
