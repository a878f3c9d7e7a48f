from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.callflow.words import closed_reason, fill, spoken_closure, spoken_digits, spoken_instant
from app.domain.hours import Closed, ClosedKind, SpecialDay
from tests.domain.callflow.cast import STOCKHOLM, WORDS

NOW = datetime(2026, 12, 23, 16, 30, tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 12, 28, 9, tzinfo=STOCKHOLM), "på måndag den 28 december klockan nio"),
        (datetime(2026, 12, 23, 17, tzinfo=STOCKHOLM), "i dag klockan sjutton"),
        (datetime(2026, 12, 24, 9, tzinfo=STOCKHOLM), "i morgon klockan nio"),
        (datetime(2026, 12, 24, 9, 30, tzinfo=STOCKHOLM), "i morgon klockan nio och trettio"),
        (datetime(2026, 12, 24, 0, 1, tzinfo=STOCKHOLM), "i morgon klockan noll och en"),
        (datetime(2027, 1, 4, 13, tzinfo=STOCKHOLM), "på måndag den 4 januari 2027 klockan tretton"),
    ],
)
def test_an_opening_is_told_as_people_tell_it(instant: datetime, words: str) -> None:
    assert spoken_instant(WORDS, instant, NOW) == words


def test_today_is_judged_on_the_wall_clock_of_the_line() -> None:
    half_past_midnight_in_stockholm = datetime(2026, 12, 27, 23, 30, tzinfo=UTC)

    words = spoken_instant(WORDS, datetime(2026, 12, 28, 9, tzinfo=STOCKHOLM), half_past_midnight_in_stockholm)

    assert words == "i dag klockan nio"


def test_tomorrow_can_be_in_another_year() -> None:
    new_years_eve = datetime(2026, 12, 31, 12, tzinfo=STOCKHOLM)

    assert spoken_instant(WORDS, new_years_eve + timedelta(days=1), new_years_eve) == "i morgon klockan tolv"


def test_minutes_without_words_are_spoken_as_digits() -> None:
    without = replace(WORDS, minute_words=())

    assert spoken_instant(without, datetime(2026, 12, 23, 17, 45, tzinfo=STOCKHOLM), NOW) == (
        "i dag klockan sjutton och 45"
    )


@pytest.mark.parametrize(
    ("closed", "spoken", "reason"),
    [
        (Closed(ClosedKind.HOLIDAY, "Juldagen"), "för att det är Juldagen", "Juldagen"),
        (Closed(ClosedKind.EVE, "Julafton"), "för att det är Julafton", "Julafton"),
        (Closed(ClosedKind.SPECIAL_DAY, "Skärtorsdagen"), "för att det är Skärtorsdagen", "Skärtorsdagen"),
        (
            Closed(ClosedKind.SPECIAL_DAY, SpecialDay.VALBORGSMASSOAFTON.value),
            "för att det är Valborgsmässoafton",
            "Valborgsmässoafton",
        ),
        (Closed(ClosedKind.DATED_CHANGE, "utbildning"), "på grund av utbildning", "utbildning"),
        (Closed(ClosedKind.DATED_CHANGE), "på grund av ändrad öppettid", "ändrad öppettid"),
        (Closed(ClosedKind.WEEKEND), "för helgen", "helg"),
        (Closed(ClosedKind.WEEKEND, "Påskdagen"), "för helgen", "helg"),
        (Closed(ClosedKind.NO_HOURS), "eftersom vi inte har öppet den här dagen", "ingen öppettid"),
        (Closed(ClosedKind.BEFORE_OPENING), "eftersom vi inte har öppnat än i dag", "före öppning"),
        (Closed(ClosedKind.BREAK), "för en paus", "paus"),
        (Closed(ClosedKind.AFTER_CLOSING), "för dagen", "efter stängning"),
    ],
)
def test_a_closure_is_told_to_the_caller_and_to_the_record(closed: Closed, spoken: str, reason: str) -> None:
    assert spoken_closure(WORDS, closed) == spoken
    assert closed_reason(WORDS, closed) == reason


def test_a_reason_that_takes_too_long_is_told_in_general_words_and_cut_in_the_record() -> None:
    endless = Closed(ClosedKind.DATED_CHANGE, "utbildning " * 18)

    assert spoken_closure(WORDS, endless) == "på grund av ändrad öppettid"
    assert len(closed_reason(WORDS, endless)) == 100


@pytest.mark.parametrize(("length", "is_spoken"), [(1, True), (60, True), (61, False)])
def test_a_reason_is_spoken_up_to_sixty_characters(length: int, is_spoken: bool) -> None:  # noqa: FBT001 - a table
    name = "x" * length

    assert (name in spoken_closure(WORDS, Closed(ClosedKind.DATED_CHANGE, name))) == is_spoken


def test_digits_are_spoken_one_by_one() -> None:
    assert spoken_digits("0701740612") == "0, 7, 0, 1, 7, 4, 0, 6, 1, 2"


def test_filling_touches_only_what_is_known_and_nothing_inside_a_value() -> None:
    assert fill("{a} {b} {c}", a="{b}", b="2") == "{b} 2 {c}"
