"""A passkey in a real browser: added to an account, then used to sign in without password and code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.services.practice_data.demo_accounts import practice_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.deployments import Practice

_SECRET = "the secret of the tests, long enough to be one"
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Browser, practice: Practice) -> Iterator[Page]:
    """A computer with a passkey of its own. Passkeys belong to names, and an address of numbers is none."""
    port = urlsplit(practice.service_url).port
    context = browser.new_context(locale="sv-SE", base_url=f"http://localhost:{port}")
    page = context.new_page()
    authenticator = context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    yield page
    context.close()


def test_a_passkey_signs_in_without_password_and_code(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-postadress").fill("manager@skane.example")
    page.get_by_label("Lösenord").fill(practice_password(_SECRET))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()

    page.goto("/account/passkeys")
    page.get_by_label("Nyckelns namn").fill("Kontorets dator")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kontorets dator")).to_be_visible()
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("link", name="Logga in")).to_be_visible()

    page.goto("/sign-in/passkey?next=/account")
    page.get_by_role("button", name="Använd min nyckel").click()

    expect(page).to_have_url(re.compile(r"/account$"))
    expect(page.get_by_text("manager@skane.example")).to_be_visible()


def test_a_stranger_s_computer_is_told_that_it_did_not_work(page: Page) -> None:
    page.goto("/sign-in/passkey")

    page.get_by_role("button", name="Använd min nyckel").click()

    expect(page.get_by_role("alert").filter(has_text="Det gick inte")).to_be_visible()
