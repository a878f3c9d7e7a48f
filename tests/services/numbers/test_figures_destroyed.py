"""Figures of weeks whose records were destroyed: no zero that nobody counted, and how many there were by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from app.domain import trends
from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import AccountId, Actor, Role
from app.domain.retention import RecordClass
from app.domain.trends import Period, Span, Tally
from app.services.numbers import figures
from app.services.numbers.figures import Asked, Figures
from app.storage.models import ConsultationTag
from app.storage.scope import narrow
from tests.services.counting import count_changes
from tests.services.old_records import NOW, Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

SKANE = LineKey("skane")
MANAGER = Actor(AccountId("övning"), None, OrganisationKey("skane"), frozenset({SKANE}), frozenset({Role.MANAGER}))
OLD = Matter(began=(NOW.date() - date(2025, 5, 14)).days)
"""Of Wednesday 14 May 2025."""
MAY = Asked(Span.WEEKS_13, until=date(2025, 6, 25))


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    put_people(session)
    session.commit()


def shown(session: Session, policy: Policy, asked: Asked) -> Figures:
    count_changes(session, policy)
    found = figures.of(session, policy, MANAGER, asked, NOW)
    assert found is not None
    return found


def weeks(found: Figures) -> dict[str, tuple[int | None, ...]]:
    return {
        f"{one.period.first:%G-W%V}": (one.calls, one.held, one.wrong_target)
        for one in found.lines[0].weeks
        if (one.calls, one.held, one.wrong_target) != (0, 0, 0)
    }


def test_weeks_of_a_month_that_was_destroyed_have_no_number_and_the_month_has(session: Session, policy: Policy) -> None:
    put(session, [OLD, replace(OLD, held=False)])
    decide(session, {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12})

    purge(session)
    found = shown(session, policy, MAY)

    of_may = ("2025-W18", "2025-W19", "2025-W20", "2025-W21", "2025-W22")
    assert weeks(found) == dict.fromkeys(of_may, (None, None, 0))
    assert [(one.month, one.tally) for one in found.lines[0].destroyed] == [
        (Period(date(2025, 5, 1), date(2025, 5, 31)), Tally(calls=2, held=1))
    ]
    assert found.total == Tally()
    assert not found.is_empty
    assert not found.is_whole


def test_wrong_targets_stay_apart_in_what_was_kept(session: Session, policy: Policy) -> None:
    put(session, [OLD, OLD, OLD])
    session.add(ConsultationTag(consultation_id=2, kind="type", code="FEL", position=1))
    decide(session, {RecordClass.CONSULTATIONS: 12})

    purge(session)

    assert shown(session, policy, MAY).lines[0].destroyed[0].tally == Tally(held=2, wrong_target=1)


def test_what_is_left_of_such_a_week_is_counted(session: Session, policy: Policy) -> None:
    put(session, [OLD, replace(OLD, changed=20)])
    decide(session, {RecordClass.CONSULTATIONS: 12})

    purge(session)

    assert weeks(shown(session, policy, MAY))["2025-W20"] == (2, 1, 0)
    assert weeks(shown(session, policy, MAY))["2025-W19"] == (0, None, 0)


@pytest.mark.parametrize("weeks_later", [0, 13])
def test_a_period_of_which_something_is_gone_is_not_compared(
    session: Session, policy: Policy, weeks_later: int
) -> None:
    put(session, [replace(OLD, began=900, changed=20), OLD])
    asked = replace(MAY, until=date(2025, 6, 25) + timedelta(weeks=weeks_later))
    assert shown(session, policy, asked).is_comparable

    decide(session, {RecordClass.CONSULTATIONS: 12})
    purge(session)

    assert not shown(session, policy, asked).is_comparable
    assert shown(session, policy, Asked()).is_comparable


def test_the_way_leads_back_to_what_was_destroyed(session: Session, policy: Policy) -> None:
    put(session, [OLD, Matter(began=3)])
    decide(session, {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12})
    purge(session)

    way, asked = shown(session, policy, Asked()), Asked()
    while way.earlier is not None:
        asked = replace(asked, until=way.earlier.last)
        way = shown(session, policy, asked)

    assert way.period.first <= date(2025, 5, 1) <= way.period.last


def test_what_another_organisation_destroyed_is_not_told(session: Session, policy: Policy) -> None:
    put(session, [replace(OLD, by="nationell")])
    decide(session, {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12}, "nationell")

    purge(session)
    count_changes(session, policy)
    narrow(session, MANAGER)

    found = figures.of(session, policy, MANAGER, MAY, NOW)
    assert found is not None
    assert found.is_empty


def test_what_is_left_and_what_was_destroyed_are_all_there_was(session: Session, policy: Policy) -> None:
    chance = Random("figures")
    matters = [
        Matter(
            began=chance.randint(20, 700),
            held=chance.random() < 0.7,
            changed=chance.choice((None, 10)),
            case=chance.choice((None, None, 1)),
        )
        for _ in range(40)
    ]
    put(session, matters, {1: 15})
    all_time = Period(date(2024, 1, 1), NOW.date())
    count_changes(session, policy)
    (before,) = figures.count(session, MANAGER, SKANE, [all_time])
    decide(session, {RecordClass.CONSULTATIONS: 6, RecordClass.CALLS: 6})

    purge(session, at_once=3)

    count_changes(session, policy)
    (left,) = figures.count(session, MANAGER, SKANE, [all_time])
    gone = trends.total(one.tally for one in shown(session, policy, Asked()).lines[0].destroyed)
    assert gone.calls > 0
    assert gone.held > 0
    assert left + gone == before
