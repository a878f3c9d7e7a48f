from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.phone import PhoneNumber
from app.services.numbering import parse_phone, written


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("070-174 06 40", "+46701740640"),
        ("0701740640", "+46701740640"),
        ("+46 (0)70 174 06 40", "+46701740640"),
        ("0046 70 174 06 40", "+46701740640"),
        (" 070\u2011174\u00a006\u00a040 ", "+46701740640"),
        ("040-34 98 00", "+4640349800"),
        ("+47 22 00 00 00", "+4722000000"),
    ],
    ids=["hyphen", "bare", "trunk zero", "00", "no-break space and hyphen", "eight digits", "foreign"],
)
def test_a_number_is_read_as_people_write_it(written: str, e164: str) -> None:
    assert parse_phone(written).e164 == e164


@pytest.mark.parametrize(
    "written",
    [
        "",
        "112",
        "070-CALLME1",
        "0701740640;ext=5",
        "0701740640/0701740641",
        "=0701740640",
        "0701",
        "0" * 50,
        "+",
        "()--",
    ],
)
def test_what_is_no_number_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(ValueError, match=r"^not a phone number$"):
        parse_phone(written)


@given(st.text() | st.text(alphabet="+0123456789 -().", max_size=45))
def test_any_text_is_a_number_or_a_value_error(written: str) -> None:
    with suppress(ValueError):
        number = parse_phone(written)

        assert number.e164.startswith("+")


@pytest.mark.parametrize(
    ("e164", "expected"),
    [("+46102235760", "010-223 57 60"), ("+4640349800", "040-34 98 00"), ("+46500498000", "0500-49 80 00")],
)
def test_a_number_is_written_as_in_its_country(e164: str, expected: str) -> None:
    assert written(PhoneNumber(e164)) == expected
