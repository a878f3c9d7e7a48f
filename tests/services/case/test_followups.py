"""Follow-ups: promised, moved, tried, done; whoever is responsible for the case has them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.cases import CaseEnd, HandOver
from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.followups import FollowUpEnd, FollowUpEventKind, FollowUpState, Moved
from app.domain.lines import StaffId
from app.services.case import cases, followups
from app.services.case.cases import HandingOver
from app.storage.models import DatedHours, FollowUpEvent
from tests.services.case.test_cases import ALFA, BETA, ELSEWHERE, NOW, people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy
    from app.services.case.followups import Listed

__all__ = ["people"]
MONDAY = date(2026, 11, 23)


def promised(session: Session, record: int = 1, within_days: int = 14) -> int:
    made = followups.promise(session, ALFA, record, NOW, within_days)
    session.commit()
    return made.id


def listed(session: Session, policy: Policy, days: int = 0) -> Listed:
    (one,) = followups.to_do(session, policy, ALFA, NOW + timedelta(days=days))
    return one


def test_a_promise_opens_a_case_and_is_due_in_two_weeks(session: Session, policy: Policy) -> None:
    promised(session)

    one = listed(session, policy)

    assert (one.due, one.state, one.is_mine, one.tried) == (date(2026, 12, 7), FollowUpState.PLANNED, True, 0)
    assert listed(session, policy, 14).state is FollowUpState.DUE
    assert listed(session, policy, 15).state is FollowUpState.OVERDUE


def test_a_case_waits_for_one_follow_up(session: Session, policy: Policy) -> None:
    first = promised(session)

    assert promised(session, within_days=3) == first
    assert listed(session, policy).due == date(2026, 12, 7)


@pytest.mark.parametrize("days", [0, 15])
def test_only_days_of_the_two_weeks_are_promised(session: Session, days: int) -> None:
    with pytest.raises(RejectedInput):
        followups.promise(session, ALFA, 1, NOW, days)


def test_nothing_is_promised_in_a_case_that_has_ended(session: Session) -> None:
    case = cases.open_case(session, ALFA, 1, NOW)
    cases.end(session, ALFA, case.id, CaseEnd.FINISHED, NOW)

    with pytest.raises(Conflict):
        followups.promise(session, ALFA, 1, NOW)


def test_a_day_that_is_closed_later_brings_it_forward(session: Session, policy: Policy) -> None:
    promised(session)

    session.add(DatedHours(line="skane", day=date(2026, 12, 7), intervals=[], because="planeringsdag", made_at=NOW))
    session.commit()

    assert listed(session, policy).due == date(2026, 12, 4)


def test_an_old_promise_keeps_the_day_that_it_was_due_on(session: Session, policy: Policy) -> None:
    promised(session)
    session.add(DatedHours(line="skane", day=date(2026, 12, 7), intervals=[], because="planeringsdag", made_at=NOW))
    session.commit()

    assert listed(session, policy, days=60).due == date(2026, 12, 4)


def test_it_is_moved_with_a_reason(session: Session, policy: Policy) -> None:
    one = promised(session)

    followups.move(session, policy, ALFA, one, date(2026, 12, 14), Moved.CALLER_ASKED, NOW)
    session.commit()

    assert (listed(session, policy).due, listed(session, policy).is_moved) == (date(2026, 12, 14), True)
    kinds = [(event.kind, event.reason) for event in session.scalars(select(FollowUpEvent))]
    assert kinds == [(FollowUpEventKind.PROMISED, None), (FollowUpEventKind.MOVED, Moved.CALLER_ASKED)]


@pytest.mark.parametrize("to", [date(2026, 12, 24), date(2026, 12, 12), date(2026, 11, 20), date(2028, 1, 3), date.max])
def test_it_is_not_moved_to_a_closed_day_nor_out_of_reach(session: Session, policy: Policy, to: date) -> None:
    one = promised(session)

    with pytest.raises(RejectedInput):
        followups.move(session, policy, ALFA, one, to, Moved.OTHER, NOW)


def test_a_try_in_vain_leaves_it_to_be_done(session: Session, policy: Policy) -> None:
    one = promised(session)

    followups.not_reached(session, ALFA, one, NOW)
    followups.not_reached(session, ALFA, one, NOW + timedelta(hours=1))

    assert listed(session, policy).tried == 2


def test_what_is_over_stays_over(session: Session, policy: Policy) -> None:
    one = promised(session)
    followups.end(session, ALFA, one, FollowUpEnd.DONE, NOW)

    assert followups.to_do(session, policy, ALFA, NOW) == []
    with pytest.raises(Conflict):
        followups.end(session, ALFA, one, FollowUpEnd.NOT_REACHED, NOW)
    with pytest.raises(Conflict):
        followups.move(session, policy, ALFA, one, date(2026, 12, 14), Moved.OTHER, NOW)


def test_after_one_that_is_done_the_next_is_promised(session: Session) -> None:
    first = promised(session)
    followups.end(session, ALFA, first, FollowUpEnd.DONE, NOW)

    assert promised(session) != first


def test_it_goes_along_with_its_case(session: Session, policy: Policy) -> None:
    promised(session)
    case = listed(session, policy).case_id

    cases.hand_over(session, policy, ALFA, [case], HandingOver(StaffId("beta"), HandOver.SICKNESS), NOW)

    assert not listed(session, policy).is_mine
    (theirs,) = followups.to_do(session, policy, BETA, NOW)
    assert (theirs.is_mine, theirs.responsible) == (True, "Övning beta")


def test_what_another_organisation_promised_is_not_there(session: Session, policy: Policy) -> None:
    one = promised(session)

    assert followups.to_do(session, policy, ELSEWHERE, NOW) == []
    with pytest.raises(NotFound):
        followups.end(session, ELSEWHERE, one, FollowUpEnd.DONE, NOW)


def test_what_is_due_first_comes_first(session: Session, policy: Policy) -> None:
    promised(session, 1)
    promised(session, 2, within_days=2)

    assert [one.due for one in followups.to_do(session, policy, ALFA, NOW)] == [date(2026, 11, 25), date(2026, 12, 7)]
