"""Signing in with a password."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

import pytest

from tests.web.desk.conftest import PASSWORD, Browser

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_swedish_letters_sign_in_however_the_keyboard_writes_them(
    browser: Browser, account: Callable[..., str], form: Literal["NFC", "NFD"]
) -> None:
    email = account()

    answer = browser.sign_in(email, unicodedata.normalize(form, PASSWORD))

    assert answer.status_code == 302
    assert browser.is_signed_in
