"""The calls of the day, each in one part; of others' calls outcome and times alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.calls import Outcome
from app.domain.permissions import Role
from app.domain.today import CallPart
from app.services.today.today_calls import calls_of_today, day_began
from tests.services.on_duty import AT_TEN, MONDAY, hire, hire_all
from tests.services.today_cast import ONE_MINUTE, actor, add_call, ring, take

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

ALFA = actor()


def test_the_calls_of_now_come_first_and_say_with_whom_they_are_and_since_when(session: Session) -> None:
    hire_all(session)
    talked = add_call(session, AT_TEN)
    take(session, talked, "alfa", AT_TEN + ONE_MINUTE)
    waiting = add_call(session, AT_TEN + ONE_MINUTE, holding_since=AT_TEN + 2 * ONE_MINUTE)
    rung = add_call(session, AT_TEN + 2 * ONE_MINUTE)
    ring(session, rung, "beta", AT_TEN + 3 * ONE_MINUTE)

    shown = calls_of_today(session, ALFA, MONDAY)

    assert [(one.id, one.part, one.who, one.is_mine, one.since) for one in shown] == [
        (talked.id, CallPart.TALKING, "Alfa", True, AT_TEN + ONE_MINUTE),
        (waiting.id, CallPart.ON_HOLD, None, False, AT_TEN + 2 * ONE_MINUTE),
        (rung.id, CallPart.RINGING, "Beta", False, AT_TEN + 2 * ONE_MINUTE),
    ]


def test_what_ended_says_how_long_the_caller_waited_and_talked_and_leads_to_the_record(session: Session) -> None:
    hire_all(session)
    call = add_call(session, AT_TEN, AT_TEN + 10 * ONE_MINUTE, Outcome.ANSWERED)
    attempt = take(session, call, "beta", AT_TEN + ONE_MINUTE, AT_TEN + 10 * ONE_MINUTE)
    in_vain = add_call(session, AT_TEN + ONE_MINUTE, AT_TEN + 3 * ONE_MINUTE, Outcome.UNANSWERED)

    vain, answered = calls_of_today(session, ALFA, MONDAY)
    attempt.dial_seconds = 500
    by_provider = calls_of_today(session, ALFA, MONDAY)[1]

    assert (answered.wait, answered.talk, answered.who) == (ONE_MINUTE, 9 * ONE_MINUTE, "Beta")
    assert answered.record is not None
    assert by_provider.talk == timedelta(seconds=500)
    assert (vain.id, vain.wait, vain.talk, vain.record) == (in_vain.id, 2 * ONE_MINUTE, None, None)


def test_a_call_that_another_organisation_answers_shows_outcome_and_times_alone(session: Session) -> None:
    hire_all(session)
    hire(session, "alfa", organisation="nationell", staff_id="of-nationell")
    ended = add_call(session, AT_TEN, AT_TEN + 9 * ONE_MINUTE, Outcome.ANSWERED)
    take(session, ended, "of-nationell", AT_TEN + ONE_MINUTE, AT_TEN + 9 * ONE_MINUTE, owner="nationell")
    talked = add_call(session, AT_TEN)
    take(session, talked, "of-nationell", AT_TEN + ONE_MINUTE, owner="nationell")

    ours = calls_of_today(session, ALFA, MONDAY)
    theirs = calls_of_today(session, actor(staff="of-nationell", organisation="nationell"), MONDAY)

    assert [(one.part, one.is_theirs, one.who, one.record, one.wait, one.talk) for one in ours] == [
        (CallPart.TALKING, True, None, None, None, None),
        (CallPart.ENDED, True, None, None, None, None),
    ]
    assert [(one.who, one.is_theirs, one.record is None) for one in theirs] == [("Alfa", False, False)] * 2


@pytest.mark.parametrize(("role", "leads"), [(Role.SPECIALIST, True), (Role.MANAGER, True), (Role.COORDINATOR, False)])
def test_only_who_reads_records_is_led_to_one(session: Session, role: Role, *, leads: bool) -> None:
    hire_all(session)
    take(session, add_call(session, AT_TEN), "alfa", AT_TEN)

    (shown,) = calls_of_today(session, actor(role, staff=None), MONDAY)

    assert (shown.record is not None) == leads


def test_yesterday_is_over_but_for_calls_that_go_on(session: Session) -> None:
    hire_all(session)
    add_call(session, MONDAY - ONE_MINUTE, MONDAY + ONE_MINUTE, Outcome.UNANSWERED)
    going_on = add_call(session, MONDAY - ONE_MINUTE)
    at_midnight = add_call(session, MONDAY, MONDAY + ONE_MINUTE, Outcome.CLOSED)

    shown = calls_of_today(session, ALFA, MONDAY)

    assert [one.id for one in shown] == [going_on.id, at_midnight.id]


def test_every_call_of_the_day_is_in_exactly_one_part(session: Session) -> None:
    hire_all(session)
    made = []
    for minute, outcome in enumerate(Outcome):
        made.append(add_call(session, AT_TEN + minute * ONE_MINUTE, AT_TEN + 60 * ONE_MINUTE, outcome))
        made.append(add_call(session, AT_TEN + minute * ONE_MINUTE, None, outcome))
    take(session, made[1], "alfa", AT_TEN)

    shown = calls_of_today(session, ALFA, MONDAY)

    assert sorted(one.id for one in shown) == sorted(call.id for call in made)
    assert {one.part for one in shown} == {CallPart.TALKING, CallPart.ENDED}


def test_a_clock_that_was_set_back_makes_no_time_less_than_nothing(session: Session) -> None:
    hire_all(session)
    call = add_call(session, AT_TEN, AT_TEN + ONE_MINUTE, Outcome.ANSWERED)
    take(session, call, "alfa", AT_TEN - ONE_MINUTE, AT_TEN - 2 * ONE_MINUTE)

    (shown,) = calls_of_today(session, ALFA, MONDAY)

    assert (shown.wait, shown.talk) == (timedelta(), timedelta())


def test_the_day_begins_at_midnight_on_the_wall(policy: Policy) -> None:
    assert day_began(policy, ALFA, AT_TEN) == MONDAY
    assert day_began(policy, actor(lines=()), AT_TEN) == AT_TEN
