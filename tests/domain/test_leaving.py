"""What leaves the team: bands, parts of ages, no conversion beside a place, and persons of whole months alone."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import leaving
from app.domain.calendar_periods import Step, parts_of
from app.domain.channels import Channel
from app.domain.consultations import Answers, Place, PlaceKind
from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode
from app.domain.tallies import Cell, HeldConsultation, TallyUnit, cells_of
from app.domain.taxonomy import Code, GroupKey
from app.domain.trends import Period

if TYPE_CHECKING:
    from collections.abc import Iterable

MALMO = Place(PlaceKind.MUNICIPALITY, MunicipalityCode("1280"), CountyCode("12"))
THEMES = ["KONTROLL", "PSYK", "OMV", "ANNAT", "FYS"]
MONTH = Period(date(2026, 10, 1), date(2026, 10, 31))

answers = st.builds(
    lambda themes, age, exposed: Answers(
        {GroupKey("theme"): tuple(map(Code, themes)), GroupKey("age"): (Code(age),)}, MALMO, exposed
    ),
    st.lists(st.sampled_from(THEMES), min_size=1, max_size=5, unique=True),
    st.sampled_from(["0_11", "12_14", "15_17", "18_24", "25_", "OKAND"]),
    st.none() | st.integers(0, 20),
)


def counted(many: Iterable[Answers]) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for one in many:
        for cell, number in cells_of(HeldConsultation(one, Channel.CALL)):
            found[cell] += number
    return found


@pytest.mark.parametrize(
    ("persons", "band"), [(0, "0"), (1, "1"), (2, "2_3"), (3, "2_3"), (4, "4_"), (5, "4_"), (20, "4_")]
)
def test_persons_leave_in_bands(persons: int, band: str) -> None:
    assert leaving.band_of(persons) == band


def test_fewer_than_none_is_no_number_of_persons() -> None:
    with pytest.raises(ValueError, match="-1 persons"):
        leaving.band_of(-1)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("0_11", "0_17"),
        ("12_14", "0_17"),
        ("15_17", "0_17"),
        ("0_17", "0_17"),
        ("18_24", "18_"),
        ("25_", "18_"),
        ("18_", "18_"),
        ("OKAND", "OKAND"),
        ("90_", "OKAND"),
    ],
)
def test_ages_leave_in_two_parts(code: str, part: str) -> None:
    assert leaving.age_of(code) == part


def test_of_what_nobody_answered_nothing_leaves() -> None:
    assert leaving.chosen_of(Answers()) == {}
    assert leaving.place_of(Answers()) == (None, None, None)
    assert leaving.exposed_of(Answers()) is None


@given(answers)
def test_conversion_never_leaves_and_other_themes_do(one: Answers) -> None:
    left = leaving.chosen_of(one)

    themes, before = left[GroupKey("theme")], one.chosen[GroupKey("theme")]
    assert "OMV" not in themes
    assert len(set(themes)) == len(themes)
    assert set(themes) == {"ANNAT" if code == "OMV" else code for code in before}
    assert leaving.place_of(one) == (PlaceKind.MUNICIPALITY, "1280", "12")
    assert left[GroupKey("age")][0] in {"0_17", "18_", "OKAND"}


@given(st.lists(answers, max_size=6), st.integers(0, 5))
def test_the_numbers_are_the_same_whether_a_theme_was_conversion_or_another(many: list[Answers], which: int) -> None:
    """Records and numbers together don't say which of the records had OMV, or whether any had."""

    def retold(number: int, one: Answers) -> Answers:
        themes = one.chosen[GroupKey("theme")]
        if number != which or "OMV" not in themes:
            return one
        others = tuple(dict.fromkeys(Code("ANNAT") if code == "OMV" else code for code in themes))
        return Answers({**one.chosen, GroupKey("theme"): others}, one.place, one.exposed)

    other = [retold(number, one) for number, one in enumerate(many)]

    assert leaving.numbers_of(MONTH, counted(many)) == leaving.numbers_of(MONTH, counted(other))
    assert list(map(leaving.chosen_of, many)) == list(map(leaving.chosen_of, other))


@given(st.lists(answers, max_size=6))
def test_bands_and_parts_add_up_to_what_was_counted(many: list[Answers]) -> None:
    before = counted(many)
    left = leaving.numbers_of(MONTH, before)

    for unit, dimension in {(cell.unit, cell.dimension) for cell in before if cell.dimension != "theme"}:
        assert _sum(left, unit, dimension) == _sum(before, unit, dimension)
    assert {cell.code for cell in left if cell.dimension == "exposed"} <= set(leaving.BANDS)


def _sum(numbers: Counter[Cell], unit: TallyUnit, dimension: str) -> int:
    return sum(number for cell, number in numbers.items() if cell[:2] == (unit, dimension))


@pytest.mark.parametrize(
    ("period", "has_persons"),
    [
        (MONTH, True),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), True),
        (Period(date(2026, 4, 1), date(2026, 6, 30)), True),
        (Period(date(2025, 11, 1), date(2027, 2, 28)), True),
        (Period(date(2025, 11, 1), date(2027, 2, 27)), False),
        (Period(date(2026, 10, 1), date(2026, 10, 30)), False),
        (Period(date(2026, 10, 2), date(2026, 11, 30)), False),
        (Period(date(2026, 10, 5), date(2026, 10, 11)), False),
    ],
    ids=str,
)
def test_persons_are_numbers_of_whole_months_alone(period: Period, *, has_persons: bool) -> None:
    numbers = counted([Answers({}, MALMO, 3)])

    left = leaving.numbers_of(period, numbers)

    assert (Cell(TallyUnit.PERSON, "all", "") in left) is has_persons
    assert Cell(TallyUnit.CONSULTATION, "all", "") in left


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 800), st.sampled_from(Step))
def test_the_parts_of_a_period_are_all_of_it_once(first: date, days: int, step: Step) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + days))

    parts = parts_of(step, period)

    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    assert all((after.first - one.last).days == 1 for one, after in pairwise(parts))
