"""The page of the long curve: what it says of the published series, and what stands beside it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.cases import reference_of
from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import AuditEntry, Case, EarlierFigure
from tests.services.counting import count_changes
from tests.services.skane_half_year import held, put_someone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from app.domain.policy import Policy
    from tests.web.desk.conftest import Browser

PAGE = "/trends/history"
HEAD = "line;unit;first;last;number;source\n"


def manager_of(account: Callable[..., str], browser: Browser, organisation: str) -> Browser:
    browser.sign_in(account(f"chef@{organisation}.example", Role.MANAGER, organisation=organisation))
    return browser


@pytest.fixture
def national(account: Callable[..., str], browser: Browser, root: Path) -> Browser:
    """The manager of the national line, once the published series was taken in."""
    manager = manager_of(account, browser, "nationell")
    shipped = (root / "docs" / "examples" / "national-series.csv").read_bytes()
    assert "14 siffror lades till." in sent(manager, shipped).text
    return manager


@pytest.fixture
def skane(account: Callable[..., str], browser: Browser) -> Browser:
    return manager_of(account, browser, "skane")


def sent(browser: Browser, content: bytes, **ticked: str) -> TestResponse:
    data = {"csrf_token": browser.token(PAGE), "file": (io.BytesIO(content), "figures.csv"), **ticked}
    return browser.client.post(PAGE, data=data, content_type="multipart/form-data", follow_redirects=True)


def words_of(page: str) -> str:
    """What somebody reads, on one line, with plain spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


def test_the_long_report_says_the_published_series_in_swedish(national: Browser) -> None:
    said = words_of(national.get(PAGE).text)

    assert (
        "4 302 ärenden från 13 mars 2014 till 31 december 2020, enligt publicerade siffror"
        " (Länsstyrelsen Östergötland, rapport 2021-02-16)." in said
    )
    assert "5 157 utsatta personer från 13 mars 2014 till 31 december 2020" in said
    assert "2014 (från 13 mars 2014 till 31 december 2014): 187 ärenden, 20 per månad." in said
    assert "2015: 298 ärenden, 25 per månad." in said
    assert (
        "2016: 455 ärenden, 38 per månad; 53 % fler än 2015 (med 95 % säkerhet mellan 32 % och 77 % fler); "
        "mer än slumpen brukar ge." in said
    )
    assert "2018: 959 ärenden, 80 per månad; 60 % fler än 2017" in said
    assert (
        "2019: 1 019 ärenden, 85 per månad; 6 % fler än 2018 (med 95 % säkerhet mellan 3 % färre och 16 % fler); "
        "inte mer än slumpen kan ge." in said
    )
    assert "2020: 784 ärenden, 65 per månad; 23 % färre än 2019" in said
    assert "2016: 619 utsatta personer, 52 per månad; 40 % fler än 2015." in said


def test_the_long_report_says_the_published_series_in_english(national: Browser) -> None:
    national.get("/language/en")

    said = words_of(national.get(PAGE).text)

    assert "4,302 cases from 13 March 2014 to 31 December 2020, as published" in said
    assert "5,157 exposed persons from 13 March 2014 to 31 December 2020" in said
    assert (
        "2016: 455 cases, 38 a month; 53% more than 2015 (with 95% confidence between 32% and 77% more); "
        "more than chance would give." in said
    )
    assert "2020: 784 cases, 65 a month; 23% fewer than 2019" in said


def test_figures_with_years_between_them_are_not_summed(skane: Browser) -> None:
    row = "skane;calls;{0}-01-01;{0}-12-31;{1};Årsrapport\n"
    months = "skane;cases;2012-01-01;2012-01-31;3;Rapport\nskane;cases;2012-03-01;2012-03-31;4;Rapport\n"
    sent(skane, f"{HEAD}{row.format(2010, 12)}{row.format(2015, 0)}{row.format(2016, 18)}{months}".encode())

    said = words_of(skane.get(PAGE).text)

    assert (
        "12 samtal från 1 januari 2010 till 31 december 2010 och 18 samtal från 1 januari 2015 till 31 december 2016, "
        "enligt publicerade siffror (Årsrapport). För tiden däremellan är ingenting publicerat." in said
    )
    assert "30 samtal" not in said
    assert "2012 (från 1 januari 2012 till 31 mars 2012, med luckor): 7 ärenden" in said
    assert "publicerat från 1 januari 2012 till 31 mars 2012, med luckor" in said


def test_a_year_with_none_after_one_with_some_is_told_without_two_numbers_in_a_row(skane: Browser) -> None:
    row = "skane;calls;{0}-01-01;{0}-12-31;{1};Årsrapport\n"
    sent(skane, f"{HEAD}{row.format(2020, 12)}{row.format(2021, 0)}".encode())

    assert "inga; 2020 var det 12;" in words_of(skane.get(PAGE).text)


def test_published_bars_are_told_apart_by_pattern_and_word(national: Browser) -> None:
    page = national.get(PAGE).text

    assert page.count('fill="url(#hatch-cases)"') == 7
    assert "2014, publicerat: 187 ärenden" in page
    assert "Publicerat på annat håll" in page


def test_a_year_that_is_both_is_said_so_and_never_summed(app: Flask, skane: Browser, policy: Policy) -> None:
    with app.app_context():
        put_someone(db.session())
        held(db.session(), datetime(2023, 12, 31, 10, tzinfo=UTC), "1280", exposed=2)
        held(db.session(), datetime(2024, 2, 1, 10, tzinfo=UTC), "1280")
        count_changes(db.session(), policy)
    sent(skane, f"{HEAD}skane;consultations;2023-01-01;2023-12-31;300;Årsrapport\n".encode())

    said = words_of(skane.get(PAGE).text)

    assert "dels publicerat, dels räknat här: läggs aldrig ihop" in said
    assert "301" not in said
    assert "räknat här från 31 december 2023 till 31 december 2023" in said


def test_a_case_is_on_the_page_as_soon_as_it_is_opened(app: Flask, skane: Browser) -> None:
    with app.app_context():
        put_someone(db.session())
        held(db.session(), datetime(2023, 12, 31, 10, tzinfo=UTC), "1280")
        one = Case(reference=reference_of(100_000).digits, organisation="skane", line="skane", staff_id="ovning")
        one.opened_at = datetime(2024, 2, 1, 10, tzinfo=UTC)
        db.session.add(one)
        db.session.commit()

    file = skane.get("/trends/history.csv").data.decode("utf-8-sig")

    assert "Ärenden;räknat här;2024-01-01;2024-12-31;1;" in file


def test_what_stands_there_is_replaced_by_a_tick_alone(skane: Browser) -> None:
    row = "skane;cases;2015-01-01;2015-12-31;{};Rapport\n"
    sent(skane, f"{HEAD}{row.format(298)}".encode())

    refused = sent(skane, f"{HEAD}{row.format(299)}".encode())
    done = sent(skane, f"{HEAD}{row.format(299)}".encode(), replace="yes")

    assert refused.status_code == 422
    assert "Rad 2, antal: 298 finns redan för den här perioden" in words_of(refused.text)
    assert "1 ersattes." in done.text
    assert "299 ärenden" in words_of(done.text)


def test_a_series_is_taken_away_again(app: Flask, national: Browser) -> None:
    answer = national.fill(PAGE, to="/trends/history/nationell/cases/remove")

    assert answer.status_code == 303
    with app.app_context():
        assert {one.unit.value for one in db.session.scalars(select(EarlierFigure))} == {"exposed_persons"}
        records = set(db.session.scalars(select(AuditEntry.record)))
        assert "earlier_figure:nationell" in records
    assert national.fill(PAGE, to="/trends/history/nationell/cases/remove").status_code == 404
    assert national.fill(PAGE, to="/trends/history/nationell/things/remove").status_code == 404


def test_the_file_keeps_published_figures_at_their_own_grain(national: Browser) -> None:
    answer = national.get("/trends/history.csv")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][1:6] == ["Ärenden", "publicerat", "2014-03-13", "2014-12-31", "187"]
    assert rows[1][6].startswith("Länsstyrelsen")
    assert len(rows) == 15


def test_figures_of_other_houses_are_neither_taken_in_nor_shown(skane: Browser, app: Flask, root: Path) -> None:
    answer = sent(skane, (root / "docs" / "examples" / "national-series.csv").read_bytes())

    assert answer.status_code == 422
    assert "”nationell” är inte nyckeln till någon av dina linjer." in answer.text
    assert skane.get(f"{PAGE}?line=nationell").status_code == 404
    assert "Inget har räknats eller lästs in än" in skane.get(PAGE).text
    with app.app_context():
        assert db.session.scalars(select(EarlierFigure)).all() == []


def test_specialists_see_the_curve_and_no_way_to_change_it(account: Callable[..., str], browser: Browser) -> None:
    browser.sign_in(account("astrid@skane.example", Role.SPECIALIST))

    page = browser.get(PAGE)

    assert page.status_code == 200
    assert 'type="file"' not in page.text
    assert browser.fill("/account", to=PAGE).status_code == 403
