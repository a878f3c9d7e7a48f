"""Calls that nobody took: who has to deal with which, and that it is done once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calls import Outcome
from app.domain.errors import NotFound
from app.domain.missed_calls import MISSED, OPEN_FOR, DealtAs
from app.domain.permissions import Role
from app.services.line import missed_calls
from app.services.line.missed_calls import AlreadyDealt
from app.services.practice_data.demo_missed import LEFT_FOR, deal_with_old
from app.storage.models import AuditEntry, CallDealtWith
from tests.services.on_duty import AT_TEN, MONDAY, hire_all
from tests.services.today_cast import ONE_MINUTE, actor, add_call

if TYPE_CHECKING:
    from sqlalchemy import Engine

ALFA, CHEF = actor(), actor(Role.MANAGER, staff=None)
NOW = AT_TEN + 60 * ONE_MINUTE


def test_the_tasks_are_the_calls_in_vain_the_earliest_first_and_yesterdays_too(session: Session) -> None:
    hire_all(session)
    later = add_call(session, AT_TEN, AT_TEN + 3 * ONE_MINUTE, Outcome.UNANSWERED)
    yesterday = add_call(session, MONDAY - 600 * ONE_MINUTE, MONDAY - 599 * ONE_MINUTE, Outcome.FAILED)
    patient = add_call(session, AT_TEN + ONE_MINUTE, AT_TEN + 2 * ONE_MINUTE, Outcome.ABANDONED)
    add_call(session, AT_TEN, AT_TEN + ONE_MINUTE - timedelta(seconds=1), Outcome.ABANDONED)
    add_call(session, AT_TEN, AT_TEN + 9 * ONE_MINUTE, Outcome.CALLBACK)
    add_call(session, AT_TEN, AT_TEN + 9 * ONE_MINUTE, Outcome.UNANSWERED, line="nationell")

    tasks = missed_calls.to_deal_with(session, ALFA, NOW)

    assert [one.id for one in tasks] == [yesterday.id, later.id, patient.id]
    assert [one.waited for one in tasks] == [ONE_MINUTE, 3 * ONE_MINUTE, ONE_MINUTE]


def test_after_a_month_nobody_is_reminded(session: Session) -> None:
    kept = add_call(session, NOW - OPEN_FOR, NOW - OPEN_FOR, Outcome.UNANSWERED)
    add_call(session, NOW - OPEN_FOR - ONE_MINUTE, NOW - OPEN_FOR, Outcome.UNANSWERED)

    assert [one.id for one in missed_calls.to_deal_with(session, ALFA, NOW)] == [kept.id]


def test_what_was_dealt_with_is_no_task_and_says_by_whom_and_how(session: Session) -> None:
    call = add_call(session, AT_TEN, AT_TEN + ONE_MINUTE, Outcome.UNANSWERED)

    missed_calls.deal_with(session, CHEF, call.id, DealtAs.DUTY_CHANGED, NOW)

    assert missed_calls.to_deal_with(session, ALFA, NOW) == []
    (dealt,) = missed_calls.dealt_since(session, ALFA, MONDAY)
    assert (dealt.call, dealt.dealt_as, dealt.at, dealt.by) == (call.id, DealtAs.DUTY_CHANGED, NOW, None)
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.account_id, entry.record, entry.fields) == (CHEF.account_id, f"call:{call.id}", "dealt_as")


def test_the_second_is_told_that_it_was_done(session: Session) -> None:
    call = add_call(session, AT_TEN, AT_TEN + ONE_MINUTE, Outcome.UNANSWERED)
    missed_calls.deal_with(session, ALFA, call.id, DealtAs.REACHED, NOW)

    with pytest.raises(AlreadyDealt) as quicker:
        missed_calls.deal_with(session, CHEF, call.id, DealtAs.NOTHING_TO_DO, NOW + ONE_MINUTE)

    assert (quicker.value.dealt.dealt_as, quicker.value.dealt.at) == (DealtAs.REACHED, NOW)
    assert session.scalars(select(CallDealtWith.dealt_as)).all() == [DealtAs.REACHED]
    assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_two_who_press_at_once_do_it_once(session: Session, engine: Engine) -> None:
    call = add_call(session, AT_TEN, AT_TEN + ONE_MINUTE, Outcome.UNANSWERED)
    number = call.id
    missed_calls.deal_with(session, ALFA, number, DealtAs.REACHED, NOW)
    session.commit()

    with Session(engine) as other, pytest.raises(AlreadyDealt):
        missed_calls.deal_with(other, CHEF, number, DealtAs.REACHED, NOW)


@pytest.mark.parametrize("what", ["another organisation's", "another line's", "taken", "not there"])
def test_nothing_else_can_be_dealt_with(session: Session, what: str) -> None:
    line, outcome = {
        "another organisation's": ("nationell", Outcome.UNANSWERED),
        "another line's": ("skaraborg", Outcome.UNANSWERED),
        "taken": ("skane", Outcome.ANSWERED),
    }.get(what, ("skane", Outcome.UNANSWERED))
    call = add_call(session, AT_TEN, AT_TEN + ONE_MINUTE, outcome, line=line)
    number = call.id + 1000 if what == "not there" else call.id

    with pytest.raises(NotFound):
        missed_calls.deal_with(session, ALFA, number, DealtAs.REACHED, NOW)

    assert session.scalars(select(CallDealtWith)).all() == []


def test_of_the_practice_calls_those_of_the_last_days_wait_for_somebody(session: Session) -> None:
    deal_with_old(session, NOW)
    new = add_call(session, NOW - LEFT_FOR, NOW - LEFT_FOR, Outcome.FAILED)
    for outcome in MISSED:
        add_call(session, NOW - LEFT_FOR - ONE_MINUTE, NOW, outcome)

    deal_with_old(session, NOW)

    assert [one.id for one in missed_calls.to_deal_with(session, ALFA, NOW)] == [new.id]
