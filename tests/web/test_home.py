"""The first page, the way to the practice phones, and pages that aren't there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.factory import create_app
from app.storage.base import db
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from app.settings import Settings


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_the_first_page_shows_every_line_with_its_number_and_whether_it_is_open(client: FlaskClient) -> None:
    page = client.get("/").text

    for shown in ("Resurscentrum heder Skåne", "010-223 57 60", "0500-49 80 00", "112"):
        assert shown in page
    assert "Öppet" in page or "Stängt" in page


def test_every_page_says_that_this_is_practice(client: FlaskClient) -> None:
    assert "Övningsläge" in client.get("/").text
    assert "Övningsläge" in client.get("/nowhere").text


def test_practice_leads_to_the_simulator(client: FlaskClient) -> None:
    answer = client.get("/practice")

    assert (answer.status_code, answer.location) == (303, "http://127.0.0.1:8401/practice")


def test_a_page_that_is_not_there_says_so_in_words(client: FlaskClient) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.text


def test_a_recording_that_a_callflow_names_is_served_and_nothing_beside_it(root: Path, tmp_path: Path) -> None:
    recordings = tmp_path / "callflows" / "audio"
    recordings.mkdir(parents=True)
    (recordings / "welcome.wav").write_bytes(b"RIFF....WAVE")
    (recordings.parent / "secret.toml").write_text("")
    app = create_app(replace(settings_with(f"sqlite:///{tmp_path}/none.sqlite3", root), root=tmp_path))

    client = app.test_client()

    with client.get("/prompts/welcome.wav") as found:
        assert (found.data, found.content_type) == (b"RIFF....WAVE", "audio/wav")
    assert client.get("/prompts/..%2fsecret.toml").status_code == 404
    assert client.get("/prompts/other.wav").status_code == 404


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere"])
def test_no_page_is_kept_for_whoever_sits_down_at_the_computer_next(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_no_page_may_load_anything_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/")

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
