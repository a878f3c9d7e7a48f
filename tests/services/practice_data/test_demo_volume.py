"""The practice calls against the model that they are drawn from. The seed is fixed, so chance is, too."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import Outcome, Source
from app.domain.hours import open_spans
from app.domain.lines import LineKey
from app.services.practice_data.demo_volume import (
    CALLS_A_CASE,
    CASES_A_YEAR,
    HOURS,
    MONTHS,
    OUT_OF_HOURS,
    WEEKDAYS,
    calls_a_month,
)
from app.storage.models import Attempt, Call
from tests.services.practice_data.cast import practice_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
CHANCE = 3.5
"""How many standard deviations count as chance."""


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with practice_data(sqlite_template, tmp_path_factory.mktemp("volume"), policy, NOW) as session:
        yield session


@pytest.fixture(scope="module")
def calls(filled: Session) -> list[Call]:
    return filled.query(Call).order_by(Call.started_at).all()


@pytest.fixture(scope="module")
def let_in(calls: list[Call]) -> list[Call]:
    return [one for one in calls if one.outcome is not Outcome.CLOSED]


def _local(call: Call) -> datetime:
    return call.started_at.astimezone(ZoneInfo("Europe/Stockholm"))


def _share_is(found: int, of: int, share: float) -> bool:
    """Whether ``found`` of ``of`` is a share of ``share``, within chance."""
    return abs(found / of - share) < CHANCE * math.sqrt(share * (1 - share) / of)


def _fit(found: Mapping[int, int], expected: Mapping[int, float]) -> bool:
    """Whether counts fit their expectation within chance: Pearson's measure, as its normal approximation."""
    measure = sum((found.get(key, 0) - mean) ** 2 / mean for key, mean in expected.items())
    freedom = len(expected) - 1
    return found.keys() <= expected.keys() and measure < freedom + CHANCE * math.sqrt(2 * freedom)


@pytest.mark.parametrize(("line", "cases"), CASES_A_YEAR.items())
def test_each_line_has_its_calls_a_year(let_in: list[Call], line: str, cases: int) -> None:
    expected = 2 * cases * CALLS_A_CASE

    assert abs(sum(one.line == line for one in let_in) - expected) < CHANCE * math.sqrt(expected)


def test_the_months_have_their_shares(let_in: list[Call]) -> None:
    expected = {month: 2 * sum(calls_a_month(LineKey(line), month) for line in CASES_A_YEAR) for month in range(1, 13)}

    assert _fit(Counter(_local(one).month for one in let_in), expected)
    assert math.isclose(sum(MONTHS), 12.1)


def test_september_is_busier_than_july(let_in: list[Call]) -> None:
    months = Counter(one.started_at.month for one in let_in)

    assert months[9] > 2 * months[7]


def test_the_weekdays_have_their_shares(let_in: list[Call], policy: Policy) -> None:
    hours = policy.schedules[next(iter(policy.schedules))].hours
    days = [NOW.date() - timedelta(days=step) for step in range(731)]
    open_days = Counter(day.weekday() for day in days if open_spans(hours, {}, day))
    weights = {weekday: number * WEEKDAYS[weekday] for weekday, number in open_days.items()}
    expected = {weekday: len(let_in) * weight / sum(weights.values()) for weekday, weight in weights.items()}

    assert _fit(Counter(one.started_at.weekday() for one in let_in), expected)


def test_the_hours_have_their_shares(let_in: list[Call]) -> None:
    expected = {hour: len(let_in) * share / sum(HOURS.values()) for hour, share in HOURS.items()}

    assert _fit(Counter(_local(one).hour for one in let_in), expected)


def test_one_call_in_five_or_six_comes_while_the_line_is_closed(calls: list[Call]) -> None:
    closed = sum(one.outcome is Outcome.CLOSED for one in calls)

    assert _share_is(closed, len(calls), OUT_OF_HOURS)
    assert 0.15 < closed / len(calls) < 0.20


def test_eight_in_a_hundred_give_up(let_in: list[Call]) -> None:
    assert _share_is(sum(one.outcome is Outcome.ABANDONED for one in let_in), len(let_in), 0.08)


def test_one_in_ten_is_of_the_wrong_target_group(let_in: list[Call]) -> None:
    for_professionals = [one for one in let_in if one.line in {"nationell", "skane"}]

    referred = sum(one.outcome is Outcome.REFERRED for one in for_professionals)

    assert _share_is(referred, len(for_professionals), 0.10)


def test_conversations_last_eighteen_minutes_by_the_median(filled: Session) -> None:
    minutes = sorted(one.dial_seconds / 60 for one in filled.query(Attempt) if one.dial_seconds)

    assert 17 < minutes[len(minutes) // 2] < 19
    assert 21 < sum(minutes) / len(minutes) < 25
    assert 48 < minutes[len(minutes) * 95 // 100] < 60


def test_every_outcome_comes_and_every_call_says_that_it_is_practice(calls: list[Call]) -> None:
    assert {one.source for one in calls} == {Source.PRACTICE}
    assert {one.outcome for one in calls} == set(Outcome) - {Outcome.IN_PROGRESS, Outcome.FAILED}
