"""One-time codes and recovery codes."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING

import pytest
from passlib.totp import TOTP

from app.services.account import accounts
from app.services.account.sign_in_guard import PER_ACCOUNT
from app.storage.base import db
from app.storage.models import Account, RecoveryCode
from app.storage.types import keyring
from tests.web.desk.conftest import PASSWORD, Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

EMAIL = "astrid@skane.example"

_STEP_SECONDS = 30
_NOW = 60_000_000 * _STEP_SECONDS + _STEP_SECONDS // 2


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the codes stands still in the middle of a step: else the next one could begin on the way."""
    monkeypatch.setattr(TOTP, "now", staticmethod(lambda: _NOW))


@pytest.fixture
def totp(browser: Browser, account: Callable[..., str]) -> TOTP:
    """The authenticator app of an account that has set up codes, and has signed out again."""
    browser.sign_in(account(EMAIL))
    page = browser.fill("/account/codes", setup="authenticator").get_data(as_text=True)
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    action = re.search(r'action="(/account/codes/[^"]+)"', page)
    assert key is not None
    assert action is not None
    app = TOTP(key=key[1].replace("-", ""), format="base32")
    # The code of the step before: it leaves the present one for signing in.
    answer = browser.fill("/account", action[1], code=_code(app, steps=-1))
    assert answer.location == "/account"
    browser.fill("/account", "/sign-out")
    return app


def test_a_code_is_asked_for_once_it_is_set_up(browser: Browser, totp: TOTP) -> None:
    answer = browser.sign_in(EMAIL)
    before = browser.is_signed_in

    done = browser.fill("/sign-in/code", code=_code(totp))

    assert answer.location.startswith("/sign-in/code")
    assert not before
    assert done.location == "/"
    assert browser.is_signed_in


def test_whoever_mistypes_the_first_code_types_the_next_with_the_key_that_the_app_has(
    browser: Browser, account: Callable[..., str]
) -> None:
    browser.sign_in(account(EMAIL))
    page = browser.fill("/account/codes", setup="authenticator").get_data(as_text=True)
    key, action = re.search(r"<code>([A-Z2-7-]+)</code>", page), re.search(r'action="(/account/codes/[^"]+)"', page)
    assert key is not None
    assert action is not None
    app = TOTP(key=key[1].replace("-", ""), format="base32")

    browser.fill("/account", action[1], code=_wrong_code(app))
    led = browser.get("/account/codes").get_data(as_text=True)
    wrong = browser.fill("/sign-in/code", code=_wrong_code(app)).get_data(as_text=True)
    done = browser.fill("/sign-in/code", code=_code(app))

    assert 'href="/sign-in/code"' in led
    assert "Koden är fel" in wrong
    assert done.location == "/account"


def test_whoever_sends_the_code_twice_stays_signed_in(browser: Browser, totp: TOTP) -> None:
    browser.sign_in(EMAIL)
    code = _code(totp)
    browser.fill("/sign-in/code", code=code)

    again = browser.fill("/account", "/sign-in/code", code=code)

    assert again.location == "/"
    assert browser.is_signed_in


def test_whoever_goes_back_to_the_code_after_signing_in_stays_signed_in(browser: Browser, totp: TOTP) -> None:
    browser.sign_in(EMAIL)
    browser.fill("/sign-in/code", code=_code(totp))

    answer = browser.get("/sign-in/code")

    assert answer.location == "/"
    assert browser.is_signed_in


def test_a_code_counts_once(app: Flask, browser: Browser, totp: TOTP) -> None:
    code, second = _code(totp), Browser(app.test_client())
    for one in (browser, second):
        one.sign_in(EMAIL)

    browser.fill("/sign-in/code", code=code)
    again = second.fill("/sign-in/code", code=code)

    assert browser.is_signed_in
    assert "redan använd" in again.get_data(as_text=True)
    assert not second.is_signed_in


def test_an_earlier_code_does_not_count_after_a_later_one(app: Flask, browser: Browser, totp: TOTP) -> None:
    earlier, second = _code(totp, steps=0), Browser(app.test_client())
    for one in (browser, second):
        one.sign_in(EMAIL)

    browser.fill("/sign-in/code", code=_code(totp, steps=1))
    second.fill("/sign-in/code", code=earlier)

    assert browser.is_signed_in
    assert not second.is_signed_in


@pytest.mark.parametrize("typed", [None, "", "12", "åäö", "1" * 400])
def test_a_wrong_code_signs_nobody_in(browser: Browser, totp: TOTP, typed: str | None) -> None:
    browser.sign_in(EMAIL)

    answer = browser.fill("/sign-in/code", code=_wrong_code(totp) if typed is None else typed)

    assert answer.status_code == 200
    assert not browser.is_signed_in


def test_blanks_in_a_code_are_how_the_app_shows_it(browser: Browser, totp: TOTP) -> None:
    browser.sign_in(EMAIL)
    code = _code(totp)

    browser.fill("/sign-in/code", code=f" {code[:3]} {code[3:]}")

    assert browser.is_signed_in


def test_codes_cannot_be_guessed_for_long_however_often_the_password_is_right(browser: Browser, totp: TOTP) -> None:
    for _ in range(PER_ACCOUNT):
        browser.sign_in(EMAIL)
        browser.fill("/sign-in/code", code=_wrong_code(totp))

    browser.sign_in(EMAIL)
    answer = browser.fill("/sign-in/code", code=_code(totp))

    assert "För många försök" in answer.get_data(as_text=True)
    assert not browser.is_signed_in


def test_without_the_password_the_page_of_the_code_is_closed(browser: Browser) -> None:
    for page in ("/sign-in/code", "/sign-in/recovery", "/account/codes"):
        assert browser.get(page).location.startswith("/sign-in")


def test_the_secret_is_sealed(app: Flask, browser: Browser, totp: TOTP) -> None:
    del browser
    with app.app_context():
        raw = db.session.connection().exec_driver_sql("SELECT tf_totp_secret FROM account").scalar_one()
        kept = accounts.find(db.session(), EMAIL)

        assert totp.base32_key.encode() not in bytes(raw)
        assert kept is not None
        assert totp.base32_key in (kept.tf_totp_secret or "")


def test_no_address_tells_the_secret(browser: Browser, account: Callable[..., str]) -> None:
    browser.sign_in(account(EMAIL))

    page = browser.fill("/account/codes", setup="authenticator").get_data(as_text=True)

    key = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    token = re.search(r'action="/account/codes/([^"]+)"', page)
    assert key is not None
    assert token is not None
    assert key[1].replace("-", "").encode() not in _packed_out(token[1])


@pytest.mark.parametrize("token", ["x", "e30.x.y", ".e30.x.y"])
def test_an_address_that_we_did_not_make_begins_again(
    browser: Browser, account: Callable[..., str], token: str
) -> None:
    browser.sign_in(account(EMAIL))

    answer = browser.fill("/account", f"/account/codes/{token}", code="123456")

    assert answer.location == "/account/codes"


def test_an_address_that_we_signed_and_cannot_open_begins_again(browser: Browser, account: Callable[..., str]) -> None:
    browser.sign_in(account(EMAIL))
    page = browser.fill("/account/codes", setup="authenticator").get_data(as_text=True)
    action = re.search(r'action="(/account/codes/[^"]+)"', page)
    assert action is not None
    keyring.load({"another": b"fedcba9876543210fedcba9876543210"})

    answer = browser.fill("/account", action[1], code="123456")

    assert answer.location == "/account/codes"


def test_a_recovery_code_signs_in_once_in_place_of_the_app(app: Flask, browser: Browser, totp: TOTP) -> None:
    code = _recovery_codes(browser, totp)[0]
    second = Browser(app.test_client())
    for one in (browser, second):
        one.sign_in(EMAIL)

    browser.fill("/sign-in/recovery", code=code.upper().replace("-", " "))
    again = second.fill("/sign-in/recovery", code=code)

    assert browser.is_signed_in
    assert "redan använd" in again.get_data(as_text=True)
    assert not second.is_signed_in


def test_new_recovery_codes_replace_the_old_ones_and_only_digests_are_kept(
    app: Flask, browser: Browser, totp: TOTP
) -> None:
    first = _recovery_codes(browser, totp)
    browser.sign_in(EMAIL)
    browser.fill("/sign-in/recovery", code=first[0])
    second = browser.fill("/account/recovery-codes").get_data(as_text=True)

    with app.app_context():
        digests = [row.digest for row in db.session.query(RecoveryCode)]

    assert len(digests) == len(first) == 8
    assert not any(code in second for code in first)
    assert not any(code in digest for digest in digests for code in first)


def test_codes_can_be_switched_off_in_practice(app: Flask, browser: Browser, totp: TOTP) -> None:
    browser.sign_in(EMAIL)
    browser.fill("/sign-in/code", code=_code(totp))

    browser.fill("/account/codes", setup="disable")

    with app.app_context():
        account = db.session.query(Account).one()
        assert (account.tf_primary_method, account.tf_totp_secret) == (None, None)


def test_whoever_changes_how_they_sign_in_gives_their_password_again(
    browser: Browser, account: Callable[..., str]
) -> None:
    browser.sign_in(account())
    with browser.client.session_transaction() as kept:
        kept["fs_paa"] = 0.0
        kept.pop("fs_gexp", None)

    led = browser.get("/account/recovery-codes").location
    wrong = browser.fill("/account/again", password="wrong password").get_data(as_text=True)
    browser.fill("/account/again", password=PASSWORD)

    assert led.startswith("/account/again")
    assert "Lösenordet stämmer inte." in wrong
    assert browser.get("/account/recovery-codes").status_code == 200


def _code(totp: TOTP, *, steps: int = 0) -> str:
    return str(totp.generate(_NOW + steps * _STEP_SECONDS).token)


def _wrong_code(totp: TOTP) -> str:
    """Six digits that aren't the code of this step, nor of the one before or after it, which count too."""
    right = {_code(totp, steps=steps) for steps in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def _recovery_codes(browser: Browser, totp: TOTP) -> list[str]:
    """Sign in, have codes made, sign out."""
    browser.sign_in(EMAIL)
    browser.fill("/sign-in/code", code=_code(totp))
    page = browser.fill("/account/recovery-codes").get_data(as_text=True)
    browser.fill("/account", "/sign-out")
    return re.findall(r"<code>([a-z2-9-]{19})</code>", page)


def _packed_out(token: str) -> bytes:
    """What anybody reads in a signed token, packed or not."""
    first = token.removeprefix(".").partition(".")[0]
    read = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4))
    return zlib.decompress(read) if token.startswith(".") else read
