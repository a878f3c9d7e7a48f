"""Which municipalities are meant by a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lines import MunicipalityCode
from app.domain.municipalities import CountyCode, Municipality
from app.reading import read_municipalities

ALL = read_municipalities()
SKANE = ALL.covered_by("12")


def suggested(text: str, catchment: frozenset[MunicipalityCode] = frozenset(), most: int = 8) -> list[str]:
    return [one.name for one in ALL.suggest(text, catchment, most)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("malmo", ["Malmö"]),
        ("MALMÖ", ["Malmö"]),
        ("malmo\u0308", ["Malmö"]),
        ("ost", ["Östersund", "Österåker", "Östhammar", "Östra Göinge"]),
        ("öst", ["Östersund", "Österåker", "Östhammar", "Östra Göinge"]),
        ("göinge", ["Östra Göinge"]),
        ("dals ed", ["Dals-Ed"]),
        ("dals-ed", ["Dals-Ed"]),
        ("  upplands   v", ["Upplands Väsby"]),
        ("upplands-bro", ["Upplands-Bro"]),
        ("are", ["Arjeplog"]),
        ("åre", ["Åre"]),
        ("sodertalje", ["Södertälje"]),
    ],
)
def test_letters_without_dots_stand_for_those_with_them(typed: str, first: list[str]) -> None:
    if typed == "are":  # Åre begins with it; Skara has it inside.
        assert suggested(typed)[0] == "Åre"
        return

    assert suggested(typed)[: len(first)] == first


def test_dots_that_were_typed_are_meant() -> None:
    assert all(name.lower().count("å") for name in suggested("å", most=290))
    assert "Ale" not in suggested("å", most=290)


def test_the_catchment_comes_first() -> None:
    assert suggested("ost", SKANE)[:2] == ["Östra Göinge", "Östersund"]


def test_a_name_that_begins_so_comes_before_a_word_and_a_word_before_what_is_inside() -> None:
    names = suggested("v", frozenset(ALL.codes), most=290)

    ranks = [0 if name[0] == "V" else 1 if " V" in name or "-V" in name else 2 for name in names]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


def test_names_stand_in_swedish_order() -> None:
    assert suggested("a", most=290).index("Arvika") < suggested("a", most=290).index("Åmål")
    assert suggested("a", most=290).index("Åtvidaberg") < suggested("a", most=290).index("Älmhult")


@pytest.mark.parametrize("typed", ["", " ", "-", "xyz", "%", "1280", "a" * 10_000])
def test_what_fits_nothing_suggests_nothing(typed: str) -> None:
    assert suggested(typed) == []


@given(st.sampled_from(sorted(ALL.codes)), st.integers(1, 30))
def test_every_municipality_is_found_by_the_beginning_of_its_name(code: MunicipalityCode, letters: int) -> None:
    one = ALL.by_code[code]

    assert one in ALL.suggest(one.name[:letters], frozenset(), 290)


@given(st.text(max_size=10), st.integers(0, 20))
def test_anything_can_be_typed_and_no_more_is_suggested_than_was_asked_for(typed: str, most: int) -> None:
    found = ALL.suggest(typed, SKANE, most)

    assert len(found) <= most
    assert len(set(found)) == len(found)


def test_a_municipality_lies_in_the_county_of_its_code() -> None:
    with pytest.raises(ValueError, match="1280 can't lie in county 01"):
        Municipality(MunicipalityCode("1280"), "Malmö", CountyCode("01"), "Stockholms län")
