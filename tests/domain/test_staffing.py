"""Erlang's formulas, against published tables and their definitions, and laws that no staffing escapes."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from math import factorial, inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.staffing import Demand, choices, erlang_b, erlang_c, expected, up_to

LOADS = st.floats(0, 200)
SPECIALISTS = st.integers(0, 60)
FORTY_MINUTES = timedelta(minutes=40)


def by_definition(load: Fraction, specialists: int) -> Fraction:
    """Erlang B as it is defined: the last term's share of the sum."""
    terms = [load**number / factorial(number) for number in range(specialists + 1)]
    return terms[-1] / sum(terms)


def waiting_by_definition(load: Fraction, specialists: int) -> Fraction:
    """Erlang C as it is defined."""
    last = load**specialists / factorial(specialists) * specialists / (specialists - load)
    return last / (sum(load**number / factorial(number) for number in range(specialists)) + last)


@pytest.mark.parametrize(
    ("load", "specialists", "blocked"),
    [
        (1.07, 2, 0.22),
        (1.07, 3, 0.07),
        (1.07, 4, 0.02),
        (1.56, 4, 0.05),
        (0.30, 2, 0.03),
    ],
)
def test_the_lines_load_as_it_was_published(load: float, specialists: int, blocked: float) -> None:
    assert round(erlang_b(load, specialists), 2) == blocked


@pytest.mark.parametrize(
    ("specialists", "load", "half_a_digit"),
    [
        (1, 0.0101, 0.00005),
        (2, 0.153, 0.0005),
        (3, 0.455, 0.0005),
        (4, 0.869, 0.0005),
        (5, 1.36, 0.005),
        (10, 4.46, 0.005),
        (20, 12.0, 0.05),
        (50, 37.9, 0.05),
    ],
)
def test_one_of_a_hundred_is_blocked_at_the_load_of_the_tables(
    specialists: int, load: float, half_a_digit: float
) -> None:
    """Tables of Erlang B for a grade of service of 1 %, as every textbook of teletraffic prints them: three digits."""
    assert erlang_b(load - half_a_digit, specialists) <= 0.01 <= erlang_b(load + half_a_digit, specialists)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 10), (107, 100), (3, 2), (5, 1), (19, 1)])
@pytest.mark.parametrize("specialists", [1, 2, 3, 7, 20, 40])
def test_both_are_what_they_are_defined_as(numerator: int, denominator: int, specialists: int) -> None:
    load = Fraction(numerator, denominator)

    assert erlang_b(float(load), specialists) == pytest.approx(float(by_definition(load, specialists)), rel=1e-12)
    waiting = erlang_c(float(load), specialists)
    if load < specialists:
        assert waiting == pytest.approx(float(waiting_by_definition(load, specialists)), rel=1e-12)
    else:
        assert waiting is None


@given(LOADS, SPECIALISTS)
def test_one_more_is_never_worse(load: float, specialists: int) -> None:
    assert 0 <= erlang_b(load, specialists + 1) <= erlang_b(load, specialists) <= 1
    now, more = erlang_c(load, specialists), erlang_c(load, specialists + 1)
    assert now is None or (more is not None and more <= now)


@given(LOADS, SPECIALISTS)
def test_whoever_waits_is_met_by_more_who_wait(load: float, specialists: int) -> None:
    waiting = erlang_c(load, specialists)

    assert waiting is None or erlang_b(load, specialists) <= waiting <= 1


@given(LOADS, st.floats(0, 20), SPECIALISTS)
def test_more_calls_never_make_it_better(load: float, further: float, specialists: int) -> None:
    assert erlang_b(load, specialists) <= erlang_b(load + further, specialists) + 1e-12


@given(st.floats(0.01, 30), st.integers(1, 40), st.floats(0, 120), st.floats(0, 120))
def test_the_longer_the_time_the_fewer_wait_for_longer(calls: float, specialists: int, one: float, more: float) -> None:
    met = expected(Demand(calls, FORTY_MINUTES), specialists)

    at_once = met.waits_longer_than(timedelta())
    shorter, longer = (
        met.waits_longer_than(timedelta(minutes=one)),
        met.waits_longer_than(timedelta(minutes=one + more)),
    )
    assert at_once == met.waiting
    assert (met.waiting is None) == (shorter is None) == (longer is None) == (met.mean_wait is None)
    assert shorter is None or longer is None or 0 <= longer <= shorter <= 1


def test_one_specialist_who_is_busy_half_of_the_time_lets_a_call_wait_as_long_as_it_takes() -> None:
    """The queue M/M/1 at a load of a half: half of the calls wait, and on average for one handling time."""
    met = expected(Demand(1.5, timedelta(minutes=20)), 1)

    assert met.demand.load == pytest.approx(0.5)
    assert met.blocked == pytest.approx(1 / 3)
    assert met.waiting == pytest.approx(0.5)
    assert met.mean_wait == timedelta(minutes=20)
    assert met.waits_longer_than(timedelta(minutes=40)) == pytest.approx(0.5 * 0.36787944117)


def test_no_calls_wait_for_nobody() -> None:
    met = expected(Demand(0, FORTY_MINUTES), 2)

    assert (met.blocked, met.waiting, met.mean_wait) == (0, 0, timedelta())
    assert met.waits_longer_than(timedelta()) == 0


def test_with_nobody_on_duty_everybody_is_turned_away_and_no_wait_is_told() -> None:
    around = choices(Demand(1, FORTY_MINUTES), 0)

    assert around.fewer is None
    assert around.now.blocked == 1
    assert around.now.waiting is None
    assert around.now.mean_wait is None
    assert around.now.waits_longer_than(FORTY_MINUTES) is None
    assert around.more.blocked < 1


def test_a_queue_that_grows_without_end_has_no_wait() -> None:
    assert erlang_c(2.0, 2) is None
    assert erlang_c(2.1, 2) is None
    assert expected(Demand(3, FORTY_MINUTES), 2).mean_wait is None


def test_one_fewer_and_one_more_stand_beside_what_is() -> None:
    demand = Demand(1.605, FORTY_MINUTES)

    around = choices(demand, 3)

    assert around.fewer is not None
    assert [round(one.blocked, 2) for one in (around.fewer, around.now, around.more)] == [0.22, 0.07, 0.02]
    assert (around.fewer, around.now, around.more) == up_to(demand, 4)[1:]


@pytest.mark.parametrize(("calls", "minutes"), [(-1, 40), (nan, 40), (inf, 40), (1, 0), (1, -5)])
def test_a_demand_that_cannot_be_is_refused(calls: float, minutes: float) -> None:
    with pytest.raises(ValueError, match="calls an hour"):
        Demand(calls, timedelta(minutes=minutes))


@pytest.mark.parametrize(("load", "specialists"), [(-0.1, 1), (nan, 1), (inf, 1), (1, -1)])
def test_a_load_that_cannot_be_is_refused(load: float, specialists: int) -> None:
    with pytest.raises(ValueError, match="erlangs for"):
        erlang_b(load, specialists)
    with pytest.raises(ValueError, match="erlangs for"):
        erlang_c(load, specialists)


def test_hundreds_of_specialists_run_nothing_over() -> None:
    assert erlang_b(1000, 1000) == pytest.approx(0.0248, abs=0.0002)
    assert erlang_b(0.0, 500) == 0
