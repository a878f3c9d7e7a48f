"""How often municipalities turn to a line: in plain words, for any numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar_periods import month_with
from app.domain.reach import Often, how_often, per_10_000, quiet_months

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("consultations", "months_with_any", "months", "often"),
    [
        (0, 0, 12, Often.NEVER),
        (1, 1, 1, Often.ONCE),
        (2, 1, 1, Often.SEVERAL),
        (2, 2, 3, Often.SEVERAL),
        (3, 3, 3, Often.REGULARLY),
        (3, 3, 6, Often.REGULARLY),
        (3, 3, 7, Often.SEVERAL),
        (90, 5, 12, Often.SEVERAL),
        (6, 6, 12, Often.REGULARLY),
    ],
)
def test_how_often_in_words(consultations: int, months_with_any: int, months: int, often: Often) -> None:
    assert how_often(consultations, months_with_any, months) is often


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_more_months_are_never_less_often(months_with_any: int, more: int, months: int) -> None:
    order = list(Often)
    fewer, many = sorted((months_with_any, more))

    assert order.index(how_often(fewer, fewer, months)) <= order.index(how_often(many, many, months))


def test_without_a_population_nothing_is_divided() -> None:
    assert per_10_000(5, None) is None
    assert per_10_000(5, 20_000) == 2.5


@pytest.mark.parametrize(
    ("last", "since", "until", "months"),
    [
        (date(2024, 3, 1), date(2020, 1, 1), date(2024, 3, 31), 0),
        (date(2024, 3, 1), date(2020, 1, 1), date(2024, 6, 30), 3),
        (date(2024, 3, 1), date(2020, 1, 1), date(2024, 6, 29), 2),
        (date(2023, 12, 1), date(2020, 1, 1), date(2024, 1, 31), 1),
        (None, date(2024, 1, 1), date(2024, 6, 30), 6),
        (None, date(2024, 1, 2), date(2024, 6, 30), 5),
        (None, date(2024, 6, 2), date(2024, 6, 30), 0),
    ],
)
def test_whole_months_without_any_are_counted(last: date | None, since: date, until: date, months: int) -> None:
    assert quiet_months(last, since, until) == months


@given(DAYS, DAYS, st.integers(0, 400))
def test_silence_never_ends_by_waiting_and_doesnt_depend_on_the_day_of_the_month(
    last: date, until: date, later: int
) -> None:
    quiet = quiet_months(last, last, until)

    assert quiet <= quiet_months(last, last, until + timedelta(days=later))
    assert quiet == quiet_months(last.replace(day=1), last, until)
    assert quiet <= quiet_months(None, last, until) <= quiet + 1
    assert 0 <= quiet_months(last, last, month_with(until).last) - quiet <= 1
