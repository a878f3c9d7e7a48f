"""Phone numbers that don't show themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.phone import PhoneNumber, caller_number, typed_number


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_number_shows_its_last_two_digits_alone(e164: str) -> None:
    number = PhoneNumber(e164)

    for shown in (str(number), repr(number), f"{number}", number.masked):
        assert e164[1:-2] not in shown
        assert e164[-2:] in shown


@given(st.from_regex(r"[^+][0-9]{5,}", fullmatch=True))
def test_what_is_no_number_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="not a phone number") as refused:
        PhoneNumber(text)

    assert text not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        "anonymous",
        "Anonymous",
        "Restricted",
        "unknown",
        "unavailable",
        "private",
        "blocked",
        "",
        None,
        "+266696687",
        "266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
        "sip:x@y",
        "1234",
        "+46",
        "+0701740605",
    ],
)
def test_a_withheld_caller_has_no_number(given: str | None) -> None:
    assert caller_number(given) is None


def test_a_callers_number_is_taken_as_it_is() -> None:
    assert caller_number(" +46701740605 ") == PhoneNumber("+46701740605")


@pytest.mark.parametrize(
    ("digits", "e164"),
    [
        ("0701740612", "+46701740612"),
        ("0046701740612", "+46701740612"),
        ("46701740612", "+46701740612"),
        ("004512345678", "+4512345678"),
        ("", None),
        ("12", None),
        ("0" * 20, None),
        ("070*1740612", None),
        ("٠٧٠١٧٤٠٦١٢", None),
    ],
)
def test_what_a_caller_keys_in_is_read_as_people_dial(digits: str, e164: str | None) -> None:
    number = typed_number(digits)

    assert (number.e164 if number else None) == e164


@pytest.mark.parametrize(
    ("e164", "may_be_rung"),
    [
        ("+46701740605", True),
        ("+4640349800", True),
        ("+46102235760", True),
        ("+469001234567", False),
        ("+46939123456", False),
        ("+46944123456", False),
        ("+46991234567", False),
        ("+4512345678", False),
        ("+461234567890", False),
        ("+4670174060", False),
        ("+467017406055", False),
        ("+46701740", False),
    ],
)
def test_only_swedish_numbers_that_are_not_premium_are_ever_rung(e164: str, may_be_rung: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert PhoneNumber(e164).may_be_rung is may_be_rung


@pytest.mark.parametrize(("e164", "national"), [("+46102235760", "0102235760"), ("+4512345678", "+4512345678")])
def test_a_number_is_dialled_as_in_its_country(e164: str, national: str) -> None:
    assert PhoneNumber(e164).national == national


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [
        (46701740605, 46701740699, 95),
        (46406280400, 46406280499, 100),
        (46313900600, 46313900699, 100),
        (46846500400, 46846500499, 100),
        (46980319200, 46980319299, 100),
    ],
)
def test_the_series_reserved_for_fiction_are_known_from_their_first_to_their_last(
    first: int, last: int, length: int
) -> None:
    fictive = [number for number in range(first - 200, last + 200) if PhoneNumber(f"+{number}").is_fictive]

    assert (fictive[0], fictive[-1], len(fictive)) == (first, last, length)
