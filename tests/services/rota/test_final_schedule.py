"""Who is on duty over a period, as routing would find it at every instant of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from app.domain.errors import NotFound, RejectedInput
from app.domain.hours import Interval
from app.domain.lines import LineKey, StaffId
from app.domain.wall_clock import instant_at
from app.services.rota.final_schedule import aliases, duty_during, duty_on_days
from app.services.rota.rota_changes import agree_temporary, pause
from app.services.rota.rota_fields import Wanted, find_person
from tests.services.on_duty import (
    AT_TEN,
    MADE,
    MONDAY,
    SKANE,
    STOCKHOLM,
    TUESDAY,
    change,
    hire,
    hire_all,
    miss,
    plan,
    rung,
    wall,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

SECOND = timedelta(seconds=1)
ALL_DAY = (Interval(time(0), time(23, 59)),)


@pytest.fixture
def manned(session: Session) -> Session:
    hire_all(session)
    return session


@pytest.fixture
def always_open(policy: Policy) -> Policy:
    """The line of Skåne is open day and night."""
    schedule = policy.schedules[SKANE]
    hours = replace(schedule.hours, weekly=(ALL_DAY,) * 7)
    return replace(policy, schedules={**policy.schedules, SKANE: replace(schedule, hours=hours)})


def spans(
    session: Session, policy: Policy, begins: datetime = MONDAY, ends: datetime = TUESDAY
) -> list[tuple[str, set[str]]]:
    found = duty_during(session, policy, SKANE, begins, ends).spans
    return [
        (f"{one.begins.astimezone(STOCKHOLM):%H:%M}", {str(person.staff) for person in one.on_duty}) for one in found
    ]


def test_a_day_is_cut_where_somebody_comes_or_goes(manned: Session, policy: Policy) -> None:
    change(manned, "gamma", "alfa", AT_TEN, wall("2026-11-23 12:00"))
    miss(manned, "beta", wall("2026-11-23 11:00"), TUESDAY)
    plan(manned, begins=wall("2026-11-23 14:00"), rota="skane-backup")

    assert spans(manned, policy) == [
        ("09:00", {"alfa", "beta", "delta"}),
        ("10:00", {"gamma", "beta", "delta"}),
        ("11:00", {"gamma", "delta"}),
        ("12:00", {"alfa", "delta"}),
        ("14:00", {"alfa"}),
    ]


def test_it_says_what_routing_finds(manned: Session, policy: Policy) -> None:
    plan(manned, "gamma", "alfa", begins=AT_TEN, ends=AT_TEN + timedelta(hours=2))
    change(manned, "epsilon", "beta", AT_TEN + timedelta(hours=1), TUESDAY)
    miss(manned, "delta", AT_TEN + timedelta(hours=3), TUESDAY)

    for span in duty_during(manned, policy, SKANE, MONDAY, TUESDAY).spans:
        for at in (span.begins, span.ends - SECOND):
            assert [one.staff for one in span.on_duty] == rung(manned, policy, at)


def test_a_pause_without_an_end_leaves_gaps_and_no_time(manned: Session, policy: Policy) -> None:
    for name in ("alfa", "beta", "delta"):
        pause(manned, policy, find_person(manned, policy, name, None), None, "", now=AT_TEN)

    found = duty_during(manned, policy, SKANE, MONDAY, TUESDAY + timedelta(days=1))

    assert [gap.opens for gap in found.gaps] == [AT_TEN, TUESDAY + timedelta(hours=9)]
    assert set(found.time_on_duty.values()) == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("day", "passes"),
    [
        (date(2026, 3, 29), timedelta(minutes=30)),  # 02:30 never comes: from 03:00 on
        (date(2026, 10, 25), timedelta(hours=2)),  # 02:30 comes twice: from the first on
        (date(2026, 11, 1), timedelta(hours=1)),
    ],
)
def test_a_night_in_which_the_clock_is_set_has_no_hole_and_nothing_twice(
    manned: Session, always_open: Policy, day: date, passes: timedelta
) -> None:
    begins, ends = (instant_at(day, at, STOCKHOLM) for at in (time(2, 30), time(3, 30)))
    agree_temporary(manned, always_open, Wanted(SKANE, begins, ends), ["Gamma"], now=begins)

    found = duty_on_days(manned, always_open, SKANE, day, day)

    assert found.time_on_duty[StaffId("gamma")] == passes
    assert [(one.begins, one.ends) for one in found.spans][1] == (begins, ends)
    assert [one.ends for one in found.spans][:-1] == [one.begins for one in found.spans][1:]
    assert rung(manned, always_open, begins - SECOND)[-1] == "delta"
    assert "gamma" not in rung(manned, always_open, begins - SECOND)
    assert rung(manned, always_open, begins) == ["gamma", "delta"] == rung(manned, always_open, ends - SECOND)
    assert "gamma" not in rung(manned, always_open, ends)


def test_both_dates_are_included(manned: Session, policy: Policy) -> None:
    found = duty_on_days(manned, policy, SKANE, date(2026, 11, 23), date(2026, 11, 24))

    assert found == duty_during(manned, policy, SKANE, MONDAY, TUESDAY + timedelta(days=1))
    assert len(found.spans) == 2


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 24), date(2026, 11, 23), "to"),
        (date(2026, 11, 24), date(2027, 11, 25), "to"),
        (date(2099, 12, 1), date(2099, 12, 31), "to"),
        (date(1999, 12, 1), date(1999, 12, 31), "from"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(
    session: Session, policy: Policy, first: date, last: date, field: str
) -> None:
    with pytest.raises(RejectedInput) as refused:
        duty_on_days(session, policy, SKANE, first, last)

    assert [problem.key for problem in refused.value.problems] == [field]


def test_the_last_days_of_the_calendar_can_be_shown(session: Session, policy: Policy) -> None:
    assert duty_on_days(session, policy, SKANE, date(2099, 12, 1), date(2099, 12, 30)).gaps


def test_a_line_that_is_not_there_is_named(session: Session, policy: Policy) -> None:
    with pytest.raises(NotFound, match="malmo"):
        duty_during(session, policy, LineKey("malmo"), MONDAY, TUESDAY)


def test_only_the_aliases_of_the_organisation_are_told(manned: Session, policy: Policy) -> None:
    hire(manned, "alfa", "skaraborg", organisation="skaraborg", staff_id="other")

    assert aliases(manned, policy, LineKey("skaraborg")) == {"other": "Alfa"}


def test_a_year_takes_as_many_questions_as_a_day(manned: Session, policy: Policy) -> None:
    asked: list[str] = []
    event.listen(manned.get_bind(), "before_cursor_execute", lambda *told: asked.append(str(told[2])))

    duty_during(manned, policy, SKANE, MADE, MADE + timedelta(days=365))

    assert len([one for one in asked if not one.startswith("BEGIN")]) == 3
