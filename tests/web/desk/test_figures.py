"""The page of figures and its file: what they say, to whom, and that every number leads to what it counts."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.calls import Outcome, Source
from app.domain.lines import LineKey
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.factory import create_app
from app.storage.base import db
from app.storage.models import AuditEntry, Call, Consultation, ConsultationTag, Staff
from app.web.desk.figures.figures_file import harmless
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from app.domain.policy import Policy
    from app.settings import Settings

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = LineKey("skane-natt")
_numbers = count(1)


def last_week() -> datetime:
    """Of this moment, not of the import: a week may begin in a long run."""
    return datetime.now(STOCKHOLM) - timedelta(weeks=1)


def long_ago() -> datetime:
    return last_week() - timedelta(weeks=39)


@pytest.fixture
def manager(account: Callable[..., str], browser: Browser) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


@pytest.fixture
def settings(settings: Settings, policy: Policy) -> Settings:
    """One organisation has a second line."""
    skane = LineKey("skane")
    second = replace(policy.lines[skane], key=NIGHT, name="Övning natt")
    lines, schedules = {**policy.lines, NIGHT: second}, {**policy.schedules, NIGHT: policy.schedules[skane]}
    wider = replace(policy, lines=lines, schedules=schedules, flows={**policy.flows, NIGHT: policy.flows[skane]})
    return replace(settings, policy=wider)


def has_called(app: Flask, at: datetime, line: str = "skane", organisation: str = "skane") -> None:
    with app.app_context():
        one = Call(sid=f"CA{next(_numbers):032x}", line=line, organisation=organisation, source=Source.PRACTICE)
        one.started_at, one.last_heard_at, one.arrived, one.outcome = at, at, True, Outcome.ABANDONED
        db.session.add(one)
        db.session.commit()


def was_held(app: Flask, at: datetime, kind: str = "ARENDE") -> None:
    number = next(_numbers)
    with app.app_context():
        phone = PhoneNumber(f"+46701740{640 + number % 60}")
        who = Staff(id=f"staff-{number}", organisation="skane", alias=f"Övning {number}", name="Övning", phone=phone)
        who.competences, who.languages, who.created_at = [], [], at
        db.session.add(who)
        db.session.flush()
        one = Consultation(line="skane", organisation="skane", source=Source.PRACTICE, opened_at=at, held_at=at)
        one.staff_id = who.id
        db.session.add(one)
        db.session.flush()
        db.session.add(ConsultationTag(consultation_id=one.id, kind="type", code=kind, position=1))
        db.session.commit()


def words_of(page: str) -> str:
    """What somebody reads, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows_of(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_page_says_in_words_how_many_and_how_many_more(app: Flask, manager: Browser) -> None:
    has_called(app, long_ago())
    has_called(app, last_week())
    has_called(app, last_week())
    was_held(app, last_week())
    was_held(app, last_week(), "FEL")
    was_held(app, last_week() - timedelta(weeks=13))
    was_held(app, last_week() - timedelta(weeks=13))

    said = words_of(manager.get("/figures?line=skane").text)

    assert "1 genomförd konsultation på 13 veckor: 1 färre än de 13 veckorna före." in said
    assert "2 samtal på 13 veckor: 2 fler än de 13 veckorna före." in said
    assert "1 genomförd med fel målgrupp på 13 veckor." in said


def test_as_many_as_before_is_said_so(app: Flask, manager: Browser) -> None:
    has_called(app, long_ago())

    said = words_of(manager.get("/figures?line=skane&span=26").text)

    assert "Inget räknades under den här perioden" in said
    has_called(app, last_week())
    has_called(app, last_week() - timedelta(weeks=13))
    assert "1 samtal på 13 veckor: lika många som de 13 veckorna före." in words_of(
        manager.get("/figures?line=skane").text
    )


def test_what_was_not_counted_is_not_compared(app: Flask, manager: Browser) -> None:
    has_called(app, last_week())

    said = words_of(manager.get("/figures?line=skane").text)

    assert "1 samtal på 13 veckor. " in said
    assert "Tidigare veckor räknades inte" in said


def weeks_of(page: str) -> str:
    """The part of the page that is told by the week; follow-ups are told by what became of them."""
    return page.partition('<section class="kept"')[0]


def test_every_number_leads_to_what_it_counts(app: Flask, manager: Browser) -> None:
    has_called(app, last_week())

    page = manager.get("/figures").text

    targets = set(re.findall(r'href="#([\w-]+)"', page)) - {"main"}
    assert targets == {"calls", "held", "wrong-target", "kept"}
    assert targets <= set(re.findall(r'\bid="([\w-]+)"', page))


def test_a_chart_says_in_words_what_it_shows_and_has_its_numbers_beneath(app: Flask, manager: Browser) -> None:
    has_called(app, last_week())
    has_called(app, datetime.now(STOCKHOLM))

    page = weeks_of(manager.get("/figures?line=skane").text)

    year, week, _ = last_week().isocalendar()
    assert re.search(
        rf'role="img" aria-label="Samtal per vecka: staplar från .* mest: 1 \(vecka {week} {year}\)\."', page
    )
    assert page.count("<rect ") == 2 * 14
    assert page.count('class="so-far"') == 2
    assert page.count('role="rowheader"') == 14
    assert "(inte slut ännu)" in page


def test_the_file_holds_what_the_page_shows(app: Flask, manager: Browser) -> None:
    has_called(app, last_week())
    was_held(app, last_week())
    was_held(app, last_week(), "FEL")

    page = manager.get("/figures?line=skane").text
    address = re.search(r'href="(/figures\.csv[^"]*)"', page)
    assert address is not None
    answer = manager.get(address[1].replace("&amp;", "&"))

    rows = rows_of(answer.data)
    year, week, _ = last_week().isocalendar()
    assert rows[0] == [
        "Linje",
        "År",
        "Vecka",
        "Från",
        "Till",
        "Veckan är slut",
        "Samtal (uppringd linje)",
        "Genomförda konsultationer (svarande linje)",
        "Genomförda, fel målgrupp (svarande linje)",
    ]
    assert len(rows) == 1 + 14
    assert rows[-2][1:3] == [str(year), str(week)]
    assert rows[-2][5:] == ["ja", "1", "1", "1"]
    assert rows[-1][5:] == ["nej", "0", "0", "0"]
    assert re.findall(r'class="figure-cell">\s*<span>(\d+)</span>', weeks_of(page)) == [
        cell for row in rows[1:] for cell in row[6:]
    ]


def test_excel_in_swedish_opens_the_file_with_a_double_click(app: Flask, manager: Browser) -> None:
    has_called(app, last_week())

    answer = manager.get("/figures.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.data.endswith(b"\r\n")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="radrum-\d{4}-W\d\d-\d{4}-W\d\d\.csv"', answer.headers["Content-Disposition"]
    )


def test_whoever_takes_the_file_is_in_the_log(app: Flask, manager: Browser) -> None:
    manager.get(f"/figures?line={NIGHT}")

    answer = manager.get(f"/figures.csv?line={NIGHT}")

    first, last = re.findall(r"\d{4}-W\d\d", answer.headers["Content-Disposition"])
    with app.app_context():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.EXPORTED)).all()
        assert [(one.record, one.fields) for one in noted] == [(f"figures:{first}_{last}", "line.skane_natt")]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_calculated(begins: str) -> None:
    assert harmless(f"{begins}1+1") == f"'{begins}1+1"
    assert harmless("Övning") == "Övning"
    assert harmless(-1) == -1


def test_who_reaches_several_lines_sees_each_by_itself_and_chooses(app: Flask, manager: Browser) -> None:
    has_called(app, last_week())
    has_called(app, last_week(), NIGHT)
    has_called(app, last_week(), NIGHT)

    both, one = manager.get("/figures").text, manager.get(f"/figures?line={NIGHT}").text

    assert both.count("<figure") == 2
    assert "3 samtal på 13 veckor" in words_of(both)
    assert "2 samtal , 0 genomförda konsultationer" in words_of(both)
    assert one.count("<figure") == 1
    assert "2 samtal på 13 veckor" in words_of(one)
    assert re.search(rf'value="{NIGHT}"\s+checked', one)
    assert not re.search(r'value="skane"\s+checked', one)


def test_what_another_organisation_was_called_about_is_not_shown(app: Flask, manager: Browser) -> None:
    has_called(app, last_week(), "nationell", "nationell")

    assert "Inget räknades under den här perioden" in words_of(manager.get("/figures").text)
    for address in ("/figures?line=nationell", "/figures.csv?line=nationell", "/figures?line=nowhere"):
        assert manager.get(address).status_code == 404


@pytest.mark.parametrize(
    "asked", ["span=99", "until=2026-W99", "until=yesterday", "until=0001-W01", "until=2999-W01", "span=&until="]
)
def test_what_cannot_be_read_in_an_address_is_as_if_it_were_not_there(app: Flask, manager: Browser, asked: str) -> None:
    has_called(app, last_week())

    answer = manager.get(f"/figures?{asked}")

    assert answer.status_code == 200
    assert "1 samtal på 13 veckor" in words_of(answer.text)


def test_one_goes_from_period_to_period_and_stays_with_the_lines(app: Flask, manager: Browser) -> None:
    has_called(app, long_ago())
    has_called(app, last_week())

    first = manager.get("/figures?span=26&line=skane").text
    earlier = re.search(r'href="([^"]+)" rel="prev"', first)
    assert earlier is not None
    second = manager.get(earlier[1].replace("&amp;", "&")).text
    later = re.search(r'href="([^"]+)" rel="next"', second)
    assert later is not None
    back = manager.get(later[1].replace("&amp;", "&")).text

    assert 'rel="next"' not in first
    assert "1 samtal på 26 veckor" in words_of(second)
    assert 'type="hidden" name="until"' in second
    assert 'class="so-far"' not in second
    assert words_of(back) == words_of(first)


@pytest.mark.parametrize("span", ["13", "26", "52", "year"])
def test_each_length_has_its_page_and_its_file(app: Flask, manager: Browser, span: str) -> None:
    has_called(app, long_ago() - timedelta(weeks=80))
    has_called(app, last_week())

    page, file = manager.get(f"/figures?span={span}"), manager.get(f"/figures.csv?span={span}")

    assert re.search(rf'value="{span}"\s+checked', page.text)
    assert rows_of(file.data)[-1][5] == "nej"
    assert page.text.count("<rect ") == 2 * (len(rows_of(file.data)) - 1)


@pytest.fixture
def without_lines(settings: Settings, policy: Policy) -> Iterator[Flask]:
    """The organisation's line isn't configured any more; the account is from before."""
    elsewhere = {key: line for key, line in policy.lines.items() if line.organisation != "skane"}
    app = create_app(replace(settings, policy=replace(policy, lines=elsewhere)))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_without_a_line_the_page_says_whom_to_ask(without_lines: Flask, account: Callable[..., str]) -> None:
    browser = Browser(without_lines.test_client())
    browser.sign_in(account("chef@skane.example", Role.MANAGER))

    assert "Fråga en administratör" in words_of(browser.get("/figures").text)
    assert len(rows_of(browser.get("/figures.csv").data)) == 1
