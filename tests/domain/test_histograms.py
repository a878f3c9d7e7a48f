"""What a histogram of times says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.histograms import STEPS, gathered, mean_seconds, quantile, step_of


@given(st.lists(st.integers(0, 7000), min_size=2, max_size=200), st.sampled_from((5, 9)))
def test_a_quantile_of_the_histogram_is_that_of_the_times_but_for_its_steps(times: list[int], tenths: int) -> None:
    histogram = Counter(map(step_of, times))

    found = quantile(histogram, tenths / 10)

    assert found is not None
    times.sort()
    exact = times[max(0, -(-len(times) * tenths // 10) - 1)]
    width = next(after - before for before, after in pairwise(STEPS) if before <= exact < after)
    assert abs(found - exact) <= width


def test_no_times_have_no_quantile() -> None:
    assert quantile({}, 0.5) is None


@given(st.lists(st.integers(0, 9000)), st.sets(st.sampled_from(STEPS[1:])))
def test_wider_steps_hold_the_same_times(times: list[int], inner: set[int]) -> None:
    begins = [0, *sorted(inner)]

    found = gathered(Counter(map(step_of, times)), begins)

    ends = [*begins[1:], 10_000]
    assert found == [sum(a <= one < b for one in times) for a, b in zip(begins, ends, strict=True)]


@given(st.lists(st.integers(0, STEPS[-1]), min_size=1))
def test_the_mean_of_the_histogram_is_that_of_the_times_but_for_its_steps(times: list[int]) -> None:
    widest = max(ends - begins for begins, ends in pairwise(STEPS))

    found = mean_seconds(Counter(step_of(seconds) for seconds in times))

    assert found == pytest.approx(fmean(times), abs=widest / 2)


@pytest.mark.parametrize(("seconds", "mean"), [(0, 0), (9, 9), (10, 12), (1200, 1229.5), (1259, 1229.5), (7200, 7200)])
def test_a_time_is_taken_to_be_in_the_middle_of_its_step(seconds: int, mean: float) -> None:
    assert mean_seconds({step_of(seconds): 3}) == mean


def test_no_times_have_no_mean() -> None:
    assert mean_seconds({}) is None
