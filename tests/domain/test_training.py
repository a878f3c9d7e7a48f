"""What a training occasion can be, and what a year of them comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.consultations import Place, PlaceKind
from app.domain.taxonomy import Code
from app.domain.training import LEAST_MINUTES, MOST_MINUTES, MOST_PARTICIPANTS, Occasion, Sum, TrainingKind, summed

CODES = [Code("SOC"), Code("SKOLA"), Code("POLIS")]
ONE = Occasion(date(2026, 11, 2), 20, 90, TrainingKind.LECTURE, (CODES[0],), Place(PlaceKind.UNKNOWN))
occasions = st.builds(
    Occasion,
    held_on=st.dates(date(2014, 1, 1), date(2030, 12, 31)),
    participants=st.integers(1, MOST_PARTICIPANTS),
    minutes=st.integers(LEAST_MINUTES, MOST_MINUTES),
    kind=st.sampled_from(TrainingKind),
    services=st.lists(st.sampled_from(CODES), min_size=1, unique=True).map(tuple),
    place=st.just(Place(PlaceKind.UNKNOWN)),
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"participants": 0},
        {"participants": MOST_PARTICIPANTS + 1},
        {"minutes": LEAST_MINUTES - 1},
        {"minutes": MOST_MINUTES + 1},
        {"services": ()},
        {"services": (CODES[0], CODES[0])},
    ],
    ids=str,
)
def test_an_impossible_occasion_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(ONE, **wrong)


@given(st.lists(occasions, max_size=8))
def test_the_whole_counts_each_occasion_once_and_the_parts_once_for_each_service(some: list[Occasion]) -> None:
    sums = summed(some)

    assert sums.total == Sum(len(some), sum(one.participants for one in some))
    assert sums.minutes == sum(one.minutes for one in some)
    for code in CODES:
        of_code = [one for one in some if code in one.services]
        assert sums.by_service.get(code, Sum()) == Sum(len(of_code), sum(one.participants for one in of_code))


@given(st.lists(occasions, max_size=6), st.integers(0, 6))
def test_a_year_is_what_its_parts_come_to(some: list[Occasion], cut: int) -> None:
    before, after = summed(some[:cut]), summed(some[cut:])

    assert summed(some).total == before.total + after.total
    assert summed(some).minutes == before.minutes + after.minutes
