"""What is published of a year: nothing small can be worked out of all of it together."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from app.domain.public_statistics import (
    REST,
    Counted,
    Dimension,
    Row,
    Unit,
    first_year,
    last_year,
    published,
    quarters_of,
)
from app.domain.withholding import POSSIBLE, Count
from tests.domain.years_of_tests import ROWS, as_if, attacked, is_possible, some_year

PARTS, YEARS_OF_A_PART = 20, 500
"""Together 10 000 random years."""
TRIED_OF_A_YEAR = 2


def withheld(rows: tuple[Row, ...]) -> list[Row]:
    return [row for row in rows if row.number is None and row.code != REST]


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_works_out_a_withheld_count_from_all_that_is_published(part: int) -> None:
    chance = Random(part)
    for _ in range(YEARS_OF_A_PART):
        shown = published(some_year(chance), ROWS)
        found = attacked(shown)
        for row in withheld(shown):
            least, most = found.get((row.unit, row.dimension, row.code), (0, max(POSSIBLE)))

            assert least <= min(POSSIBLE), (row, shown)
            assert most >= max(POSSIBLE), (row, shown)


@pytest.mark.parametrize("part", range(PARTS))
def test_whoever_knows_the_rules_cannot_tell_a_withheld_count_from_any_other_small_one(part: int) -> None:
    chance = Random(part)
    for _ in range(YEARS_OF_A_PART):
        truth = some_year(chance)
        shown = published(truth, ROWS)
        hidden = withheld(shown)
        for row in chance.sample(hidden, min(len(hidden), TRIED_OF_A_YEAR)):
            for number in (chance.choice(POSSIBLE[:2]), max(POSSIBLE)):
                other = as_if(truth, shown, row, number)

                assert is_possible(other), (row, number, other)
                assert published(other, ROWS) == shown, (row, number)


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_that_is_shown_is_small_or_untrue(part: int) -> None:
    chance = Random(part)
    for _ in range(YEARS_OF_A_PART // 10):
        truth = some_year(chance)
        for row in published(truth, ROWS):
            if row.number is not None and row.dimension in truth.held_by and row.code != REST:
                assert row.number == truth.held_by[row.dimension][row.code]
            assert row.number is None or row.number > max(POSSIBLE) or (row.number, row.code) == (0, REST)


def test_the_shown_parts_and_the_rest_are_the_total() -> None:
    chance = Random(1)
    for _ in range(200):
        shown = published(some_year(chance), ROWS)
        totals = {row.unit: row.number for row in shown if row.dimension is Dimension.YEAR}
        for rest in (row for row in shown if row.code == REST and row.number is not None):
            table = [row.number or 0 for row in shown if (row.unit, row.dimension) == (rest.unit, rest.dimension)]
            assert sum(table) == totals[rest.unit]


def test_exposed_persons_say_nothing_of_a_type_that_is_withheld() -> None:
    held_by = {Dimension.TYPE: {"type-0": 20, "type-1": 4, "type-2": 20}}
    few, many = (Counted([44, 0, 0, 0], [0] * 4, held_by, exposed=Count(persons, 9)) for persons in (100, 101))

    assert [_exposed(few), _exposed(many)] == [100, None]


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 11, 30), 2025), (date(2026, 1, 31), 2024), (date(2026, 2, 1), 2025), (date(2026, 12, 31), 2025)],
)
def test_a_year_is_published_a_month_after_its_end(today: date, year: int) -> None:
    assert last_year(today) == year


@pytest.mark.parametrize(
    ("began", "year"), [(date(2026, 1, 1), 2026), (date(2026, 1, 31), 2026), (date(2026, 2, 1), 2027)]
)
def test_a_year_that_the_line_came_into_later_is_not_published(began: date, year: int) -> None:
    assert first_year(began) == year


def test_a_year_has_four_quarters_that_meet() -> None:
    quarters = quarters_of(2024)

    assert [(one.first, one.day_count) for one in quarters] == [
        (date(2024, 1, 1), 91),
        (date(2024, 4, 1), 91),
        (date(2024, 7, 1), 92),
        (date(2024, 10, 1), 92),
    ]


def _exposed(counted: Counted) -> int | None:
    rows = published(counted, ROWS)
    return next(row.number for row in rows if (row.unit, row.dimension) == (Unit.EXPOSED, Dimension.YEAR))
