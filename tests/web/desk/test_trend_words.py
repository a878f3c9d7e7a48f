"""Changes in words, in both languages: how much, compared with what, and whether chance would give it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.domain import calendar_periods as calendar
from app.domain.calendar_periods import Kind
from app.domain.comparing import Change, Unjudged
from app.factory import create_app
from app.web import language
from app.web.desk import number_words
from app.web.desk.trends import trend_words, trends_words
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

LAST_YEAR = {"sv": "samma kvartal förra året", "en": "the same quarter last year"}
CASES = [
    (
        Change(1180, 1000),
        "18 % fler än samma kvartal förra året; mer än slumpen brukar ge",
        "18% more than the same quarter last year; more than chance would give",
    ),
    (
        Change(118, 100),
        "18 % fler än samma kvartal förra året; inte mer än slumpen kan ge",
        "18% more than the same quarter last year; no more than chance would give",
    ),
    (
        Change(50, 100),
        "50 % färre än samma kvartal förra året; en större skillnad än slumpen brukar ge",
        "50% fewer than the same quarter last year; a larger difference than chance would give",
    ),
    (
        Change(95, 100),
        "5 % färre än samma kvartal förra året; ingen större skillnad än slumpen kan ge",
        "5% fewer than the same quarter last year; no larger a difference than chance would give",
    ),
    (
        Change(3, 2),
        "50 % fler än samma kvartal förra året; för få för att säga om det är mer än slumpen",
        "50% more than the same quarter last year; too few to say whether that is more than chance",
    ),
    (
        Change(1, 4),
        "75 % färre än samma kvartal förra året; för få för att säga om det är mer än slumpen",
        "75% fewer than the same quarter last year; too few to say whether that is more than chance",
    ),
    (
        Change(1019, 0),
        "1 019, mot inga samma kvartal förra året; mer än slumpen brukar ge",
        "1,019, against none in the same quarter last year; more than chance would give",
    ),
    (
        Change(0, 1019),
        "inga; samma kvartal förra året var det 1 019; en större skillnad än slumpen brukar ge",
        "none, against 1,019 in the same quarter last year; a larger difference than chance would give",
    ),
    (Change(0, 0), "inga, liksom samma kvartal förra året", "none, as in the same quarter last year"),
    (
        Change(80, 80),
        "lika många som samma kvartal förra året",
        "as many as the same quarter last year",
    ),
    (
        Change(1003, 1000),
        "under 1 % fler än samma kvartal förra året; inte mer än slumpen kan ge",
        "under 1% more than the same quarter last year; no more than chance would give",
    ),
    (
        Change(34, 10),
        "3,4 gånger så många som samma kvartal förra året; mer än slumpen brukar ge",
        "3.4 times as many as the same quarter last year; more than chance would give",
    ),
    (
        Change(296, 20),
        "15 gånger så många som samma kvartal förra året; mer än slumpen brukar ge",
        "15 times as many as the same quarter last year; more than chance would give",
    ),
    (
        Change(50, 100, 31, 62),
        "lika många per dag som samma kvartal förra året",
        "as many per day as the same quarter last year",
    ),
    (
        Change(60, 100, 31, 62),
        "20 % fler per dag än samma kvartal förra året; inte mer än slumpen kan ge",
        "20% more per day than the same quarter last year; no more than chance would give",
    ),
    (
        Change(250, 100),
        "150 % fler än samma kvartal förra året; mer än slumpen brukar ge",
        "150% more than the same quarter last year; more than chance would give",
    ),
]


@pytest.fixture
def app(root: Path, tmp_path: Path) -> Flask:
    return create_app(settings_with(f"sqlite:///{tmp_path}/none.sqlite3", root))


@pytest.fixture(params=["sv", "en"])
def spoken(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    with app.test_request_context(headers={"Cookie": f"{language.COOKIE}={request.param}"}):
        yield request.param


def plain(words: str) -> str:
    """Spaces that don't break are spaces."""
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def hyphened(words: str) -> str:
    return plain(words).replace(number_words.MINUS, "-")


@pytest.mark.parametrize(("change", "swedish", "english"), CASES, ids=[case[2] for case in CASES])
def test_a_change_is_said_with_how_much_and_whether_chance_would_give_it(
    spoken: str, change: Change, swedish: str, english: str
) -> None:
    said = plain(trend_words.said_briefly(change, LAST_YEAR[spoken]))

    assert said == {"sv": swedish, "en": english}[spoken]


@pytest.mark.parametrize(
    ("change", "swedish", "english"),
    [
        (Change(1180, 1000), "mellan 8 % och 29 % fler", "between 8% and 29% more"),
        (Change(118, 100), "mellan 10 % färre och 56 % fler", "between 10% fewer and 56% more"),
        (Change(50, 100), "mellan 29 % och 65 % färre", "between 29% and 65% fewer"),
        (
            Change(118, 100, 31, 62),
            "mellan 79 % fler och 3,1 gånger så många",
            "between 79% more and 3.1 times as many",
        ),
        (Change(1000, 100), "mellan 8,1 och 12 gånger så många", "between 8.1 and 12 times as many"),
    ],
)
def test_between_which_changes_the_true_one_lies_is_said(
    spoken: str, change: Change, swedish: str, english: str
) -> None:
    words = {"sv": f"med 95 % säkerhet {swedish}", "en": f"with 95% confidence {english}"}[spoken]

    assert plain(trend_words.ranged(change)) == words
    assert f"({words})" in plain(trend_words.said(change, LAST_YEAR[spoken]))


@pytest.mark.parametrize(
    "change",
    [
        Change(0, 0),
        Change(80, 80),
        Change(3, 2),
        Change(0, 1019),
        Change(1019, 0),
        *(Change(1180, 1000, unjudged=reason) for reason in Unjudged),
    ],
)
def test_where_no_percentage_can_be_judged_there_is_no_range(spoken: str, change: Change) -> None:
    assert spoken
    assert trend_words.ranged(change) == ""


@pytest.mark.parametrize(
    ("reason", "swedish", "english"),
    [
        (Unjudged.SEASON, "årstiden spelar in", "the time of year plays a part"),
        (
            Unjudged.SEVERAL_AT_A_TIME,
            "flera kommer åt gången, så det sägs inte om slumpen kan ge det",
            "several come at a time, so it isn't said whether chance would give that",
        ),
        (
            Unjudged.OVERLAP,
            "en del dagar är desamma, så det sägs inte om slumpen kan ge det",
            "some days are in both, so it isn't said whether chance would give that",
        ),
    ],
)
def test_what_is_not_judged_says_why(spoken: str, reason: Unjudged, swedish: str, english: str) -> None:
    said = plain(trend_words.said(Change(1180, 1000, unjudged=reason), LAST_YEAR[spoken]))

    much = {"sv": "18 % fler än samma kvartal förra året", "en": "18% more than the same quarter last year"}[spoken]
    assert said == f"{much}; {({'sv': swedish, 'en': english})[spoken]}"


@pytest.mark.parametrize(
    ("change", "swedish", "between"),
    [
        (Change(1180, 1000), "+18 %", "+8 till +29 %"),
        (Change(50, 100), "-50 %", "-65 till -29 %"),
        (Change(100, 100, 90, 92), "+2 %", "-23 till +36 %"),
        (Change(1001, 1000), "0 %", "-8 till +9 %"),
        (Change(12, 2), "+10", ""),
        (Change(1180, 1000, unjudged=Unjudged.SEASON), "+18 %", ""),
    ],
)
def test_a_cell_has_the_change_and_beside_a_mark_its_range(
    app: Flask, change: Change, swedish: str, between: str
) -> None:
    with app.test_request_context():
        assert hyphened(trend_words.short(change)) == swedish
        assert hyphened(trend_words.short_range(change)) == between


def test_the_unit_of_time_is_the_askers(spoken: str) -> None:
    per = {"sv": "per öppen dag", "en": "per open day"}[spoken]

    said = plain(trend_words.compared(Change(60, 100, 20, 40), LAST_YEAR[spoken], per))

    assert (
        said
        == {
            "sv": "20 % fler per öppen dag än samma kvartal förra året",
            "en": "20% more per open day than the same quarter last year",
        }[spoken]
    )


def test_what_rounding_does_is_said(spoken: str) -> None:
    assert trend_words.rounding().startswith({"sv": "Procenttal är avrundade", "en": "Percentages are rounded"}[spoken])


def test_numbers_are_written_as_the_language_writes_them(spoken: str) -> None:
    shares: list[tuple[Callable[[float], str], float]] = [
        (number_words.rounded_percent, 0.002),
        (number_words.rounded_percent, 0.998),
        (number_words.rounded_percent, 0.0),
        (number_words.rounded_percent, 1.0),
        (number_words.decimal, 1234.56),
        (number_words.decimal, 2.0),
        (number_words.hundredths, 1019.5),
        (number_words.short_percent, 0.002),
        (number_words.short_percent, 0.0),
        (number_words.short_percent, 0.25),
    ]

    written = [plain(write(value)) for write, value in shares]

    assert (
        written
        == {
            "sv": ["under 1 %", "över 99 %", "0 %", "100 %", "1 234,6", "2", "1 019,50", "<1 %", "0 %", "25 %"],
            "en": ["under 1%", "over 99%", "0%", "100%", "1,234.6", "2", "1,019.50", "<1%", "0%", "25%"],
        }[spoken]
    )


def test_the_week_of_a_year_ago_is_called_by_its_number(spoken: str) -> None:
    earlier = calendar.year_before(Kind.WEEK, calendar.period_with(Kind.WEEK, date(2026, 12, 30)))

    whole, part = (trends_words.year_before(Kind.WEEK, earlier, is_over=is_over) for is_over in (True, False))

    assert whole == {"sv": "vecka 52 2025", "en": "week 52 of 2025"}[spoken]
    assert part == {"sv": "lika många dagar av vecka 52 2025", "en": "as many days of week 52 of 2025"}[spoken]
