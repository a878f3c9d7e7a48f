"""The register's pages, and the extract that anybody may have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.permissions import Role
from app.domain.retention import RecordClass
from app.services.record import register
from app.storage.base import db
from app.storage.models import AuditEntry, Consultation
from tests.services.old_records import NOTE, NOW, Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser


@pytest.fixture
def manager(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


@pytest.fixture
def filled(app: Flask) -> None:
    with app.app_context():
        put_people(db.session())
        put(db.session(), [Matter(began=400), Matter(began=20), Matter(began=10), Matter(began=5, by="nationell")])


@pytest.mark.usefixtures("filled")
def test_the_register_shows_its_latest_year_and_leads_to_the_others(manager: Browser) -> None:
    page = manager.get("/register").get_data(as_text=True)
    earlier = manager.get("/register?year=2025").get_data(as_text=True)

    assert all(serial in page for serial in ("2026-1", "2026-2", 'href="/register?year=2025"'))
    assert "2025-1" not in page
    assert "2025-1" in earlier
    assert "2026-1" not in earlier


@pytest.mark.usefixtures("filled")
def test_a_destroyed_record_keeps_its_number_with_the_day_and_the_decision(app: Flask, manager: Browser) -> None:
    with app.app_context():
        decide(db.session(), dict.fromkeys(RecordClass, 12))
        purge(db.session())

    page = manager.get("/register?year=2025").get_data(as_text=True)

    assert "2025-1" in page
    assert "Gallrad 23 november 2026 enligt KS 2026/17, 12 §" in page


def test_a_year_is_paged_by_number(app: Flask, manager: Browser) -> None:
    with app.app_context():
        made = [
            Consultation(organisation="skane", line="skane", source="live", opened_at=NOW - timedelta(minutes=number))
            for number in range(register.PAGE + 5)
        ]
        db.session.add_all(made)
        db.session.flush()
        for one in reversed(made):
            register.enter(db.session(), one, one.opened_at)
        db.session.commit()

    first = manager.get("/register").get_data(as_text=True)
    second = manager.get("/register?year=2026&before=6").get_data(as_text=True)

    assert 'href="/register?year=2026&amp;before=6"' in first
    assert (first.count("2026-"), second.count(">2026-5<"), second.count(">2026-6<")) > (register.PAGE, 0, -1)
    assert ">2026-6<" not in second


@pytest.mark.usefixtures("filled")
def test_the_extract_tells_nothing_of_anybody(app: Flask, manager: Browser) -> None:
    file = manager.get("/register.csv?year=2026")
    printed = manager.get("/register/extract?year=2026").get_data(as_text=True)

    rows = file.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    line = "Resurscentrum heder Skåne"
    days = [(NOW - timedelta(days=days)).date() for days in (20, 10)]
    assert rows == [
        "Löpnummer;Datum;Slag;Linje",
        *(f"2026-{number};{day};Konsultation per telefon;{line}" for number, day in enumerate(days, start=1)),
    ]
    assert file.headers["Content-Disposition"] == 'attachment; filename="register-2026.csv"'
    for secret in ("FYS", "Fysiskt", "1280", "Malmö", "Övning skane", NOTE):
        assert secret not in file.get_data(as_text=True)
        assert secret not in printed
    with app.app_context():
        noted = db.session.execute(
            select(AuditEntry.record, AuditEntry.fields).where(AuditEntry.what == What.EXPORTED)
        ).all()
    assert [tuple(one) for one in noted] == [("register:2026", "date,kind,line,serial")] * 2


@pytest.mark.parametrize("path", ["/register?year=x&before=-1", "/register?before=99999999999", "/register/extract"])
def test_an_empty_register_says_so(manager: Browser, path: str) -> None:
    answer = manager.get(path)

    assert answer.status_code == 200
    assert "registrera" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/register/extract?year=1", "/register.csv?year=20266"])
def test_a_year_that_is_none_is_not_found(manager: Browser, path: str) -> None:
    assert manager.get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_have_no_register(browser: Browser, account: Callable[..., str], role: Role) -> None:
    browser.sign_in(account("annan@skane.example", role))

    assert browser.get("/register").status_code == 403
    assert 'href="/register"' not in browser.get("/account").get_data(as_text=True)


@pytest.mark.usefixtures("filled")
def test_another_organisations_numbers_are_not_shown(app: Flask, manager: Browser) -> None:
    with app.app_context():
        theirs = db.session.scalars(select(Consultation.id).where(Consultation.organisation == "nationell")).one()

    page = manager.get("/register").get_data(as_text=True)

    assert f"/records/{theirs}" not in page
    assert "2026-3" not in page
    assert datetime.now(UTC) > NOW
