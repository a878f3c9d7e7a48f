"""Numbers for people: what is shown, what is dialled, and what can still be relied on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.lines import MunicipalityCode
from app.domain.referrals import Freshness, SocialOffice, Words, dialled, freshness

TODAY = date(2026, 11, 30)
SHIPPED = Words("Polisen", "114 14", "", "Alla", "")


def test_words_over_the_shipped_ones_say_what_they_say_and_nothing_else() -> None:
    ours = Words(number="070-174 06 40", whom="")

    shown = ours.over(SHIPPED)

    assert shown == Words("Polisen", "070-174 06 40", "", "", "")


def test_words_without_anything_shipped_are_whole() -> None:
    assert Words(name="Övning").over(Words()) == Words("Övning", "", "", "", "")


def test_what_is_as_shipped_is_not_kept() -> None:
    typed = Words("Polisen", "070-174 06 40", "", "", "Ny")

    kept = typed.but_for(SHIPPED)

    assert kept == Words(None, "070-174 06 40", None, "", "Ny")
    assert kept.over(SHIPPED) == typed


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("020-50 50 50", "020505050"),
        ("+46 8-405 50 05", "+4684055005"),
        ("116 111", "116111"),
        ("1177", "1177"),
        ("112", ""),
        ("", ""),
        ("växeln 0500-49 80 00", ""),
    ],
)
def test_a_number_is_dialled_as_it_is_written_but_for_the_one_that_a_slip_would_ring(number: str, wanted: str) -> None:
    assert dialled(number) == wanted


@pytest.mark.parametrize(("days", "wanted"), [(0, Freshness.VERIFIED), (365, Freshness.VERIFIED), (366, Freshness.OLD)])
def test_what_was_verified_more_than_a_year_ago_is_old(days: int, wanted: Freshness) -> None:
    assert freshness(TODAY - timedelta(days=days), TODAY) is wanted


def test_what_nobody_verified_is_to_be_verified() -> None:
    assert freshness(None, TODAY) is Freshness.UNVERIFIED


@pytest.mark.parametrize("known", ["number", "hours", "day_number", "note"])
def test_a_municipality_of_which_anything_is_known_is_not_empty(known: str) -> None:
    malmo = MunicipalityCode("1280")

    assert SocialOffice(malmo, verified_on=TODAY).is_empty
    assert not SocialOffice(malmo, **{known: "1"}).is_empty  # type: ignore[arg-type] # a text, whichever it is
