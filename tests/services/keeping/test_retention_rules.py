"""Decisions to destroy: which are taken, which are in force, and from when on something is old."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.domain.audit import What
from app.domain.errors import NotFound, RejectedInput
from app.domain.lines import OrganisationKey
from app.domain.register import SWEDEN
from app.domain.retention import Decision, RecordClass, limit_of
from app.services.keeping import retention_rules
from app.storage.models import AuditEntry, RetentionDecision
from tests.services.old_records import DECIDED, NOW, decide

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SKANE = OrganisationKey("skane")


def test_a_new_decision_takes_the_place_of_the_one_before(session: Session) -> None:
    decide(session, {RecordClass.NOTES: 12})
    decide(session, {RecordClass.NOTES: 24})

    rows = session.execute(select(RetentionDecision.keep_months, RetentionDecision.ended_at).order_by("id")).all()

    assert [tuple(one) for one in rows] == [(12, NOW), (24, None)]
    noted = session.scalars(select(AuditEntry.record).where(AuditEntry.what == What.CREATED_RECORD)).all()
    assert noted == ["retention_decision:1", "retention_decision:2"]


def test_a_rule_that_is_not_in_force_cannot_be_ended(session: Session) -> None:
    with pytest.raises(NotFound, match="no decision about calls is in force in skane"):
        retention_rules.end(session, None, SKANE, RecordClass.CALLS, NOW)


@pytest.mark.parametrize(
    ("months", "reference", "day", "key"),
    [
        (0, "KS 1", DECIDED, "keep_months"),
        (1201, "KS 1", DECIDED, "keep_months"),
        (12, "  ", DECIDED, "reference"),
        (12, "x" * 121, DECIDED, "reference"),
        (12, "KS 1", date(1900, 1, 1), "decided_on"),
        (12, "KS 1", date(2026, 11, 24), "decided_on"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    session: Session, months: int, reference: str, day: date, key: str
) -> None:
    with pytest.raises(RejectedInput) as refused:
        retention_rules.enter(session, None, SKANE, RecordClass.NOTES, Decision(months, reference, day), NOW)

    assert [one.key for one in refused.value.problems] == [key]
    assert session.scalar(select(func.count()).select_from(RetentionDecision)) == 0


@pytest.mark.parametrize(
    ("now", "months", "limit"),
    [
        ("2026-11-23T10:00:00+00:00", 1, "2026-10-23"),
        ("2026-11-23T23:30:00+00:00", 1, "2026-10-24"),  # past midnight in Sweden
        ("2026-03-31T10:00:00+00:00", 1, "2026-02-28"),
        ("2024-02-29T10:00:00+00:00", 12, "2023-02-28"),
        ("2026-01-15T10:00:00+00:00", 13, "2024-12-15"),
    ],
)
def test_the_limit_is_midnight_in_sweden_so_many_months_ago(now: str, months: int, limit: str) -> None:
    found = limit_of(months, NOW.fromisoformat(now)).astimezone(SWEDEN)

    assert found.replace(tzinfo=None).isoformat(timespec="minutes") == f"{limit}T00:00"
