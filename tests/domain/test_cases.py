"""References of cases: spoken, keyed in and written; a slip of the finger is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cases import DRAWN_FROM, Reference, reference_of, typed_reference

drawn = st.integers(DRAWN_FROM.start, DRAWN_FROM.stop - 1)


def test_the_published_example_of_the_check_digit_holds() -> None:
    # 572 is followed by 4; 13 by 0, and so neither changes what follows it.
    assert reference_of(130_572) == Reference("1305724")


@given(six=drawn)
def test_a_reference_is_read_as_it_is_written(six: int) -> None:
    reference = reference_of(six)

    assert typed_reference(str(reference)) == typed_reference(f" {reference.digits}\n") == reference
    assert int(reference.digits[:6]) == six


@given(six=drawn, place=st.integers(0, 6), digit=st.integers(0, 9))
def test_one_wrong_digit_is_noticed(six: int, place: int, digit: int) -> None:
    digits = reference_of(six).digits
    wrong = f"{digits[:place]}{digit}{digits[place + 1 :]}"

    assert (typed_reference(wrong) is None) == (wrong != digits)


@given(six=drawn, place=st.integers(0, 5))
def test_two_neighbours_that_change_places_are_noticed(six: int, place: int) -> None:
    digits = reference_of(six).digits
    swapped = f"{digits[:place]}{digits[place + 1]}{digits[place]}{digits[place + 2 :]}"

    assert (typed_reference(swapped) is None) == (swapped != digits)


@pytest.mark.parametrize(
    "typed", ["", "4", "412537", "41253711", "0125371", "412537l", "\uff14125371", "4" * 1000, "412 537 x", "-1"]
)
def test_anything_else_is_none(typed: str) -> None:
    assert typed_reference(typed) is None


@pytest.mark.parametrize("six", [99_999, 1_000_000, -412_537])
def test_only_six_digits_make_a_reference(six: int) -> None:
    with pytest.raises(ValueError, match="six digits"):
        reference_of(six)
