"""Before a record is handed out the password is asked for again, and nothing that was chosen is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select

from app.domain.audit import What
from app.domain.permissions import Role
from app.services.account.sign_in_guard import PER_ACCOUNT
from app.storage.base import db
from app.storage.models import AuditEntry, WebSession
from tests.services.old_records import Matter, put, put_people
from tests.web.desk.conftest import PASSWORD
from tests.web.desk.test_record import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

EMAIL = "nagon@skane.example"
PATH = "/records/1/release"
TYPED = {"show": ["service", "place"], "ground": 'OSL 26:1 & "så"', "step": "page"}
ASKED = "Ditt lösenord igen"
LEAVES = "utlämnad"


@pytest.fixture
def specialist(app: Flask, browser: Browser, account: Callable[..., str]) -> Browser:
    with app.app_context():
        put_people(db.session())
        put(db.session(), [Matter(began=10)])
    browser.sign_in(account(EMAIL, Role.SPECIALIST))
    return browser


@pytest.fixture
def typed(specialist: Browser) -> dict[str, Any]:
    """What was filled in while the sign-in grew old."""
    token = specialist.token(PATH)
    grow_old(specialist)
    return {"csrf_token": token, **TYPED}


def grow_old(browser: Browser) -> None:
    with browser.client.session_transaction() as kept:
        kept["fs_paa"] = 0.0
        kept.pop("fs_gexp", None)


def send(browser: Browser, fields: dict[str, Any]) -> TestResponse:
    return browser.client.post(PATH, data=fields, headers={"Sec-Fetch-Site": "same-origin"})


def exports(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.EXPORTED)).all())


def test_who_signed_in_lately_is_not_asked(specialist: Browser) -> None:
    assert specialist.get(PATH).status_code == 200


def test_the_page_is_led_back_to_once_the_password_was_given(specialist: Browser) -> None:
    grow_old(specialist)

    led = specialist.get(PATH)
    back = specialist.fill(led.location, password=PASSWORD)

    assert led.status_code == 303
    assert led.location == "/account/again?next=/records/1/release"
    assert back.location == PATH
    assert specialist.get(PATH).status_code == 200


@pytest.mark.parametrize("step", ["preview", "page", "csv"])
def test_nothing_is_shown_or_leaves_before_it(
    app: Flask, specialist: Browser, typed: dict[str, Any], step: str
) -> None:
    asked = send(specialist, {**typed, "step": step})

    page = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert ASKED in page
    assert "Malmö" not in page
    assert exports(app) == 0


def test_with_the_password_it_goes_on_with_what_was_typed(
    app: Flask, specialist: Browser, typed: dict[str, Any]
) -> None:
    asked = fields_of(send(specialist, typed))

    out = send(specialist, {**asked, "again-password": PASSWORD})

    page = out.get_data(as_text=True)
    assert out.status_code == 200
    assert LEAVES in page
    assert "OSL 26:1 &amp; &#34;så&#34;" in page
    assert "Malmö" in page
    assert exports(app) == 1
    # And the next step isn't asked for again.
    assert specialist.get(PATH).status_code == 200


def test_a_wrong_password_keeps_what_was_typed_too(app: Flask, specialist: Browser, typed: dict[str, Any]) -> None:
    asked = fields_of(send(specialist, typed))

    wrong = send(specialist, {**asked, "again-password": "fel lösenord, påhittat"})
    out = send(specialist, {**fields_of(wrong), "again-password": PASSWORD})

    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert "Lösenordet stämmer inte." in page
    assert "fel lösenord" not in page
    assert LEAVES in out.get_data(as_text=True)
    assert exports(app) == 1


def test_guessing_is_bounded_as_when_signing_in(app: Flask, specialist: Browser, typed: dict[str, Any]) -> None:
    for _ in range(PER_ACCOUNT):
        send(specialist, {**typed, "again-password": "fel lösenord, påhittat"})

    answer = send(specialist, {**typed, "again-password": PASSWORD})

    assert "För många försök" in answer.get_data(as_text=True)
    assert exports(app) == 0


def test_who_was_signed_out_meanwhile_keeps_what_was_typed_and_no_password(
    app: Flask, specialist: Browser, typed: dict[str, Any]
) -> None:
    asked = fields_of(send(specialist, typed))
    with app.app_context():
        db.session.execute(delete(WebSession))
        db.session.commit()

    late = send(specialist, {**asked, "again-password": PASSWORD})
    specialist.sign_in(EMAIL)
    again = send(specialist, {**fields_of(late), "csrf_token": specialist.token(PATH)})

    assert late.status_code == 401
    assert PASSWORD not in late.get_data(as_text=True)
    assert LEAVES in again.get_data(as_text=True)
    assert "OSL 26:1 &amp; &#34;så&#34;" in again.get_data(as_text=True)
