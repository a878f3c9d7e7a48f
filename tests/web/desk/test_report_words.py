"""A report in sentences: no number that wasn't counted, nothing said that the figures don't carry."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from math import isfinite
from typing import TYPE_CHECKING

import pytest
from babel.numbers import format_decimal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calendar_periods import Kind, before, year_before
from app.domain.calls import Outcome
from app.domain.lines import LineKey
from app.domain.tallies import CALLS, HELD, PERSONS, WRONG, Cell, Continued, Dimension, Promise, TallyUnit
from app.domain.trends import Period
from app.factory import create_app
from app.services.numbers.changes import change
from app.services.numbers.report_facts import SMALL, Part, ranked, ranked_of_many
from app.services.numbers.trends import Counted, Trends
from app.web.desk.number_words import DASH
from app.web.desk.reports import report_words
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from app.domain.policy import Policy

HALF = Period(date(2026, 7, 1), date(2026, 12, 31))
BEFORE, YEAR_BEFORE = before(Kind.HALF_YEAR, HALF), year_before(Kind.HALF_YEAR, HALF)
SERVICES = ("SOC", "SKOLA", "POLIS", "HSV", "OKAND")
GAPS = ("RUTIN", "KUNSKAP", "SENT", "INGEN", "GOTT", "OKAND")
MUNICIPALITIES = ("1280", "1281", "0180")


@pytest.fixture(scope="module")
def app(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(settings_with(f"sqlite:///{tmp_path_factory.mktemp('none')}/none.sqlite3", root))


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def of(unit: TallyUnit, dimension: str, numbers: dict[str, int]) -> Counter[Cell]:
    return Counter({Cell(unit, dimension, code): many for code, many in numbers.items()})


def trends(
    policy: Policy, now: Counter[Cell], then: int = 0, earlier: int = 0, since: date = date(2020, 1, 1)
) -> Trends:
    line = policy.lines["skane"]  # type: ignore[index] # a plain string will do
    return Trends(
        kind=Kind.HALF_YEAR,
        period=HALF,
        now=Counted(HALF, now),
        before=Counted(BEFORE, Counter({HELD: earlier})),
        year_before=Counted(YEAR_BEFORE, Counter({HELD: then})),
        steps=[],
        lines=[line],
        in_reach=[line],
        began={line.key: since},
        today=date(2027, 1, 10),
    )


def said(policy: Policy, now: Counter[Cell], then: int = 0, earlier: int = 0, **other: date) -> dict[str, str]:
    texts = report_words.in_each_language(trends(policy, now, then, earlier, **other))
    return {code: plain(text) for code, text in texts.items()}


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def skane() -> Counter[Cell]:
    """As the published half-year of Skåne: 193 for 22 of 33 municipalities."""
    reached = [f"12{number}" for number in (14, 30, 31, 33, 56, 57, 60, 61, 62, 63, 64, 65, 66, 67, 70, 72, 73, 75)]
    numbers = Counter({HELD: 193})
    numbers |= of(
        TallyUnit.CONSULTATION, Dimension.MUNICIPALITY, dict.fromkeys([*reached, "1276", "1277", "1278", "1280"], 5)
    )
    numbers |= of(TallyUnit.CONSULTATION, "service", {"SOC": 97, "SKOLA": 46, "POLIS": 20, "OKAND": 30})
    numbers |= of(TallyUnit.CONSULTATION, "gap", {"KUNSKAP": 68, "RUTIN": 40, "INGEN": 80})
    return numbers


def test_a_half_year_is_told_as_managers_tell_it_in_both_languages(policy: Policy) -> None:
    texts = said(policy, skane(), then=150, earlier=190)

    assert texts["sv"].startswith(
        "Under andra halvåret 2026 hölls 193 konsultationer för 22 av 33 kommuner, 29 % fler än samma halvår förra "
        "året (med 95 % säkerhet mellan 3 % och 60 % fler); mer än slumpen brukar ge.\n"
    )
    assert (
        "oftast ”Socialtjänst” (97, 50 %), därefter ”Skola, elevhälsa, förskola” (46, 24 %); okänt för 30 av 193."
        in (texts["sv"])
    )
    assert "oftast ”Kunskapsbrist, osäkerhet” (68, 35 %), därefter ”Brist på rutiner” (40, 21 %)." in texts["sv"]
    assert texts["en"].startswith(
        "In the second half of 2026, 193 consultations were held for 22 of 33 municipalities, 29% more than the same "
        "half-year last year (with 95% confidence between 3% and 60% more); more than chance would give.\n"
    )
    assert texts["sv"].splitlines()[-1].startswith("Siffrorna ger en samlad bild av det som når linjen.")


def test_beside_the_period_before_nothing_is_said_of_chance(policy: Policy) -> None:
    texts = said(policy, skane(), then=150, earlier=100)

    assert "Jämfört med perioden före: 90 % fler per dag än halvåret före; årstiden spelar in." in texts["sv"]
    assert "90% more per day than the half-year before; the time of year plays a part." in texts["en"]


@pytest.mark.parametrize(
    ("held", "then", "swedish"),
    [
        (0, 0, "Under andra halvåret 2026 hölls ingen konsultation, liksom samma halvår förra året."),
        (0, 45, "hölls ingen konsultation, mot 45 samma halvår förra året; en större skillnad än slumpen brukar ge."),
        (1, 1, "hölls 1 konsultation, lika många som samma halvår förra året."),
        (30, 30, "hölls 30 konsultationer, lika många som samma halvår förra året."),
        (30, 12, "hölls 30 konsultationer, mot 12 samma halvår förra året; mer än slumpen brukar ge."),
        (3, 2, "hölls 3 konsultationer, mot 2 samma halvår förra året; för få för att säga om det är mer än slumpen."),
        (9, 0, "hölls 9 konsultationer, mot inga samma halvår förra året; mer än slumpen brukar ge."),
    ],
)
def test_few_none_and_as_many_are_said_as_that(policy: Policy, held: int, then: int, swedish: str) -> None:
    assert swedish in said(policy, Counter({HELD: held}), then)["sv"].splitlines()[0]


def with_lines(policy: Policy, began: dict[str, date]) -> dict[str, str]:
    """The text of two lines, of which each was counted since a day of its own, or never."""
    lines = [policy.lines[LineKey(key)] for key in ("nationell", "skane")]
    found = replace(trends(policy, Counter({HELD: 50}), 40, 40), lines=lines)
    of_lines = {LineKey(key): day for key, day in began.items()}
    return {code: plain(text) for code, text in report_words.in_each_language(replace(found, began=of_lines)).items()}


def test_of_a_period_before_anything_was_counted_only_that_is_said(policy: Policy) -> None:
    one = said(policy, Counter(), since=date(2027, 1, 1))
    two = with_lines(policy, {"nationell": date(2027, 1, 1), "skane": date(2027, 2, 1)})

    assert one == {
        "sv": "Linjen räknades inte då: den räknas sedan 1 januari 2027.",
        "en": "The line wasn't counted then: it is since 1 January 2027.",
    }
    names = [policy.lines[LineKey(key)].name for key in ("nationell", "skane")]
    assert two["sv"] == (
        f"Linjerna räknades inte då. De räknas sedan: {names[0]} 1 januari 2027 och {names[1]} 1 februari 2027."
    )
    assert with_lines(policy, {})["sv"] == "Linjerna räknas inte än."


def test_a_period_counted_in_part_is_told_as_that_and_compared_with_nothing(policy: Policy) -> None:
    text = said(policy, Counter({HELD: 50}), 40, 40, since=date(2026, 12, 2))

    assert text["sv"].startswith(
        f"Linjen räknas först sedan 2 december 2026: siffrorna gäller bara 2 december {DASH} 31 december 2026 och "
        "jämförs inte med något.\nUnder de räknade dagarna av andra halvåret 2026 hölls 50 konsultationer.\n"
    )
    assert "In the counted days of the second half of 2026, 50 consultations were held.\n" in text["en"]
    assert "perioden före" not in text["sv"]


@pytest.mark.parametrize(
    ("began", "swedish"),
    [
        ({"nationell": date(2020, 1, 1), "skane": date(2020, 2, 1)}, "Under andra halvåret 2026"),
        (
            {"nationell": date(2026, 8, 1), "skane": date(2026, 8, 1)},
            f"Linjerna räknas först sedan 1 augusti 2026: siffrorna gäller bara 1 augusti {DASH} 31 december 2026",
        ),
        (
            {"nationell": date(2020, 1, 1), "skane": date(2026, 8, 1)},
            "Alla linjer räknades inte under hela perioden. De räknas sedan: {0} 1 januari 2020 och {1} 1 augusti 2026",
        ),
        (
            {"nationell": date(2020, 1, 1)},
            "Alla linjer räknades inte under hela perioden. De räknas sedan: {0} 1 januari 2020 och {1} inte än.",
        ),
    ],
)
def test_of_several_lines_it_is_said_which_was_counted_since_when(
    policy: Policy, began: dict[str, date], swedish: str
) -> None:
    names = [policy.lines[LineKey(key)].name for key in ("nationell", "skane")]

    assert with_lines(policy, began)["sv"].startswith(swedish.format(*names))


def test_what_was_not_counted_a_year_ago_is_compared_with_nothing(policy: Policy) -> None:
    text = said(policy, Counter({HELD: 50}), 40, since=date(2026, 7, 1))["sv"]

    assert text.startswith("Under andra halvåret 2026 hölls 50 konsultationer.\n")
    assert "förra året" not in text


def test_too_few_say_nothing_of_what_is_most_frequent(policy: Policy) -> None:
    numbers = Counter({HELD: 4}) | of(TallyUnit.CONSULTATION, "service", {"SOC": 4})

    text = said(policy, numbers)["sv"]

    assert "4 konsultationer är för få för att säga vad som är vanligast." in text
    assert "oftast" not in text


def test_of_few_there_are_numbers_and_no_percentages(policy: Policy) -> None:
    numbers = Counter({HELD: 19}) | of(TallyUnit.CONSULTATION, "service", {"SOC": 12, "SKOLA": 7})

    text = said(policy, numbers, then=19)["sv"]

    assert "oftast ”Socialtjänst” (12 av 19), därefter ”Skola, elevhälsa, förskola” (7 av 19)." in text
    assert "%" not in text


def test_equals_are_named_together_and_many_of_them_not_at_all(policy: Policy) -> None:
    two = Counter({HELD: 40}) | of(TallyUnit.CONSULTATION, "service", {"SOC": 20, "SKOLA": 20})
    four = Counter({HELD: 40}) | of(
        TallyUnit.CONSULTATION, "service", dict.fromkeys(("SOC", "SKOLA", "POLIS", "HSV"), 10)
    )

    assert "lika många ”Skola, elevhälsa, förskola” och ”Socialtjänst” (20, 50 % vardera)." in said(policy, two)["sv"]
    assert "4 svar är lika vanliga (10, 25 % vardera)." in said(policy, four)["sv"]


def test_what_is_mostly_unknown_is_not_told_by_what_is_known(policy: Policy) -> None:
    numbers = Counter({HELD: 40}) | of(TallyUnit.CONSULTATION, "service", {"SOC": 10, "OKAND": 25})

    text = said(policy, numbers)["sv"]

    assert "för ofta okänt för att säga mer; okänt för 30 av 40." in text
    assert "Socialtjänst" not in text


COUNTS = st.integers(0, 300)


@st.composite
def figures(draw: st.DrawFn) -> Counter[Cell]:
    """Random numbers that fit together."""
    services = {code: draw(COUNTS) for code in SERVICES}
    held, wrong = sum(services.values()) + draw(st.integers(0, 40)), draw(st.integers(0, 5))
    ages = {code: draw(COUNTS) for code in ("0_11", "15_17", "25_", "OKAND")}
    outcomes = {outcome.value: draw(COUNTS) for outcome in Outcome}
    numbers = Counter({HELD: held + wrong, WRONG: wrong, PERSONS: sum(ages.values()), CALLS: sum(outcomes.values())})
    numbers |= of(TallyUnit.CONSULTATION, "service", services)
    for group, codes in (("gap", GAPS), ("theme", ("FYS", "PSYK", "OKAND"))):
        numbers |= of(TallyUnit.CONSULTATION, group, {code: draw(st.integers(0, held)) for code in codes})
    numbers |= of(TallyUnit.CONSULTATION, Dimension.MUNICIPALITY, {code: draw(COUNTS) for code in MUNICIPALITIES})
    numbers |= of(TallyUnit.CONSULTATION, Dimension.CONTINUED, {one.value: draw(COUNTS) for one in Continued})
    numbers |= of(TallyUnit.PERSON, Dimension.AGE, ages)
    numbers |= of(TallyUnit.CALL, Dimension.OUTCOME, outcomes)
    return numbers | of(TallyUnit.FOLLOW_UP, Dimension.OUTCOME, {one.value: draw(COUNTS) for one in Promise})


def spoken_numbers(text: str) -> set[str]:
    """Every number in it, with its sign of percent; thousands are in groups."""
    grouped = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
    return {re.sub(r"[ ](?=\d{3})|,(?=\d{3})", "", found) for found in grouped.findall(text)}


def counted_numbers(found: Trends) -> set[str]:
    """Every figure, each sum that is a row of the report, and each share and change of them, as they may be said."""
    cells = [one.numbers for one in (found.now, found.before, found.year_before)]
    now = found.now
    ages = now.of(TallyUnit.PERSON, Dimension.AGE)
    services = now.of(TallyUnit.CONSULTATION, "service")
    sums = {
        now.held,
        now.held - sum(many for code, many in services.items() if code != "OKAND"),
        now.held,
        ages.get("0_11", 0) + ages.get("15_17", 0),
        ages.get("25_", 0),
        ages.get("OKAND", 0),
        sum(now.of(TallyUnit.FOLLOW_UP, Dimension.OUTCOME).values()),
        sum(now.of(TallyUnit.CONSULTATION, Dimension.CONTINUED).values()),
        len(found.lines[0].catchment),
        *range(len(MUNICIPALITIES) + 1),
        *range(1, len(SERVICES) + 1),
    }
    figures = sums | {many for one in cells for many in one.values()}
    wholes = {now.held, now.persons, now.calls, *sums}
    shares = {round(100 * part / whole) for part, whole in product(figures, wholes) if whole >= SMALL and part <= whole}
    earlier = (found.before, found.year_before)
    made_of = (change(found, HELD.unit, now.held, one, one.held) for one in earlier)
    changes = [made for made in made_of if made and made.before]
    percents = {abs(round(made.percent or 0)) for made in changes} | {1, 99} | shares
    limits = [limit for made in changes for limit in made.interval if isfinite(limit)]
    percents |= {abs(round((limit - 1) * 100)) for limit in limits}
    ratios = [*(made.ratio or 0.0 for made in changes), *limits]
    times = {format_decimal(ratio, "#,##0.#", locale="sv") for ratio in ratios}
    times |= {word.replace(",", ".") for word in times} | {str(round(ratio)) for ratio in ratios}
    constants = {"2026", "18", "95"}
    return {str(one) for one in figures | percents} | times | constants


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(figures(), COUNTS, COUNTS)
def test_every_number_in_the_text_is_one_of_the_figures(
    policy: Policy, now: Counter[Cell], then: int, earlier: int
) -> None:
    found = trends(policy, now, then, earlier)

    for code, text in report_words.in_each_language(found).items():
        labels = re.compile(r"[“”][^”]*”")
        stray = spoken_numbers(plain(labels.sub("", text))) - counted_numbers(found)
        assert not stray, (code, stray, plain(text))


@given(st.dictionaries(st.sampled_from(SERVICES), COUNTS), st.integers(0, 50))
def test_what_is_called_most_frequent_is_topped_by_nothing_that_is_known(numbers: dict[str, int], more: int) -> None:
    of_all = sum(numbers.values()) + more
    known = {code: many for code, many in numbers.items() if code != "OKAND" and many}

    one, many = ranked(numbers, of_all), ranked_of_many(numbers, of_all)

    assert one.unknown == of_all - sum(known.values())
    assert many.unknown == numbers.get("OKAND", 0)
    assert one.places == many.places
    if known:
        assert one.places[0].each == Part(max(known.values()), of_all)
        assert set(one.places[0].codes) == {code for code, number in known.items() if number == max(known.values())}
    else:
        assert not one.places
