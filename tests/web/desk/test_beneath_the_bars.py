"""What stands beneath and above the bars of a chart over time: short enough for the bars beside it, and still true."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar_periods import steps_of
from app.domain.time_notes import TimeNote
from app.domain.trends import Period
from app.web.desk.charts import Given, chart
from app.web.desk.number_words import DASH
from app.web.desk.trends.time_marks import marks_of
from app.web.desk.trends.trends_words import beneath, step_named

if TYPE_CHECKING:
    from flask import Flask

FIVE_YEARS = Period(date(2021, 11, 1), date(2026, 11, 30))
WIDE = 5
NAMES = st.lists(st.sampled_from(["kv 1", "dec", "2026", f"okt{DASH}nov"]), max_size=30).map(
    lambda short: [(name, name) for name in short]
)


@pytest.mark.parametrize(
    ("language", "first", "last"), [("sv", ["nov", "dec"], ["okt", "nov"]), ("en", ["Nov", "Dec"], ["Oct", "Nov"])]
)
def test_a_part_of_a_quarter_is_named_by_its_months_and_not_by_its_year(
    app: Flask, language: str, first: list[str], last: list[str]
) -> None:
    steps = steps_of(FIVE_YEARS)

    with app.test_request_context(headers={"Cookie": f"radrum_language={language}"}):
        names = [step_named(step, FIVE_YEARS)[0] for step in steps]

    assert [names[0].split(DASH), names[-1].split(DASH)] == [first, last]


@given(NAMES)
def test_a_wide_name_at_an_end_takes_the_room_of_its_neighbour(names: list[tuple[str, str]]) -> None:
    shown = beneath(names)

    assert len(shown) == len(names)
    for (name, _), label in zip(names, shown, strict=True):
        assert label in {name, ""}
    ends = [*pairwise(shown)][:1] + [(last, before) for before, last in [*pairwise(shown)][-1:]]
    assert all(neighbour == "" for end, neighbour in ends if len(end) > WIDE)


def test_several_notes_of_a_bar_are_their_first_and_last_number() -> None:
    steps = [Period(date(2026, 1, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 6, 30))]
    days = [date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5), date(2026, 4, 5)]
    drawn = chart([Given(1, 2026, "kv 1", "", is_over=True), Given(1, 2026, "kv 2", "", is_over=True)], 1)

    marks = marks_of(drawn, steps, [TimeNote(day, None, "Övning") for day in days])

    assert [mark.label for mark in marks] == [f"1{DASH}3", "4"]
