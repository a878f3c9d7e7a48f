"""Swedish first, English for whoever asks for it, and instants as they are written in either."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from flask import g
from flask_babel import lazy_gettext

from app.factory import create_app
from app.web import language
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

STOCKHOLM = ZoneInfo("Europe/Stockholm")
AT = datetime(2026, 7, 3, 7, 5, tzinfo=UTC)


@pytest.fixture
def app(root: Path, tmp_path: Path) -> Flask:
    return create_app(settings_with(f"sqlite:///{tmp_path}/none.sqlite3", root))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_whoever_asks_for_nothing_is_spoken_to_in_swedish(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers={"Accept-Language": "en"}).text

    assert '<html lang="sv">' in page
    assert "Sidan finns inte" in page
    assert "Övningsläge" in page


def test_the_switch_leads_back_to_the_same_page_in_the_other_language(client: FlaskClient) -> None:
    switched = client.get("/language/en?back=/nowhere?page%3D2")

    assert (switched.status_code, switched.location) == (303, "/nowhere?page=2")
    page = client.get("/nowhere").text
    assert '<html lang="en">' in page
    assert "The page doesn&#39;t exist" in page
    assert "Svenska" in page


def test_each_page_offers_the_other_language_and_the_way_back_to_itself(client: FlaskClient) -> None:
    page = client.get("/nowhere?page=2").text

    assert 'href="/language/en?back=/nowhere?page%3D2"' in page
    assert 'lang="en">English</a>' in page


def test_the_choice_is_kept_by_the_browser_and_by_nobody_else(client: FlaskClient) -> None:
    cookie = client.get("/language/en").headers["Set-Cookie"]

    assert cookie.startswith("radrum_language=en;")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"):
        assert part in cookie


@pytest.mark.parametrize(
    "back",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "\\\\example.com",
        "javascript:alert(1)",
        "",
        "/\r\nSet-Cookie: radrum=theirs",
        "/\x00",
    ],
)
def test_the_switch_leads_to_no_other_site(client: FlaskClient, back: str) -> None:
    assert client.get("/language/en", query_string={"back": back}).location == "/"


def test_a_language_that_we_do_not_speak_is_a_page_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/language/fi")

    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("cookie", "account", "spoken"),
    [("", None, "sv"), ("", "en", "en"), ("sv", "en", "sv"), ("en", "sv", "en"), ("xx", "en", "en"), ("", "xx", "sv")],
)
def test_a_choice_goes_before_the_account_and_the_account_before_swedish(
    app: Flask, cookie: str, account: str | None, spoken: str
) -> None:
    with app.test_request_context(headers={"Cookie": f"{language.COOKIE}={cookie}"}):
        g.language_of_account = account

        assert language.spoken() == spoken


@pytest.mark.parametrize(
    ("code", "day", "moment", "place"),
    [
        ("sv", "fredag 3 juli", "3 juli 2026 09:05", "Sverige"),
        ("en", "Friday 3 July", "3 Jul 2026 09:05", "Sweden"),
    ],
)
def test_instants_are_written_on_the_lines_wall_clock(app: Flask, code: str, day: str, moment: str, place: str) -> None:
    with app.test_request_context(headers={"Cookie": f"{language.COOKIE}={code}"}):
        assert language.clock(AT, STOCKHOLM) == "09:05"
        assert language.day(AT, STOCKHOLM) == day
        assert language.moment(AT, STOCKHOLM) == moment
        assert language.place(STOCKHOLM) == place
        assert language.place(ZoneInfo("UTC")) == "UTC"


def test_what_is_filled_into_a_sentence_is_never_taken_for_html(app: Flask) -> None:
    with app.test_request_context():
        page = app.jinja_env.from_string("{{ said }} {{ _('Until %(time)s', time=said) }}").render(
            said=lazy_gettext("%(who)s wrote: %(what)s", who="<b>", what="'")
        )

    assert "<b>" not in page
    assert page.count("&lt;b&gt;") == 2


def test_every_page_says_whose_time_it_is(client: FlaskClient) -> None:
    assert "Klockslagen gäller i Sverige (Europe/Stockholm)." in client.get("/nowhere").text
