"""Whatever is known of municipalities goes into a file and comes back; no spreadsheet calculates with it."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from app.domain.referrals import SocialOffice
from app.reading.municipalities import read_municipalities
from app.services.csv_rows import MARK, harmless, meant, tidy
from app.services.help.office_file import office_file, read_office_file, version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2026, 11, 23)
KNOWN = read_municipalities()
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@';\",|"), max_size=40).map(tidy)
numbers = st.from_regex(r"\+?[0-9][0-9 ()/-]{0,30}", fullmatch=True).map(tidy) | st.just("")
days = st.none() | st.dates(date(2000, 1, 1), TODAY)
offices = st.lists(
    st.builds(SocialOffice, st.sampled_from(sorted(KNOWN.by_code)), numbers, words, numbers, words, days),
    max_size=30,
    unique_by=lambda one: one.municipality,
)


@given(offices, st.sampled_from(["sv", "en"]))
def test_what_goes_into_a_file_comes_back_as_it_was(rows: Sequence[SocialOffice], language: str) -> None:
    text = office_file(rows, KNOWN, language)

    read, mistakes = read_office_file(text, KNOWN, TODAY)

    assert ([one.office for one in read], mistakes) == (list(rows), ())
    assert not [one for one in read if one.is_edited and not one.office.is_empty]


@given(offices.filter(bool), offices.filter(bool))
def test_whatever_else_is_known_has_another_version(
    rows: Sequence[SocialOffice], others: Sequence[SocialOffice]
) -> None:
    one, other = rows[0], others[0]

    assert (version_of(one) == version_of(other)) == (one == other or (one.is_empty and other.is_empty))
    assert not any(character.isdigit() for character in version_of(one))


@given(offices)
def test_no_cell_of_a_file_is_a_formula(rows: Sequence[SocialOffice]) -> None:
    text = office_file(rows, KNOWN, "sv")

    cells = [
        cell for row in csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=";") for cell in row
    ]

    assert not [cell for cell in cells if cell.startswith(FORMULAS)]


@given(st.text(st.sampled_from("'=+-@a\t\r"), max_size=6) | st.text(max_size=20))
def test_a_harmless_cell_is_read_as_it_was_meant(cell: str) -> None:
    assert meant(harmless(cell)) == cell
    assert not harmless(cell).startswith(FORMULAS)
