"""Signing in with a password, and who is kept from trying too often."""

from __future__ import annotations

import time
import unicodedata
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from app.factory import create_app
from app.services.account import accounts
from app.services.account.sign_in_guard import PER_ACCOUNT
from app.storage.base import db
from tests.support.thrift import passwords_hashed_as_shipped
from tests.web.desk.conftest import PASSWORD, Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from app.settings import Settings


@pytest.fixture
def passwords_as_shipped() -> Iterator[None]:
    """Hashed with all the work that the service does."""
    with passwords_hashed_as_shipped():
        yield


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_swedish_letters_sign_in_however_the_keyboard_writes_them(
    browser: Browser, account: Callable[..., str], form: Literal["NFC", "NFD"]
) -> None:
    email = account()

    answer = browser.sign_in(email, unicodedata.normalize(form, PASSWORD))

    assert answer.status_code == 302
    assert browser.is_signed_in


@pytest.mark.parametrize("typed", ["astrid@skane.example", "  Astrid@SKANE.example "])
def test_the_address_is_taken_as_people_type_it(browser: Browser, account: Callable[..., str], typed: str) -> None:
    account("astrid@skane.example")

    browser.sign_in(typed)

    assert browser.is_signed_in


def test_whoever_was_on_the_way_to_a_page_gets_there(browser: Browser, account: Callable[..., str]) -> None:
    email = account()

    refused = browser.get("/account?x=1")
    answer = browser.fill(refused.location, email=email, password=PASSWORD)

    assert refused.location == "/sign-in?next=/account?x%3D1"
    assert answer.location == "/account?x=1"


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_leads_to_no_other_site(browser: Browser, account: Callable[..., str], next_page: str) -> None:
    email = account()

    answer = browser.fill("/sign-in", email=email, password=PASSWORD, next=next_page)

    assert not urlsplit((answer.location or "").replace("\\", "/")).netloc


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_look_alike(
    app: Flask, browser: Browser, account: Callable[..., str]
) -> None:
    known, gone = account("astrid@skane.example"), account("bertil@skane.example")
    with app.app_context():
        accounts.disable(db.session(), gone)
        db.session.commit()

    pages = [
        browser.sign_in(email, password).get_data(as_text=True).replace(email, "")
        for email, password in [(known, "x" * 20), ("nobody@skane.example", PASSWORD), (gone, PASSWORD)]
    ]

    assert "E-postadressen eller lösenordet stämmer inte." in pages[0]
    assert _without_tokens(pages[0]) == _without_tokens(pages[1]) == _without_tokens(pages[2])


@pytest.mark.usefixtures("passwords_as_shipped")
def test_an_unknown_name_takes_as_long_as_a_wrong_password(browser: Browser, account: Callable[..., str]) -> None:
    email = account()
    took: dict[str, list[float]] = {email: [], "nobody@skane.example": []}

    for _ in range(4):
        for name, times in took.items():
            token = browser.token("/sign-in")
            # The work of this process: what else the machine does meanwhile would be measured too.
            began = time.process_time()
            browser.client.post("/sign-in", data={"csrf_token": token, "email": name, "password": "wrong" * 4})
            times.append(time.process_time() - began)

    known, unknown = min(took[email]), min(took["nobody@skane.example"])
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("email", ["astrid\x00@skane.example", "\x00", "\u202eastrid@skane.example"])
def test_an_address_that_nobody_can_have_is_as_wrong_as_any(browser: Browser, email: str) -> None:
    answer = browser.sign_in(email)

    assert answer.status_code == 200
    assert "E-postadressen eller lösenordet stämmer inte." in answer.get_data(as_text=True)


@pytest.mark.usefixtures("passwords_as_shipped")
def test_an_endless_password_never_reaches_the_hash(browser: Browser, account: Callable[..., str]) -> None:
    token, email = browser.token("/sign-in"), account()

    began = time.process_time()
    answer = browser.client.post("/sign-in", data={"csrf_token": token, "email": email, "password": "å" * 10_000})

    assert "stämmer inte" in answer.get_data(as_text=True)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("fields", [{}, {"email": "astrid@skane.example"}, {"password": "x"}])
def test_what_is_missing_is_said_by_the_field(browser: Browser, fields: dict[str, str]) -> None:
    answer = browser.fill("/sign-in", **fields)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Fyll i detta." in page
    assert all(value in page for name, value in fields.items() if name == "email")


def test_tries_are_counted_together_by_all_workers(
    browser: Browser, account: Callable[..., str], settings: Settings
) -> None:
    email, other = account(), create_app(settings)
    workers = [browser, Browser(other.test_client())]

    for attempt in range(PER_ACCOUNT):
        workers[attempt % 2].sign_in(email, "wrong password")
    refused = [worker.sign_in(email).get_data(as_text=True) for worker in workers]

    assert all("För många försök" in page for page in refused)
    assert not browser.is_signed_in
    with other.app_context():
        db.engine.dispose()


def test_others_still_sign_in_while_one_account_is_guessed_at(browser: Browser, account: Callable[..., str]) -> None:
    guessed, other = account("astrid@skane.example"), account("bertil@skane.example")

    for _ in range(PER_ACCOUNT + 1):
        browser.sign_in(guessed, "wrong password")
    browser.sign_in(other)

    assert browser.is_signed_in


def test_a_right_password_forgives_what_was_mistyped(browser: Browser, account: Callable[..., str]) -> None:
    email = account()

    for _ in range(2):
        for _ in range(PER_ACCOUNT - 1):
            browser.sign_in(email, "wrong password")
        browser.sign_in(email)
        assert browser.is_signed_in
        browser.fill("/account", "/sign-out")


def test_a_form_without_its_token_is_refused(browser: Browser, account: Callable[..., str]) -> None:
    email = account()

    answer = browser.client.post("/sign-in", data={"email": email, "password": PASSWORD})

    assert answer.status_code == 400
    assert not browser.is_signed_in


def test_machines_cannot_sign_in(browser: Browser, account: Callable[..., str]) -> None:
    answer = browser.client.post("/sign-in", json={"email": account(), "password": PASSWORD})

    assert answer.status_code in {400, 404}


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line]
