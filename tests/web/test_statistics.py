"""The page of yearly figures that is for everybody, and its files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from app.domain.public_statistics import REST, Counted, Dimension, published
from app.domain.withholding import Count
from app.factory import create_app
from app.services.numbers.public_statistics import rows_of
from app.storage.base import db
from app.storage.models import PublishedYear

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from app.domain.lines import LineKey
    from app.domain.policy import Policy
    from app.settings import Settings

AT = datetime(2026, 2, 1, 2, 35, tzinfo=UTC)
PAGES = ("/statistik", "/statistik.csv", "/statistik.json", "/statistik?line=skane")
COUNTED = Counted(
    held=[31, 42, 23, 47],
    calls=[61, 72, 53, 4],
    held_by={
        Dimension.SERVICE: {"SOC": 71, "SKOLA": 37, "POLIS": 19, "HSV": 3},
        Dimension.TYPE: {"ARENDE": 109},
        Dimension.THEME: {"FYS": 38, "TVANG": 2},
        Dimension.MUNICIPALITY: {"1280": 67, "1214": 2},
    },
    exposed=Count(88, 70),
    exposed_by_age={"under_18": Count(59, 40)},
    outcomes={"answered": 130, "closed": 44},
)


@pytest.fixture
def publish(app: Flask, policy: Policy) -> Callable[[LineKey, int], None]:
    def store(line: LineKey, year: int) -> None:
        shown = published(COUNTED, rows_of(policy, policy.lines[line]))
        rows = [[row.unit, row.dimension, row.code, row.number] for row in shown]
        with app.app_context():
            db.session.add(PublishedYear(line=line, year=year, published_at=AT, rows=rows))
            db.session.commit()

    return store


@pytest.fixture
def years(publish: Callable[[str, int], None]) -> None:
    for line, year in (("skane", 2024), ("skane", 2025), ("nationell", 2025)):
        publish(line, year)


@pytest.mark.usefixtures("years")
def test_the_page_shows_every_line_with_its_units_and_what_they_cannot_say(client: FlaskClient) -> None:
    page = client.get("/statistik").text

    for said in ("Resurscentrum heder Skåne", "Nationella stödtelefonen", "143 genomförda konsultationer",
                 "88 utsatta personer", "190 samtal", "kan inte användas för att beskriva hur vanligt"):  # fmt: skip
        assert said in page
    assert '<a href="#held">' in page
    assert '<dt id="held">' in page
    assert "Bjuv" not in page
    assert "<script" not in page


@pytest.mark.usefixtures("years")
def test_whoever_reads_english_gets_english(client: FlaskClient) -> None:
    client.get("/statistik")

    client.get("/language/en?back=/statistik")
    page = client.get("/statistik").text

    assert "143 held consultations" in page
    assert "Social services" in page
    assert "143 genomförda" not in page


@pytest.mark.usefixtures("years")
def test_one_line_can_be_asked_for_alone(client: FlaskClient) -> None:
    page = client.get("/statistik?line=skane").text

    assert "Resurscentrum heder Skåne" in page
    assert "Nationella stödtelefonen" not in page
    assert "/statistik.csv?line=skane" in page


@pytest.mark.usefixtures("years")
def test_the_files_have_a_column_for_each_unit_and_say_what_is_withheld(client: FlaskClient) -> None:
    found = json.loads(client.get("/statistik.json").text)
    rows = list(csv.DictReader(io.StringIO(client.get("/statistik.csv").text.removeprefix("\ufeff")), delimiter=";"))

    columns = [column["name"] for column in found["columns"]]
    assert [*rows[0]] == columns == [*found["rows"][0]]
    assert [{name: _written(cell) for name, cell in row.items()} for row in found["rows"]] == rows
    mine = {(row["unit"], row["dimension"], row["code"]): row for row in found["rows"] if row["line"] == "skane"}
    health = mine["held_consultations", "service", "HSV"]
    assert (health["held_consultations"], health["withheld"]) == (None, True)
    social = mine["held_consultations", "service", "SOC"]
    assert (social["held_consultations"], social["withheld"], social["label_sv"]) == (71, False, "Socialtjänst")
    assert social["calls"] is social["exposed_persons"] is None
    assert mine["calls", "quarter", "1"]["withheld"]
    assert mine["held_consultations", "municipality", REST]["held_consultations"] == 143 - 67


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize("path", PAGES)
def test_anybody_may_keep_an_answer_and_gets_no_cookie_with_it(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})

    assert (answer.status_code, again.status_code, again.data) == (200, 304, b"")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ("Cookie" in answer.headers["Vary"]) == (answer.mimetype == "text/html")


@pytest.mark.usefixtures("years")
def test_a_flood_of_requests_asks_the_database_once(app: Flask, client: FlaskClient) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    for _ in range(20):
        assert client.get("/statistik").status_code == 200

    assert len([statement for statement in asked if "published_year" in statement]) == 1


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize("form", ["", ".csv", ".json"])
@pytest.mark.parametrize(
    "asked",
    [
        "line=skaraborg",
        "line=zzznowhere",
        "line=skane&line=skane",
        "line=",
    ],
)
def test_what_cannot_be_asked_for_is_not_there_and_is_not_repeated(client: FlaskClient, form: str, asked: str) -> None:
    answer = client.get(f"/statistik{form}?{asked}")

    assert answer.status_code == 404
    assert "zzz" not in answer.text.replace(f"back=/statistik{form}", "").split("<main", 1)[1]


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize("more", ["utm_source=zzzmail", "fbclid=zzz", "year=zzz", "&"])
def test_what_mail_hangs_on_the_address_changes_nothing_and_is_not_repeated(client: FlaskClient, more: str) -> None:
    plain = client.get("/statistik?line=skane")

    answer = client.get(f"/statistik?line=skane&{more}")

    assert (answer.status_code, answer.headers["ETag"]) == (200, plain.headers["ETag"])
    assert "zzz" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_it_can_be_read_and_nothing_else(client: FlaskClient, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.head(path).data == b""
    assert {client.open(path, method=method).status_code for method in ("POST", "PUT", "DELETE", "OPTIONS")} == {405}


def test_before_a_year_is_published_the_page_says_when_one_is(client: FlaskClient) -> None:
    assert "Inget år har publicerats än" in client.get("/statistik").text
    assert json.loads(client.get("/statistik.json").text)["rows"] == []


def test_without_a_line_that_chose_it_there_is_no_page(settings: Settings) -> None:
    lines = {key: replace(line, public_statistics=False) for key, line in settings.policy.lines.items()}
    app = create_app(replace(settings, policy=replace(settings.policy, lines=lines)))

    client = app.test_client()

    assert {client.get(path).status_code for path in PAGES} == {404}
    assert "/statistik" not in client.get("/").text
    with app.app_context():
        db.engine.dispose()


def test_without_the_database_it_says_so(unreachable: FlaskClient) -> None:
    assert unreachable.get("/statistik").status_code == 503


def _written(cell: object) -> str:
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
