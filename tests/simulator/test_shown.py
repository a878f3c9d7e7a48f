"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest

from app.simulator.shown import written, written_caller


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+4640349800", "040-34 98 00"),
        ("+46102235760", "010-223 57 60"),
        ("+46500498000", "0500-49 80 00"),
        ("+46701740605", "070-174 06 05"),
        ("+4684650050", "08-465 00 50"),
        ("+46846500401", "08-465 004 01"),
        ("+4798765432", "+4798765432"),
        ("anonymous", "anonymous"),
        ("", ""),
    ],
)
def test_a_number_is_written_in_its_groups(number: str, expected: str) -> None:
    assert written(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("+46701740605", "070-174 06 ••"), ("+4640349800", "040-34 98 ••"), ("anonymous", None), ("+266696687", None)],
)
def test_a_callers_number_is_written_without_its_end(number: str, expected: str | None) -> None:
    assert written_caller(number) == expected
