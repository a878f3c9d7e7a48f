"""Sessions: how they begin, and everything that ends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select

from app.domain.audit import What
from app.domain.permissions import Role
from app.factory import create_app
from app.services.account import accounts
from app.services.account.web_sessions import ABSOLUTE, IDLE
from app.services.keeping import audit
from app.storage.base import db
from app.storage.models import AuditEntry, WebSession
from app.web.accounts.cookie import config
from tests.web.desk.conftest import PASSWORD, Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from app.domain.policy import Policy
    from app.settings import Settings

NEW = "nya-ord-för-en-ny-tid"


@pytest.fixture
def signed_in(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account())
    assert browser.is_signed_in
    return browser


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("radrum")
    assert found is not None
    return found.value


def age(app: Flask, *, began: timedelta = timedelta(0), seen: timedelta = timedelta(0)) -> None:
    """Let time pass for every session."""
    with app.app_context():
        for row in db.session.scalars(select(WebSession)):
            row.began_at, row.seen_at = row.began_at - began, row.seen_at - seen
        db.session.commit()


def test_the_cookie_is_ours_alone(browser: Browser, account: Callable[..., str]) -> None:
    answer = browser.sign_in(account())

    (header,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("radrum=")]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Domain" not in header


def test_over_https_the_cookie_says_so() -> None:
    found = config("https://radrum.example.se")

    assert found["SESSION_COOKIE_NAME"] == "__Host-radrum"
    assert found["SESSION_COOKIE_SECURE"] is True


def test_disabling_the_account_ends_the_session_at_its_next_request(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        accounts.disable(db.session(), "astrid@skane.example")
        db.session.commit()

    assert not signed_in.is_signed_in


def test_other_roles_end_the_session_at_its_next_request(app: Flask, policy: Policy, signed_in: Browser) -> None:
    with app.app_context():
        accounts.change_reach(db.session(), policy, "astrid@skane.example", frozenset({Role.MANAGER}), frozenset())
        db.session.commit()

    assert not signed_in.is_signed_in


def test_a_reset_ends_the_session_at_its_next_request(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        accounts.reset(db.session(), "astrid@skane.example")
        db.session.commit()

    assert not signed_in.is_signed_in


def test_a_new_password_ends_every_other_session_and_not_this_one(app: Flask, signed_in: Browser) -> None:
    other = Browser(app.test_client())
    other.sign_in("astrid@skane.example")
    assert other.is_signed_in

    answer = signed_in.fill("/account/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)

    assert answer.location == "/account"
    assert signed_in.is_signed_in
    assert not other.is_signed_in


def test_the_new_password_is_the_one_that_counts(app: Flask, signed_in: Browser) -> None:
    signed_in.fill("/account/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    later = Browser(app.test_client())

    later.sign_in("astrid@skane.example", PASSWORD)
    with_old = later.is_signed_in
    later.sign_in("astrid@skane.example", NEW)

    assert not with_old
    assert later.is_signed_in


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "wrong", "new_password": NEW, "new_password_confirm": NEW}, "Lösenordet stämmer inte."),
        (
            {"password": PASSWORD, "new_password": NEW, "new_password_confirm": "x" * 12},
            "De två lösenorden är inte lika.",
        ),
        ({"password": PASSWORD, "new_password": "kort", "new_password_confirm": "kort"}, "Ta minst 12 tecken."),
        ({"password": PASSWORD, "new_password": "x" * 257, "new_password_confirm": "x" * 257}, "högst 256 tecken"),
        ({"password": PASSWORD, "new_password": PASSWORD, "new_password_confirm": PASSWORD}, "Välj ett annat lösenord"),
        ({}, "Fyll i detta."),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(signed_in: Browser, fields: dict[str, str], said: str) -> None:
    answer = signed_in.fill("/account/password", **fields)

    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("passed", "is_over"),
    [
        ({"seen": IDLE - timedelta(minutes=1)}, False),
        ({"seen": IDLE}, True),
        ({"began": ABSOLUTE - timedelta(minutes=1)}, False),
        ({"began": ABSOLUTE}, True),
    ],
)
def test_a_session_runs_out(app: Flask, signed_in: Browser, passed: dict[str, timedelta], *, is_over: bool) -> None:
    age(app, **passed)

    assert signed_in.is_signed_in is not is_over


def test_whoever_does_something_stays_signed_in(app: Flask, signed_in: Browser) -> None:
    for _ in range(3):
        age(app, seen=IDLE - timedelta(minutes=1))
        assert signed_in.is_signed_in


def test_a_page_that_asks_by_itself_keeps_no_session_alive(
    app: Flask, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.view_functions["desk.account"], "asks_by_itself", True, raising=False)

    age(app, seen=IDLE - timedelta(minutes=1))
    assert signed_in.is_signed_in
    age(app, seen=timedelta(minutes=2))
    assert not signed_in.is_signed_in


def test_a_session_that_was_deleted_never_comes_back(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        db.session.execute(delete(WebSession))
        db.session.commit()

    for _ in range(3):
        assert not signed_in.is_signed_in
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_signing_in_begins_a_session_of_another_name(app: Flask, account: Callable[..., str]) -> None:
    """Whoever planted a cookie before has nothing afterwards."""
    victim, email = Browser(app.test_client()), account()
    victim.get("/sign-in")
    planted = cookie(victim.client)

    victim.sign_in(email)

    attacker = Browser(app.test_client())
    attacker.client.set_cookie("radrum", planted)
    assert cookie(victim.client) != planted
    assert victim.is_signed_in
    assert not attacker.is_signed_in


def test_signing_in_again_ends_the_session_of_before(app: Flask, signed_in: Browser) -> None:
    before = cookie(signed_in.client)
    signed_in.fill("/account", "/sign-out")
    signed_in.sign_in("astrid@skane.example")

    thief = Browser(app.test_client())
    thief.client.set_cookie("radrum", before)

    assert signed_in.is_signed_in
    assert not thief.is_signed_in


def test_signing_out_ends_the_session_and_clears_the_browser(app: Flask, signed_in: Browser) -> None:
    stolen = cookie(signed_in.client)

    answer = signed_in.fill("/account", "/sign-out")

    thief = Browser(app.test_client())
    thief.client.set_cookie("radrum", stolen)
    assert answer.location == "/"
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert not signed_in.is_signed_in
    assert not thief.is_signed_in


def test_signing_out_needs_the_page_s_own_token(signed_in: Browser) -> None:
    signed_in.client.post("/sign-out")

    assert signed_in.is_signed_in


def test_a_cookie_of_another_deployment_signs_nobody_in(signed_in: Browser, settings: Settings) -> None:
    other = create_app(replace(settings, secret_key="another secret of the tests, as long"))
    elsewhere = Browser(other.test_client())
    elsewhere.client.set_cookie("radrum", cookie(signed_in.client))

    assert not elsewhere.is_signed_in
    with other.app_context():
        db.engine.dispose()


def test_what_machines_get_carries_no_cookie(app: Flask, signed_in: Browser) -> None:
    del app
    for path in ("/healthz", "/api/v1/openapi.json", "/twilio/voice"):
        answer = signed_in.client.get(path)

        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_one_time_password_opens_the_page_to_replace_it_and_no_other(
    app: Flask, browser: Browser, account: Callable[..., str]
) -> None:
    email = account()
    with app.app_context():
        once = accounts.reset(db.session(), email)
        db.session.commit()

    browser.sign_in(email, once)
    led = [browser.get(path).location for path in ("/", "/account", "/account/passkeys")]
    browser.fill("/account/password", password=once, new_password=NEW, new_password_confirm=NEW)

    assert led == ["/account/password"] * 3
    assert browser.is_signed_in
    assert browser.get("/").status_code == 200


def test_old_sessions_are_cleared_away(app: Flask, signed_in: Browser) -> None:
    age(app, began=ABSOLUTE)

    Browser(app.test_client()).sign_in("astrid@skane.example")

    assert not signed_in.is_signed_in
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(WebSession)) == 1


def test_the_log_knows_who_came_went_was_refused_and_changed_their_password(app: Flask, signed_in: Browser) -> None:
    signed_in.fill("/account/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    signed_in.fill("/account", "/sign-out")
    signed_in.sign_in("astrid@skane.example", "wrong password")
    signed_in.sign_in("nobody@skane.example", "wrong password")

    with app.app_context():
        entries = list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))
        account = accounts.find(db.session(), "astrid@skane.example")
        audit.verify(db.session())
    assert account is not None
    assert [(one.what, one.fields) for one in entries] == [
        (What.SIGNED_IN, ""),
        (What.SIGNED_IN, ""),
        (What.CHANGED_ACCOUNT, "password"),
        (What.SIGNED_OUT, ""),
        (What.REFUSED_SIGN_IN, ""),
        (What.REFUSED_SIGN_IN, ""),
    ]
    assert [one.record for one in entries] == [f"account:{account.id}"] * 5 + [None]
