"""Changes between two counts: marked only when they are more than chance, and then also marked."""

from __future__ import annotations

from itertools import accumulate
from math import comb, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparing import Change, Unjudged

COUNTS = st.integers(0, 3000)
DAYS = st.integers(1, 400)
CHANGES = st.builds(Change, COUNTS, COUNTS, DAYS, DAYS)


@pytest.mark.parametrize(("days_now", "days_before"), [(1, 1), (90, 92), (62, 60), (92, 365), (365, 28)])
def test_every_change_is_marked_exactly_when_chance_gives_it_in_one_of_twenty_at_most(
    days_now: int, days_before: int
) -> None:
    """All sums up to 250, by whole numbers: no chance is rounded."""
    for together in range(251):
        terms = [comb(together, one) * days_now**one * days_before ** (together - one) for one in range(together + 1)]
        whole = (days_now + days_before) ** together
        at_most, at_least = list(accumulate(terms)), list(accumulate(terms[::-1]))[::-1]
        for now in range(together + 1):
            change = Change(now, together - now, days_now, days_before)
            assert change.is_more_than_chance == (40 * min(at_most[now], at_least[now]) < whole), change


@given(CHANGES)
def test_the_mark_and_the_interval_never_contradict_each_other(change: Change) -> None:
    low, high = change.interval

    assert change.is_more_than_chance == (not low <= 1 <= high)


@given(CHANGES)
def test_the_interval_has_the_ratio_within_it(change: Change) -> None:
    low, high = change.interval

    assert 0 <= low < high
    assert change.ratio is None or low <= change.ratio <= high


@given(CHANGES)
def test_backwards_it_is_the_same_change(change: Change) -> None:
    back = Change(change.before, change.now, change.exposure_before, change.exposure_now)

    assert back.is_more_than_chance == change.is_more_than_chance
    assert back.is_too_few_to_say == change.is_too_few_to_say
    assert back.interval.low == pytest.approx(1 / change.interval.high if change.interval.high else inf, rel=1e-6)


@given(COUNTS, COUNTS, st.sampled_from(Unjudged), st.integers(1, 50))
def test_what_is_not_judged_is_never_marked(now: int, before: int, reason: Unjudged, comparisons: int) -> None:
    change = Change(now, before, unjudged=reason)

    assert not change.is_more_than_chance
    assert not change.is_more_than_chance_among(comparisons)


@given(CHANGES, st.integers(2, 50))
def test_the_unit_of_the_exposure_does_not_matter(change: Change, times: int) -> None:
    other = Change(change.now, change.before, change.exposure_now * times, change.exposure_before * times)

    assert other.ratio == (None if change.ratio is None else pytest.approx(change.ratio))
    assert other.is_more_than_chance == change.is_more_than_chance


@given(CHANGES)
def test_what_is_too_few_to_say_is_never_marked(change: Change) -> None:
    assert not (change.is_too_few_to_say and change.is_more_than_chance)


def test_five_are_too_few_to_say_and_of_six_all_or_none_is_more_than_chance() -> None:
    assert Change(5, 0).is_too_few_to_say
    assert not Change(3, 3).is_too_few_to_say
    assert Change(6, 0).is_more_than_chance
    assert Change(0, 6).is_more_than_chance
    assert not Change(6, 1).is_more_than_chance


@pytest.mark.parametrize(
    ("now", "before", "is_marked"),
    [
        (1019, 864, True),
        (279, 236, False),
        (118, 100, False),
        (193, 150, True),
        (71, 47, True),
    ],
    ids=["a year up 18 %", "a quarter up 18 %", "18 % of a hundred", "half a year", "a month half as many again"],
)
def test_the_same_percentage_is_more_than_chance_where_there_are_many(now: int, before: int, is_marked: bool) -> None:  # noqa: FBT001 - a column of the table
    assert Change(now, before).is_more_than_chance is is_marked


def test_percent_and_ratio_say_how_much() -> None:
    assert Change(118, 100).percent == pytest.approx(18)
    assert Change(118, 100).ratio == pytest.approx(1.18)
    assert Change(45, 90, 90, 90).percent == pytest.approx(-50)
    assert Change(50, 100, 31, 62).percent == pytest.approx(0)
    assert Change(50, 100, 31, 62).compares_rates
    assert Change(0, 7).percent == -100


def test_from_nothing_there_is_no_percentage() -> None:
    assert Change(7, 0).percent is None
    assert Change(7, 0).ratio == inf
    assert Change(7, 0).interval.high == inf
    assert Change(0, 0).ratio is None
    assert Change(0, 0).interval == (0, inf)
    assert Change(0, 0).is_too_few_to_say


@pytest.mark.parametrize("wrong", [(-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, 0, 1), (1, 1, 1, -3), (1, 1, inf, 1)])
def test_nonsense_is_refused(wrong: tuple[int, int, float, float]) -> None:
    with pytest.raises(ValueError, match="events in"):
        Change(*wrong)
