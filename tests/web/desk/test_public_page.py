"""The page for everybody, as somebody sees it who is signed in: as everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.web.desk.conftest import Browser


def test_it_makes_no_difference_who_is_signed_in(
    browser: Browser, account: Callable[..., str], client: FlaskClient
) -> None:
    browser.sign_in(account())

    answer = browser.get("/statistik")

    assert answer.data == client.get("/statistik").data
    assert "Logga ut" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert browser.is_signed_in
