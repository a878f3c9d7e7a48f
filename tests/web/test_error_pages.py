"""Pages that say what went wrong: in words, in both languages, with a way on, and without losing a word."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from app.factory import create_app
from tests.support.style_page import BROKEN, FORBIDDEN, SIGNED_OUT, TOO_LATE, style
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
LONG = "En lång text\növer två rader."


@pytest.fixture
def client(root: Path, tmp_path: Path) -> FlaskClient:
    app = create_app(settings_with(f"sqlite:///{tmp_path}/none.sqlite3", root))
    app.register_blueprint(style)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return app.test_client()


@pytest.mark.parametrize(
    ("path", "status", "swedish", "english"),
    [
        ("/nowhere", 404, "Sidan finns inte", "The page doesn&#39;t exist"),
        (FORBIDDEN, 403, "Det här är inte öppet för dig", "This isn&#39;t open to you"),
        (BROKEN, 500, "Något gick fel hos oss", "Something went wrong with us"),
    ],
)
def test_an_error_is_said_in_either_language_with_a_way_on(
    client: FlaskClient, path: str, status: int, swedish: str, english: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)

    first = client.get(path)
    client.get("/language/en")
    second = client.get(path)

    assert (first.status_code, second.status_code) == (status, status)
    assert f"<h1>{swedish}</h1>" in first.text
    assert f"<h1>{english}</h1>" in second.text
    assert 'href="/">Till första sidan' in first.text
    assert "so that there is an error" not in first.text


def test_a_form_that_was_open_for_too_long_gives_back_what_was_written(client: FlaskClient) -> None:
    page = client.post(f"{TOO_LATE}?line=skane", data={"note": LONG, "kind": "call"}, headers=FROM_OUR_PAGE)

    assert page.status_code == 400
    assert "Sidan var öppen för länge" in page.text
    assert 'action="/style/late?line=skane"' in page.text
    assert f'name="note">\n{LONG}</textarea>' in page.text
    assert '<input type="hidden" name="kind" value="call">' in page.text
    assert 'name="csrf_token" value="' in page.text


def test_whoever_was_signed_out_meanwhile_gets_back_what_was_written(client: FlaskClient) -> None:
    page = client.post(SIGNED_OUT, data={"note": LONG}, headers=FROM_OUR_PAGE)

    assert page.status_code == 401
    assert "Du har blivit utloggad" in page.text
    assert f'name="note">\n{LONG}</textarea>' in page.text


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_what_another_site_sent_is_not_offered_to_be_sent_again(client: FlaskClient, site: str | None) -> None:
    headers = {"Sec-Fetch-Site": site} if site else {}

    page = client.post(TOO_LATE, data={"note": LONG}, headers=headers)

    assert page.status_code == 400
    assert "En lång text" not in page.text
    assert "Till första sidan" in page.text


@pytest.mark.parametrize("secret", ["password", "new_password_confirm", "code"])
def test_secrets_are_never_given_back(client: FlaskClient, secret: str) -> None:
    page = client.post(TOO_LATE, data={"note": LONG, secret: "korrekt häst"}, headers=FROM_OUR_PAGE)

    assert "korrekt häst" not in page.text
    assert "Till första sidan" in page.text


def test_while_the_database_is_away_a_page_says_that_calls_are_still_put_through(unreachable: FlaskClient) -> None:
    page = unreachable.get("/")

    assert page.status_code == 503
    assert "Tjänsten svarar inte just nu" in page.text
    assert "Samtal kopplas fortfarande fram." in page.text


def test_a_page_that_only_takes_forms_says_so(client: FlaskClient) -> None:
    answer = client.post("/nowhere/at/all")
    wrong_way = client.post("/language/en")

    assert answer.status_code == 404
    assert wrong_way.status_code == 405
    assert "Sidan kan inte öppnas så här" in wrong_way.text
