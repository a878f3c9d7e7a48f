"""Managers enter the decisions by which old records are destroyed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.errors import Conflict
from app.domain.permissions import Role
from app.domain.retention import RecordClass
from app.services.keeping import retention_rules
from app.storage.base import db
from app.storage.models import AuditEntry, RetentionDecision
from tests.services.old_records import Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser

FORM = {"reference": "KS 2026/17", "decided_on": "2026-01-15", "keep_months": "36"}


@pytest.fixture
def manager(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


def test_nothing_is_in_force_until_a_decision_is_entered(app: Flask, manager: Browser) -> None:
    before = manager.get("/retention").get_data(as_text=True)

    answer = manager.fill("/retention/notes", **FORM)
    after = manager.get("/retention").get_data(as_text=True)

    assert before.count("Inget är infört") == len(RecordClass)
    assert (answer.status_code, answer.location) == (303, "/retention")
    assert "KS 2026/17, 15 januari 2026" in after
    assert "Gallras efter 36 månader" in after
    assert after.count("Inget är infört") == len(RecordClass) - 1
    with app.app_context():
        rule = db.session.scalars(select(RetentionDecision)).one()
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.CREATED_RECORD)).one()
        assert (rule.organisation, rule.record_class, rule.entered_by_id) == ("skane", "notes", noted.account_id)
        assert (noted.record, noted.fields) == (
            f"retention_decision:{rule.id}",
            "decided_on,entered_by_id,keep_months,notes,reference",
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": ""},
        {"reference": "   "},
        {"reference": "x" * 121},
        {"decided_on": ""},
        {"decided_on": "i går"},
        pytest.param({"decided_on": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}, id="in two days"),
        {"decided_on": "1901-01-01"},
        {"keep_months": "0"},
        {"keep_months": "1201"},
        {"keep_months": "många"},
        {"keep_months": ""},
    ],
    ids=str,
)
def test_a_decision_that_cannot_be_is_not_taken_and_nothing_typed_is_lost(
    app: Flask, manager: Browser, wrong: dict[str, str]
) -> None:
    answer = manager.fill("/retention/calls", **(FORM | wrong))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-error"' in page
    assert wrong.keys() == {"reference"} or 'value="KS 2026/17"' in page
    with app.app_context():
        assert db.session.scalars(select(RetentionDecision)).all() == []


def test_a_rule_is_ended(manager: Browser) -> None:
    manager.fill("/retention/notes", **FORM)

    ended = manager.fill("/retention/notes", to="/retention/notes/end")
    after = manager.get("/retention").get_data(as_text=True)
    again = manager.fill("/retention/notes", to="/retention/notes/end")

    assert (ended.status_code, again.status_code) == (303, 303)
    assert after.count("Inget är infört") == len(RecordClass)
    assert "Inget beslut gäller här längre" in manager.get("/retention").get_data(as_text=True)


def test_what_was_destroyed_is_told_by_class_number_and_decision(app: Flask, manager: Browser) -> None:
    with app.app_context():
        put_people(db.session())
        put(db.session(), [Matter(began=400), Matter(began=400)])
        decide(db.session(), {RecordClass.NOTES: 12})
        purge(db.session())

    page = manager.get("/retention").get_data(as_text=True)

    assert "Gallrat" in page
    assert "<span>2</span>" in page
    assert "23 november 2025" in page


def test_somebody_who_was_first_is_not_overwritten(manager: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_: object) -> None:
        raise Conflict

    monkeypatch.setattr(retention_rules, "enter", too_late)

    answer = manager.fill("/retention/notes", **FORM)

    assert answer.status_code == 409
    assert 'value="KS 2026/17"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_nobody_else_decides(browser: Browser, account: Callable[..., str], role: Role) -> None:
    browser.sign_in(account("annan@skane.example", role))

    assert browser.get("/retention").status_code == 403
