"""The page of figures says what was destroyed by decision: since when, how many by month, and no zero instead."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from app.domain.permissions import Role
from app.domain.retention import RecordClass
from app.storage.base import db
from app.web.desk.figures.figures_shown import GONE
from tests.services.old_records import Matter, decide, purge, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.web.desk.conftest import Browser

AGE = 558
"""Of 14 May 2025, as seen from the tests of retention."""
MAY = "?line=skane&until=2025-W26"


@pytest.fixture
def manager(account: Callable[..., str], browser: Browser) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


@pytest.fixture
def destroyed(app: Flask) -> None:
    with app.app_context():
        put_people(db.session())
        put(db.session(), [Matter(began=AGE), Matter(began=AGE, held=False)])
        decide(db.session(), {RecordClass.CONSULTATIONS: 12, RecordClass.CALLS: 12})
        purge(db.session())


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.usefixtures("destroyed")
def test_it_is_said_from_which_month_and_how_many_there_were(manager: Browser) -> None:
    page = manager.get(f"/figures{MAY}").text

    said = words_of(page)
    assert "uppgifter för maj 2025 har gallrats enligt beslut" in said
    assert "Inget räknades under den här perioden" not in said
    row = re.search(r">maj 2025</span>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert words_of(row[0])[1:].split()[-3:] == ["2", "1", "0"]
    assert {"destroyed"} <= set(re.findall(r'href="#([\w-]+)"', page)) & set(re.findall(r'\bid="([\w-]+)"', page))


@pytest.mark.usefixtures("destroyed")
def test_neither_table_nor_chart_nor_file_says_zero_for_its_weeks(manager: Browser) -> None:
    page = manager.get(f"/figures{MAY}").text
    file = manager.get(f"/figures.csv{MAY}").data.decode("utf-8-sig")

    weeks = {row[2]: row[6:] for row in csv.reader(io.StringIO(file, newline=""), delimiter=";")}
    assert weeks["20"] == ["", "", "0"]
    assert weeks["25"] == ["0", "0", "0"]
    assert page.count("<title>Vecka 20 2025: gallrat enligt beslut</title>") == 2
    row = re.search(r"<span>Vecka 20 2025</span>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert words_of(row[0]).split()[-3:] == [GONE, GONE, "0"]


@pytest.mark.usefixtures("destroyed")
def test_nothing_is_said_of_it_beside_other_weeks(manager: Browser) -> None:
    assert "gallrats" not in words_of(manager.get("/figures?line=skane").text)
