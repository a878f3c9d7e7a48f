"""Whose cases and follow-ups a coordinator is shown: those of whoever is away, and of whoever has left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.cases import HandOver
from app.domain.followups import FollowUpEnd
from app.domain.lines import StaffId
from app.domain.permissions import Role
from app.services.case import cases, followups
from app.services.case.absent_colleagues import absent_colleagues
from app.services.case.cases import HandingOver
from tests.services.case.test_cases import ALFA, actor, people
from tests.services.promising import KOORD, away, leaves, promise, wall

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

__all__ = ["people"]
MONDAY = wall("2026-11-23T08:00")


def shown(session: Session, policy: Policy) -> list[tuple[str, int, int, int]]:
    """Who, how many cases, how many follow-ups, and how many of these press."""
    found = absent_colleagues(session, policy, KOORD, MONDAY)
    return [(one.staff_id, one.cases, len(one.follow_ups), one.pressing) for one in found]


def test_whoever_is_there_is_not_shown(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-20")
    away(session, "alfa", "2026-12-01", "2026-12-08")

    assert shown(session, policy) == []


def test_whoever_is_away_is_shown_with_what_is_due_before_they_are_back(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-02")  # overdue
    promise(session, "2026-11-20", within=5)  # on Wednesday, while they are away
    promise(session, "2026-11-20")  # on 4 December
    away(session, "alfa", "2026-11-23", "2026-11-30")

    (one,) = absent_colleagues(session, policy, KOORD, MONDAY)

    assert shown(session, policy) == [("alfa", 3, 3, 2)]
    assert (one.alias, one.until, one.has_left) == ("Övning alfa", wall("2026-11-30T00:00"), False)


def test_an_absence_that_was_withdrawn_has_no_effect(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-20")
    away(session, "alfa", "2026-11-23", "2026-11-30").withdrawn_at = MONDAY - timedelta(hours=1)
    session.commit()

    assert shown(session, policy) == []


def test_of_whoever_has_left_everything_presses(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-20")
    promise(session, "2026-11-20", by="beta")
    leaves(session, "beta")
    away(session, "alfa", "2026-11-23", "2026-11-24")

    assert shown(session, policy) == [("beta", 1, 1, 1), ("alfa", 1, 1, 0)]


def test_somebody_who_has_left_and_is_away_has_left(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-20")
    leaves(session, "alfa")
    away(session, "alfa", "2026-11-23", "2026-11-24")

    assert [one.has_left for one in absent_colleagues(session, policy, KOORD, MONDAY)] == [True]


def test_cases_without_a_promise_are_counted_too(session: Session, policy: Policy) -> None:
    made = promise(session, "2026-11-20")
    followups.end(session, ALFA, made.id, FollowUpEnd.DONE, MONDAY)
    leaves(session, "alfa")

    assert shown(session, policy) == [("alfa", 1, 0, 0)]


def test_what_was_handed_over_is_gone_from_the_list(session: Session, policy: Policy) -> None:
    made = promise(session, "2026-11-20")
    leaves(session, "alfa")

    cases.hand_over(session, policy, KOORD, [made.case_id], HandingOver(StaffId("beta"), HandOver.LEFT), MONDAY)

    assert shown(session, policy) == []


def test_other_houses_see_nothing_of_it(session: Session, policy: Policy) -> None:
    promise(session, "2026-11-20")
    leaves(session, "alfa")

    assert absent_colleagues(session, policy, actor("x", Role.COORDINATOR, "nationell"), MONDAY) == []
