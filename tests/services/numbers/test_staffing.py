"""Staffing: which calls it is reckoned from, whom the rota gives, and that the formulas are asked the right thing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.calls import Outcome
from app.domain.errors import NotFound
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.staffing import Demand, choices, erlang_b
from app.domain.trends import Period, Span
from app.domain.week_hours import WeekHour
from app.services.numbers import staffing
from app.services.numbers.staffing import Asked
from app.storage.scope import narrow
from tests.services.counting import count_changes
from tests.services.offering import rang, was_talked
from tests.services.on_duty import SKANE, change, hire, hire_all, wall

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.numbers.staffing import Hour, Staffing

NOW = wall("2026-11-20 10:00")
WEEKS_13 = Asked(SKANE, Span.WEEKS_13)
MONDAY_AT_TEN, FRIDAY_AT_NINE = WeekHour(0, 10), WeekHour(4, 9)
MINUTES_20 = 20 * 60
TALK = timedelta(minutes=20, seconds=29.5)
"""What a talk of twenty minutes is taken for: the middle of its step of the histogram."""


def actor(*lines: str) -> Actor:
    reach = frozenset(map(LineKey, lines))
    return Actor(AccountId("övning"), None, OrganisationKey("skane"), reach, frozenset({Role.COORDINATOR}))


def shown(session: Session, policy: Policy, asked: Asked = WEEKS_13) -> Staffing:
    count_changes(session, policy)
    found = staffing.of(session, policy, actor("skane"), asked, NOW)
    assert found is not None
    return found


def mondays(number: int, clock: str = "10:30") -> list[datetime]:
    """On as many Mondays on end, the last one in the last whole week."""
    last = date(2026, 11, 9)
    return [wall(f"{last - timedelta(weeks=week)} {clock}") for week in range(number)]


@pytest.fixture
def busy(session: Session) -> Session:
    """Three on duty; 13 weeks of three calls each on Mondays at ten, one of them answered, for twenty minutes."""
    hire_all(session)
    for at in mondays(13):
        rang(session, at)
        rang(session, at + timedelta(minutes=20))
        was_talked(session, at + timedelta(minutes=29), MINUTES_20)
    # The first whole week needs a day before it on which something was counted.
    rang(session, wall("2026-08-01 10:00"))
    session.commit()
    return session


def hour(found: Staffing, at: WeekHour) -> Hour:
    return next(one for one in found.hours if one.at == at)


def test_an_hour_is_its_calls_by_its_open_time_and_those_on_duty(busy: Session, policy: Policy) -> None:
    found = shown(busy, policy)

    assert found.period == Period(date(2026, 8, 17), date(2026, 11, 15))
    assert found.rota == Period(date(2026, 11, 21), date(2026, 12, 18))
    at_ten = hour(found, MONDAY_AT_TEN)
    assert (at_ten.calls, at_ten.open_time, at_ten.specialists) == (39, timedelta(hours=13), 3)
    assert at_ten.choices == choices(Demand(3, TALK + timedelta(minutes=15)), 3)
    assert [one.at.hour for one in found.hours if one.at.weekday == 4] == list(range(9, 16))
    assert len(found.hours) == 35


def test_what_a_call_takes_is_its_talk_and_the_writing_after_it(busy: Session, policy: Policy) -> None:
    found = shown(busy, policy, Asked(SKANE, Span.WEEKS_13, timedelta(minutes=5)))

    assert (found.talks, found.talk, found.handling) == (13, TALK, TALK + timedelta(minutes=5))


def test_the_week_is_told_by_its_calls(busy: Session, policy: Policy) -> None:
    found = shown(busy, policy)

    load = 3 * ((TALK + timedelta(minutes=15)) / timedelta(hours=1))
    assert found.blocked == pytest.approx(erlang_b(load, 3))
    assert found.blocked_with_fewer == pytest.approx(erlang_b(load, 2))
    assert found.blocked_with_more == pytest.approx(erlang_b(load, 4))
    assert found.a_year(0.5) == pytest.approx(0.5 * 39 / 91 * 365)
    assert [one.at for one in found.most_pressed(3)] == [MONDAY_AT_TEN]


def test_the_fewer_calls_were_counted_the_less_is_known(busy: Session, policy: Policy) -> None:
    found = shown(busy, policy)

    low, high = hour(found, MONDAY_AT_TEN).blocked_range
    assert low < hour(found, MONDAY_AT_TEN).choices.now.blocked < high
    silent = hour(found, FRIDAY_AT_NINE)
    assert (silent.calls, silent.choices.now.blocked, silent.blocked_range[0]) == (0, 0, 0)
    assert silent.blocked_range[1] > 0


def test_calls_that_asked_for_nobody_or_came_while_it_was_closed_are_none(busy: Session, policy: Policy) -> None:
    rang(busy, mondays(1)[0], Outcome.CLOSED)
    rang(busy, mondays(1)[0], Outcome.REFERRED)
    rang(busy, mondays(1, "20:00")[0])
    rang(busy, mondays(1)[0], line="nationell")

    assert shown(busy, policy).calls == 39


@pytest.mark.parametrize("outcome", [Outcome.UNANSWERED, Outcome.CALLBACK, Outcome.FAILED])
def test_calls_that_got_nobody_asked_all_the_same(busy: Session, policy: Policy, outcome: Outcome) -> None:
    rang(busy, mondays(1)[0], outcome)

    assert shown(busy, policy).calls == 40


def test_the_hour_is_the_walls_in_summer_and_in_winter(session: Session, policy: Policy) -> None:
    hire_all(session)
    rang(session, wall("2026-08-01 10:00"))
    for day in ("2026-10-19", "2026-10-26"):
        for _ in range(20):
            was_talked(session, wall(f"{day} 10:30"), MINUTES_20)

    found = shown(session, policy)

    assert {one.at: one.calls for one in found.hours if one.calls} == {MONDAY_AT_TEN: 40}


def test_covers_that_are_agreed_on_are_counted_in(busy: Session, policy: Policy) -> None:
    change(busy, None, "alfa", begins=wall("2026-11-21 00:00"), ends=wall("2026-12-19 00:00"))
    change(busy, "gamma", None, begins=wall("2026-11-23 10:00"), ends=wall("2026-11-23 11:00"))

    found = shown(busy, policy)

    assert {one.specialists for one in found.hours} == {2}


def test_a_line_without_a_rota_turns_everybody_away(session: Session, policy: Policy) -> None:
    hire(session, "alfa")
    rang(session, wall("2026-08-01 10:00"))
    for at in mondays(13):
        for _ in range(3):
            was_talked(session, at, MINUTES_20)

    found = shown(session, policy)

    assert (found.blocked, found.blocked_with_fewer) == (1, 1)
    assert hour(found, MONDAY_AT_TEN).choices.fewer is None
    assert found.blocked_with_more < 1


def test_a_new_line_is_told_by_the_whole_weeks_that_it_has(session: Session, policy: Policy) -> None:
    rang(session, wall("2026-11-03 10:00"))
    assert shown(session, policy).period == Period(date(2026, 11, 9), date(2026, 11, 15))

    rang(session, wall("2026-11-02 00:00"))
    assert shown(session, policy).period == Period(date(2026, 11, 2), date(2026, 11, 15))


def test_too_few_calls_or_no_talk_tell_of_no_hours(session: Session, policy: Policy) -> None:
    nothing = shown(session, policy)
    assert (nothing.period, nothing.calls, nothing.hours) == (None, 0, ())
    assert nothing.a_year(1) == 0
    assert nothing.blocked == 0

    rang(session, wall("2026-11-18 10:00"))
    assert shown(session, policy).period is None

    rang(session, wall("2026-08-01 10:00"))
    for at in mondays(13):
        for _ in range(3):
            rang(session, at)
    unanswered = shown(session, policy)
    assert (unanswered.calls, unanswered.talks, unanswered.hours) == (39, 0, ())

    hire_all(session)
    was_talked(session, mondays(1)[0], MINUTES_20)
    assert shown(session, policy).hours


def test_behind_the_second_wall_it_is_the_same(busy: Session, policy: Policy) -> None:
    before = shown(busy, policy)

    narrow(busy, actor("skane"))

    assert staffing.of(busy, policy, actor("skane"), WEEKS_13, NOW) == before


def test_what_is_not_in_reach_is_not_found(busy: Session, policy: Policy) -> None:
    with pytest.raises(NotFound):
        staffing.of(busy, policy, actor("skane"), Asked(LineKey("nationell")), NOW)
    assert staffing.of(busy, policy, actor(), Asked(), NOW) is None


def test_without_a_line_it_is_the_first_in_reach(session: Session, policy: Policy) -> None:
    found = staffing.of(session, policy, actor("skane"), Asked(), NOW)

    assert found is not None
    assert found.line.key == SKANE
