"""The page of equal access: what it says, in which order, and who may take in populations."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import AuditEntry, Population
from tests.services.skane_half_year import held, put_someone, skane_half_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from app.domain.policy import Policy
    from tests.web.desk.conftest import Browser

PAGE = "/trends/municipalities?kind=own&day=2023-10-01&last=2024-03-31&line=skane"
FILE = "kod;år;folkmängd\n1280;2025;365 000\n"


@pytest.fixture
def half_year(app: Flask, policy: Policy) -> None:
    with app.app_context():
        skane_half_year(db.session(), policy)


@pytest.fixture
def manager(account: Callable[..., str], browser: Browser) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


def words_of(page: str) -> str:
    """What somebody reads, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def names_of(page: str) -> list[str]:
    table = page[page.index('id="municipalities"') : page.index("</table>", page.index('id="municipalities"'))]
    return re.findall(r'role="rowheader"[^>]*><span>([^<]+)</span>', table)


def sent(browser: Browser, content: bytes, path: str = PAGE) -> TestResponse:
    data = {"csrf_token": browser.token(path), "file": (io.BytesIO(content), "folkmangd.csv")}
    return browser.client.post(path, data=data, content_type="multipart/form-data", follow_redirects=True)


@pytest.mark.usefixtures("half_year")
def test_it_says_193_consultations_for_22_of_33_municipalities(manager: Browser) -> None:
    said = words_of(manager.get(PAGE).text)

    assert "193 konsultationer för 22 av 33 kommuner." in said
    assert "Under perioden vände sig 11 kommuner aldrig till linjen" in said
    assert "23 av 33 kommuner har vänt sig till linjen minst en gång sedan 30 september 2023." in said
    manager.get("/language/en")
    assert "193 consultations for 22 of 33 municipalities." in words_of(manager.get(PAGE).text)


@pytest.mark.usefixtures("half_year")
def test_the_table_is_sorted_by_each_column(manager: Browser) -> None:
    by_number = manager.get(f"{PAGE}&sort=held&order=descending").text

    assert set(names_of(by_number)[:3]) == {"Helsingborg", "Lund", "Malmö"}
    assert by_number.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in by_number
    names = names_of(manager.get(PAGE).text)
    assert (names[0], names[-1]) == ("Bjuv", "Östra Göinge")
    assert names_of(manager.get(f"{PAGE}&sort=name&order=descending").text) == names[::-1]
    for column in ("county", "rate", "often", "last", "quiet", "nothing"):
        assert sorted(names_of(manager.get(f"{PAGE}&sort={column}").text)) == sorted(names)


@pytest.mark.usefixtures("half_year")
def test_the_silent_ones_are_shown_alone(manager: Browser) -> None:
    names = names_of(manager.get(f"{PAGE}&only=silent&silent=6").text)

    assert len(names) == 11
    assert "Malmö" not in names
    assert "Ingen kommun har varit tyst så länge" in manager.get(f"{PAGE}&only=silent&silent=24").text


@pytest.mark.usefixtures("half_year")
def test_the_file_has_each_municipality_and_the_whole_sum(app: Flask, manager: Browser) -> None:
    answer = manager.get(PAGE.replace("?", ".csv?"))

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][:4] == ["Kod", "Kommun", "Län", "Genomförda konsultationer"]
    assert len(rows) == 1 + 33 + 6
    assert sum(int(row[3]) for row in rows[1:]) == 193
    with app.app_context():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.EXPORTED)).one()
        assert noted.record == "municipalities:2023-10-01_2024-03-31"


@pytest.mark.usefixtures("half_year")
def test_a_manager_takes_in_populations_and_stays_on_the_page(manager: Browser) -> None:
    page = sent(manager, FILE.encode()).text

    assert "1 siffra lades till." in page
    assert "Folkmängd 2025, det nyaste inlästa året, för 1 av 33 kommuner." in words_of(page)
    assert "1 oktober 2023" in page
    file = manager.get(PAGE.replace("?", ".csv?")).data.decode("utf-8-sig")
    assert re.search(r"1280;Malmö;Skåne län;\d+;365000;2025;\d,\d;regelbundet;2024-03;0", file)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'"', b"kod;\xc3\xa5r;folkm\xc3\xa4ngd\n9999;2025;x\n"])
def test_a_file_with_a_mistake_changes_nothing(app: Flask, manager: Browser, content: bytes) -> None:
    answer = sent(manager, content)

    assert answer.status_code == 422
    assert 'id="file-wrong"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Population)).all() == []


def test_mistakes_name_row_and_column(manager: Browser) -> None:
    said = words_of(sent(manager, b"code;year;population\n9999;2025;x\n").text)

    assert "Rad 2, kod: Ingen kommun har koden ”9999”." in said
    assert "Rad 2, folkmängd: ”x” är inget helt tal" in said


def test_what_has_just_changed_is_counted_before_it_is_shown(app: Flask, manager: Browser) -> None:
    with app.app_context():
        put_someone(db.session())
        held(db.session(), datetime(2024, 1, 9, 10, tzinfo=UTC), "1280")
        db.session.commit()

    assert "1 konsultation för 1 av 33 kommuner." in words_of(manager.get(PAGE).text)


def test_specialists_see_the_page_and_no_way_to_take_in_a_file(account: Callable[..., str], browser: Browser) -> None:
    browser.sign_in(account("astrid@skane.example", Role.SPECIALIST))

    page = browser.get(PAGE).text

    assert "Likvärdig tillgång" in page
    assert 'type="file"' not in page


def test_what_cant_be_read_in_the_address_is_as_if_it_werent_there(manager: Browser) -> None:
    assert manager.get("/trends/municipalities?kind=x&day=x&silent=37&since=x&sort=x&order=x&only=x").status_code == 200
    assert manager.get("/trends/municipalities?since=0001-01-02").status_code == 200
    assert manager.get("/trends/municipalities?since=9999-12-31").status_code == 200
    assert manager.get("/trends/municipalities?line=nationell").status_code == 404


def test_of_a_time_before_anything_was_counted_nobody_is_said_to_be_silent(
    app: Flask, manager: Browser, policy: Policy
) -> None:
    with app.app_context():
        skane_half_year(db.session(), policy)

    before = words_of(manager.get("/trends/municipalities?kind=year&day=2019-01-01").text)
    in_part = words_of(manager.get("/trends/municipalities?kind=year&day=2023-01-01").text)

    assert re.search(r"Före \d+ \w+ 2023 räknades ingenting här\.", before)
    assert "Under perioden vände sig" not in before
    assert "Per kommun" not in before
    assert len(manager.get("/trends/municipalities.csv?kind=year&day=2019-01-01").text.splitlines()) == 1
    assert re.search(r"Före \d+ \w+ 2023 räknades ingenting här\. \d+ konsultationer för", in_part)


@pytest.mark.parametrize(("months", "shown"), [("7", "7"), ("1", "1"), ("36", "36"), ("0", "6"), ("37", "6")])
def test_any_number_of_months_up_to_three_years_may_be_silent(manager: Browser, months: str, shown: str) -> None:
    page = manager.get(f"/trends/municipalities?silent={months}").text

    [chosen] = re.findall(r'<option value="(\d+)" selected', page)
    assert chosen == shown


def test_a_file_that_is_refused_beside_a_period_that_is_too_says_both(manager: Browser) -> None:
    data = {"csrf_token": manager.token(PAGE), "file": (io.BytesIO(b"x"), "x.csv")}

    answer = manager.client.post(
        "/trends/municipalities?kind=own&day=2026-05-02", data=data, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert 'id="last-error"' in answer.text
