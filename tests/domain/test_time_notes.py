"""Notes on the time axis: each stands at one step at most, and none holds a number of anybody."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar_periods import Kind, all_between, kind_of, period_with, steps_of
from app.domain.identities import IdentityKind, identities
from app.domain.time_notes import TimeNote, by_step, refused
from app.domain.trends import Period, bounds, period_between
from tests.domain.swedish_days import STOCKHOLM

DAYS = st.dates(date(2014, 1, 1), date(2040, 12, 31))
NAMED = (Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR)


@given(DAYS, st.sampled_from(NAMED), st.lists(DAYS, max_size=8))
def test_a_note_stands_at_the_step_of_its_day_and_at_no_other(day: date, kind: Kind, days: list[date]) -> None:
    period = period_with(kind, day)
    notes = [TimeNote(one, None, "Ny lag") for one in days]

    placed = by_step(notes, steps_of(period))

    assert sorted(place for places in placed for place in places) == [
        place for place, one in enumerate(days) if period.first <= one <= period.last
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ny linje i länet", set()),
        ("Ring 070-174 06 05", {IdentityKind.PHONE}),
        ("Skriv till ovning@example.se", {IdentityKind.EMAIL}),
        ("19121212-1212", {IdentityKind.PERSONNUMMER}),
    ],
)
def test_numbers_and_addresses_are_refused(text: str, kinds: set[IdentityKind]) -> None:
    assert refused(identities(text, ())) == kinds


@given(DAYS, st.sampled_from(NAMED))
def test_a_period_is_known_by_its_days_and_by_its_bounds(day: date, kind: Kind) -> None:
    period = period_with(kind, day)

    assert kind_of(period) is kind
    assert period_between(*bounds(period, STOCKHOLM), STOCKHOLM) == period


@given(DAYS, st.integers(0, 4000), st.sampled_from(NAMED))
def test_all_periods_between_two_days_follow_upon_each_other(day: date, more: int, kind: Kind) -> None:
    last = day + timedelta(days=more)

    found = all_between(kind, day, last)

    assert found[0] == period_with(kind, day)
    assert found[-1] == period_with(kind, last)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))


def test_days_of_ones_own_choice_are_no_kind_of_calendar_period() -> None:
    assert kind_of(Period(date(2026, 1, 2), date(2026, 3, 31))) is Kind.OWN
