"""Bars: as high as their numbers, to a round scale, with as many words as there is room for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from app.web.desk.charts import Chart, Given, bars_path, chart

NUMBERS = st.lists(st.integers(0, 3000), min_size=1, max_size=60)


def drawn(numbers: list[int], *, year: int = 2026, first_week: int = 1) -> Chart:
    given = [
        Given(number, year + (first_week + place - 1) // 52, str((first_week + place - 1) % 52 + 1), "", is_over=True)
        for place, number in enumerate(numbers)
    ]
    return chart(given, max(numbers))


def percent(value: str) -> float:
    return float(value.removesuffix("%"))


@given(NUMBERS)
def test_a_bar_is_as_high_as_its_number_and_stays_in_the_drawing(numbers: list[int]) -> None:
    bars = drawn(numbers).bars

    highest = max(numbers) or 1
    tallest = max(percent(bar.height) for bar in bars)
    for bar, number in zip(bars, numbers, strict=True):
        assert abs(percent(bar.height) - tallest * number / highest) < 0.1
        assert percent(bar.y) + percent(bar.height) < 80
        assert percent(bar.y) >= 0
        assert percent(bar.x) + percent(bar.width) <= 100


@given(NUMBERS)
def test_the_scale_is_round_and_reaches_the_highest(numbers: list[int]) -> None:
    steps = [step.number for step in drawn(numbers).steps]

    assert steps[0] == 0
    assert steps[-1] >= max(numbers)
    assert 2 <= len(steps) <= 5
    assert str(steps[1]).strip("0") in {"1", "2", "5"}


@given(NUMBERS)
def test_small_bars_are_as_high_as_their_numbers_and_stand_in_their_places(numbers: list[int]) -> None:
    found = re.findall(r"M([\d.]+) 3000v-(\d+)h0.7v(\d+)z", bars_path(numbers, 3000))

    assert [int(up) for _, up, _ in found] == [int(down) for *_, down in found] == [one for one in numbers if one]
    assert [int(float(x)) for x, *_ in found] == [place for place, one in enumerate(numbers) if one]


def test_charts_of_several_lines_have_one_scale() -> None:
    low = chart([Given(5, 2026, "1", "", is_over=True)], 50)
    high = chart([Given(50, 2026, "1", "", is_over=True)], 50)

    assert [step.y for step in low.steps] == [step.y for step in high.steps]
    assert abs(percent(high.bars[0].height) - 10 * percent(low.bars[0].height)) < 0.1


def test_words_are_left_out_where_there_is_no_room() -> None:
    few, some, many = drawn([7] * 14), drawn([7] * 27), drawn([7] * 53)

    assert [drawing.numbers_on for drawing in (few, some, many)] == ["all", "wide", "none"]
    assert drawn([100] * 14).numbers_on == "wide"
    assert [sum(bar.label_on != "none" for bar in one.bars) for one in (few, some, many)] == [14, 27, 14]
    assert [sum(bar.label_on == "all" for bar in one.bars) for one in (few, some, many)] == [7, 7, 7]


def test_a_year_is_named_where_it_begins_if_there_is_room() -> None:
    across = drawn([1] * 26, first_week=40)
    hardly = drawn([1] * 26, first_week=50)

    assert {place: bar.year for place, bar in enumerate(across.bars) if bar.year} == {0: "2026", 13: "2027"}
    assert {place: bar.year for place, bar in enumerate(hardly.bars) if bar.year} == {3: "2027"}
