"""Style sheets, scripts and pictures: small, named by their content, and kept by browsers."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from app.factory import create_app
from tests.web.conftest import settings_with

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

NAMED = re.compile(r"/static/[0-9a-f]{12}/[\w/.]+")


@pytest.fixture
def client(root: Path, tmp_path: Path) -> FlaskClient:
    return create_app(settings_with(f"sqlite:///{tmp_path}/none.sqlite3", root)).test_client()


def addresses(client: FlaskClient) -> list[str]:
    return sorted(set(NAMED.findall(client.get("/nowhere").text)))


def test_everything_that_a_page_names_is_kept_for_a_year(client: FlaskClient) -> None:
    for address in addresses(client):
        answer = client.get(address)

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_travels_compressed_to_whoever_takes_that_and_is_the_same(client: FlaskClient) -> None:
    address = next(one for one in addresses(client) if one.endswith("tokens.css"))

    plain = client.get(address)
    squeezed = client.get(address, headers={"Accept-Encoding": "br, gzip"})

    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert {plain.headers["Vary"], squeezed.headers["Vary"]} == {"Accept-Encoding"}
    assert plain.headers["ETag"] != squeezed.headers["ETag"]


def test_whoever_has_it_already_gets_nothing(client: FlaskClient) -> None:
    address = addresses(client)[0]
    tag = client.get(address).headers["ETag"]

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_page_of_an_older_version_gets_what_there_is_and_keeps_nothing(client: FlaskClient) -> None:
    answer = client.get("/static/000000000000/css/tokens.css")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["css/none.css", "../factory.py", "%2e%2e/factory.py", "css", ""])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    version = addresses(client)[0].split("/")[2]

    assert client.get(f"/static/{version}/{name}").status_code == 404


def test_bootstrap_lies_in_a_layer_that_our_own_sheets_win_over(client: FlaskClient) -> None:
    version = addresses(client)[0].split("/")[2]

    sheet = client.get(f"/static/{version}/css/bootstrap.css")

    assert sheet.text.startswith('@charset "UTF-8";@layer bootstrap{')
    assert sheet.text.count("{") == sheet.text.count("}")
    assert ".btn-primary{" in sheet.text
    assert "sourceMappingURL" not in sheet.text


def test_all_that_a_page_needs_beside_its_words_weighs_under_fifty_kilobytes(client: FlaskClient) -> None:
    sizes = {
        address: len(client.get(address, headers={"Accept-Encoding": "gzip"}).data) for address in addresses(client)
    }

    assert sum(sizes.values()) < 50_000, sizes
