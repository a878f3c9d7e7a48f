"""Reports: every quarter, half-year and year that has a number, as a page, as rows and as a workbook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.permissions import Role
from app.domain.register import SWEDEN
from app.storage.base import db
from app.storage.models import AuditEntry
from app.web.desk.number_words import DASH
from app.web.desk.reports.report_shown import PARTS
from tests.services.old_records import OPEN, Matter, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser

QUARTER = "/reports/quarter/2026-10-01"
MATTERS = [
    Matter(2, case=1, promised=OPEN),
    Matter(2, held=False),
    Matter(9, case=1, exposed=3, themes=("FYS", "PSYK")),
    Matter(9, exposed=None, municipality=None),
    Matter(95, exposed=0),
    Matter(500),
    Matter(3, by="nationell"),
]
BETWEEN = [
    "Lägst, om i fjol är 100 (95 procents säkerhet)",
    "Högst, om i fjol är 100 (95 procents säkerhet)",
]
_CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def manager(app: Flask, account: Callable[..., str], browser: Browser) -> Browser:
    with app.app_context():
        put_people(db.session())
        put(db.session(), MATTERS, {1: OPEN})
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def read(browser: Browser, path: str = QUARTER) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return text_of(answer.get_data(as_text=True))


def rows(browser: Browser, path: str = f"{QUARTER}.csv") -> list[list[str]]:
    text = browser.get(path).get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_every_period_since_the_first_number_is_there_and_leads_to_its_report(manager: Browser) -> None:
    page = manager.get("/reports").get_data(as_text=True)

    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/reports/[^"]+)"', page)]
    assert f"{QUARTER}?line=skane" in links
    assert "/reports/half/2025-07-01?line=skane" in links
    assert "/reports/year/2025-01-01?line=skane" in links
    assert not any("2024" in link or "nationell" in link for link in links)
    assert all(manager.get(link).status_code == 200 for link in links)
    today = datetime.now(SWEDEN).date()
    assert f"{today.year} inte slut än" in text_of(page)


def test_before_anything_is_counted_the_page_says_so(account: Callable[..., str], browser: Browser) -> None:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))

    assert "Inga rapporter än" in read(browser, "/reports")


def test_the_page_says_whose_it_is_of_when_and_what_it_cannot_say(manager: Browser) -> None:
    page = read(manager)

    assert "Rapport: Kvartal 4 2026" in page
    assert "Resurscentrum heder Skåne" in page
    assert "Framtagen" in page
    assert "Linjens egna samtal och konsultationer i Rådrum." in page
    assert page.count("De kan inte användas för att beskriva hur utbrett") >= 2
    assert 'id="def-held"' in manager.get(QUARTER).get_data(as_text=True)


@pytest.mark.parametrize("spoken", ["sv", "en"])
def test_the_text_is_there_in_both_languages_whatever_the_page_speaks(manager: Browser, spoken: str) -> None:
    manager.client.set_cookie("radrum_language", spoken)

    page = read(manager)

    assert "hölls 3 konsultationer för 1 av 33 kommuner" in page
    assert "3 consultations were held for 1 of 33 municipalities" in page
    assert ("Report: Quarter 4 of 2026" in page) == (spoken == "en")


@pytest.mark.parametrize(
    "path",
    [
        "/reports/quarter/2026-10-02",
        "/reports/quarter/2026-11-01",
        "/reports/month/2026-10-01",
        "/reports/own/2026-10-01",
        "/reports/quarter/igar",
        "/reports/quarter/0001-01-01",
        "/reports/quarter/20261001",
        "/reports/year/2999-01-01",
        f"{QUARTER}?line=nationell",
        f"{QUARTER}?line=nowhere",
    ],
)
def test_what_is_no_report_or_out_of_reach_is_not_there(manager: Browser, path: str) -> None:
    bare, _, query = path.partition("?")

    assert manager.get(path).status_code == 404
    assert manager.get(f"{bare}.csv?{query}").status_code == 404
    assert manager.get(f"{bare}.xlsx?{query}").status_code == 404


def test_the_rows_have_every_question_with_its_unit_and_are_the_figures_of_the_trends(manager: Browser) -> None:
    head, *body = rows(manager)

    assert head == ["Avsnitt", "Enhet", "Kod", "Svar", "Nu", "Före", "I fjol", *BETWEEN]
    sections = list(dict.fromkeys(row[0] for row in body))
    assert sections == ["key", "held-over-time", "persons-over-time", "calls-over-time", *PARTS, "times"]
    numbers = {(row[0], row[2]): row[4:] for row in body}
    assert numbers["key", "held"] == ["3", "1", "0", "", ""]
    assert numbers["key", "persons"][0] == "5"
    assert numbers["key", "municipalities"][0] == "1"
    assert sum(int(row[4]) for row in body if row[0] == "held-over-time") == 3
    trends = rows(manager, "/trends/call-outcome.csv?kind=quarter&day=2026-10-01")
    assert [row[2] for row in trends[1:-1]] == [row[4] for row in body if row[0] == "call-outcome"][:-1]


UNCOUNTED = "/reports/quarter/2019-01-01"


def test_of_a_period_before_anything_was_counted_only_that_is_said(manager: Browser) -> None:
    page = manager.get(UNCOUNTED).get_data(as_text=True)

    assert text_of(page).count("Linjen räknades inte då: den räknas sedan 11 juli 2025.") == 2
    assert re.findall(r'<p class="report-text"[^>]*>(.*?)</p>', unescape(page), re.DOTALL) == [
        "Linjen räknades inte då: den räknas sedan 11 juli 2025.",
        "The line wasn't counted then: it is since 11 July 2025.",
    ]
    assert "key-figures" not in page
    assert "<table" not in page
    assert UNCOUNTED not in manager.get("/reports").get_data(as_text=True)


def test_the_files_of_a_period_before_anything_was_counted_have_no_numbers(manager: Browser) -> None:
    _, *body = rows(manager, f"{UNCOUNTED}.csv")

    assert {cell for row in body for cell in row[4:]} == {""}
    with zipfile.ZipFile(io.BytesIO(manager.get(f"{UNCOUNTED}.xlsx").data)) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    cells = [cell for sheet in sheets for cell in ET.fromstring(sheet).iter(f"{_CELLS}c")]  # noqa: S314 - we made it
    assert {cell.get("t") for cell in cells} == {"s"}


def test_a_period_counted_in_part_says_so_first_and_has_no_number_of_other_months(manager: Browser) -> None:
    page = read(manager, "/reports/half/2025-07-01")

    told = f"Linjen räknas först sedan 11 juli 2025: siffrorna gäller bara 11 juli {DASH} 31 december 2025"
    assert page.count(told) == 2
    assert (
        f"The line is counted only since 11 July 2025: the numbers are of 11 July {DASH} 31 December 2025 alone" in page
    )
    year = rows(manager, "/reports/year/2025-01-01.csv")
    assert [row[4] for row in year if row[0] == "held-over-time"] == [
        "",
        "",
        "",
        "",
        "",
        "",
        "1",
        "0",
        "0",
        "0",
        "0",
        "0",
    ]


def test_what_was_not_counted_a_year_ago_is_empty_and_not_nothing(manager: Browser) -> None:
    numbers = {(row[0], row[2]): row[4:] for row in rows(manager, "/reports/year/2025-01-01.csv")}

    assert numbers["key", "held"] == ["1", "", "", "", ""]


def test_the_workbook_has_a_sheet_for_each_question_with_numbers_as_numbers(manager: Browser) -> None:
    answer = manager.get(f"{QUARTER}.xlsx")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="radrum-rapport-quarter-2026-10-01.xlsx"'
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        workbook = ET.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - we made it
        names = [sheet.get("name") for sheet in workbook.iter(f"{_CELLS}sheet")]
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        second = ET.fromstring(book.read("xl/worksheets/sheet2.xml"))  # noqa: S314 - the same
        formulas = [name for name in sheets if b"<f>" in book.read(name)]
    assert names == [
        "Rådrum", "key", "held-over-time", "persons-over-time", "calls-over-time", *PARTS, "times"
    ]  # fmt: skip
    held = {cell.get("r"): (cell.get("t"), cell.findtext(f"{_CELLS}v")) for cell in second.iter(f"{_CELLS}c")}
    assert held["C4"] == (None, "3")
    assert held["A4"][0] == "s"
    assert formulas == []


def test_every_file_is_in_the_read_log(app: Flask, manager: Browser) -> None:
    manager.get(f"{QUARTER}.csv")
    manager.get(f"{QUARTER}.xlsx")

    with app.app_context():
        asked = select(AuditEntry.record, AuditEntry.fields).where(AuditEntry.what == What.EXPORTED)
        noted = db.session.execute(asked.order_by(AuditEntry.sequence)).all()
    assert [record for record, _ in noted] == ["report:csv-quarter-2026-10-01", "report:xlsx-quarter-2026-10-01"]
    assert all("line.skane" in str(fields) for _, fields in noted)


def test_of_a_year_the_year_before_stands_there_once(manager: Browser) -> None:
    page = manager.get("/reports/year/2026-01-01").get_data(as_text=True)

    heads = re.findall(r"<thead>.*?</thead>", page, re.DOTALL)
    assert any("I fjol" in head for head in heads)
    assert not any("Före" in head for head in heads)
    assert "Jämfört med perioden före" not in page
