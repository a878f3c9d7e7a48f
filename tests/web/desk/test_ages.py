"""How old things are, in the words of the pages: days by the calendar of the line's wall clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.web import language
from app.web.desk import ages

if TYPE_CHECKING:
    from collections.abc import Iterator

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 24, 9, 0, 30, tzinfo=STOCKHOLM)


@pytest.fixture(scope="module", autouse=True)
def _swedish() -> Iterator[None]:
    app = Flask("app")
    language.install(app)
    app.config["SESSION_COOKIE_SECURE"] = False
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("then", "waited", "waiting", "ago", "when_and_ago"),
    [
        (NOW, "mindre än en minut", "har väntat i mindre än en minut", "nyss", "09:00, nyss"),
        (
            NOW.replace(minute=0, second=29),
            "mindre än en minut",
            "har väntat i mindre än en minut",
            "nyss",
            "09:00, nyss",
        ),
        (NOW.replace(hour=8, minute=56), "4 min", "har väntat i 4 min", "för 4 min sedan", "08:56, för 4 min sedan"),
        (
            NOW.replace(hour=0),
            "9 tim 0 min",
            "har väntat i 9 tim 0 min",
            "för 9 tim 0 min sedan",
            "00:00, för 9 tim 0 min sedan",
        ),
        (NOW.replace(day=23, hour=16), "sedan i går", "har väntat sedan i går", "i går", "i går 16:00"),
        (NOW.replace(day=23, hour=1), "sedan i går", "har väntat sedan i går", "i går", "i går 01:00"),
        (
            NOW.replace(day=22, hour=23),
            "2 dagar",
            "har väntat i 2 dagar",
            "för 2 dagar sedan",
            "22 nov. 23:00, för 2 dagar sedan",
        ),
        (NOW + timedelta(seconds=20), "mindre än en minut", "har väntat i mindre än en minut", "nyss", "09:00, nyss"),
    ],
)
def test_days_are_those_of_the_calendar(then: datetime, waited: str, waiting: str, ago: str, when_and_ago: str) -> None:
    assert ages.waited(then, NOW, STOCKHOLM) == waited
    assert ages.waiting(then, NOW, STOCKHOLM) == waiting
    assert ages.ago(then, NOW, STOCKHOLM) == ago
    assert ages.when_and_ago(then, NOW, STOCKHOLM) == when_and_ago


def test_shortly_before_midnight_is_minutes_ago_just_after_it() -> None:
    midnight = NOW.replace(hour=0, minute=5)

    assert ages.waited(midnight - timedelta(minutes=15), midnight, STOCKHOLM) == "15 min"


def test_the_wall_clock_is_that_of_the_line() -> None:
    then, now = NOW.replace(hour=1), NOW.replace(hour=10)

    assert ages.ago(then, now, STOCKHOLM) == "för 9 tim 0 min sedan"
    assert ages.ago(then, now, ZoneInfo("America/New_York")) == "i går"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (NOW.replace(hour=8, minute=56), "sedan 08:56"),
        (NOW + timedelta(seconds=20), "sedan 09:00"),
        (NOW + timedelta(days=1), "övningsklockan visar i morgon 09:00"),
        (NOW + timedelta(hours=1), "övningsklockan visar 10:00"),
    ],
)
def test_nothing_goes_on_since_tomorrow(then: datetime, said: str) -> None:
    assert ages.since(then, NOW, STOCKHOLM) == said


def test_what_is_to_come_on_a_practice_clock_was_not_just_now() -> None:
    assert ages.when_and_ago(NOW + timedelta(days=1), NOW, STOCKHOLM) == "i morgon 09:00"


@given(st.timedeltas(timedelta(-3), timedelta(40)))
def test_nothing_is_no_minutes_or_days_old(passed: timedelta) -> None:
    for words in (ages.waited, ages.waiting, ages.ago, ages.when_and_ago):
        said = f" {words(NOW - passed, NOW, STOCKHOLM)} "
        assert " 0 dagar" not in said
        assert " -" not in said
        assert " i 0 min" not in said
        assert "för 0 min" not in said
