"""The lists: what is looked for and where that is said, pages, saved views, and files."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from app.domain.audit import What
from app.domain.calls import Outcome, Source
from app.domain.cases import reference_of
from app.domain.followups import FollowUpEnd
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.storage.base import db
from app.storage.models import (
    AuditEntry,
    Call,
    Case,
    Consultation,
    ConsultationNote,
    ConsultationTag,
    FollowUp,
    SavedView,
    Staff,
)
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

NOW = datetime.now(UTC).replace(microsecond=0)
NUMBER = "19121212-1212"
_LINK = re.compile(r'href="([^"#]+)"')
_references = count(100_000)


@pytest.fixture
def browser(app: Flask, account: Callable[..., str], browser: Browser) -> Browser:
    """Of a specialist; another one is called like a formula."""
    browser.sign_in(account())
    with app.app_context():
        for number, alias in enumerate(("Alfa", "=1+1")):
            phone = PhoneNumber(f"+4670174065{number}")
            one = Staff(id=f"staff-{number}", organisation="skane", alias=alias, name="Övning", phone=phone)
            one.competences, one.languages, one.created_at = [], [], NOW
            db.session.add(one)
        db.session.commit()
    return browser


def held(app: Flask, minutes_ago: int, staff: int = 0, *, is_complete: bool = False, **tags: str) -> int:
    at = NOW - timedelta(minutes=minutes_ago)
    with app.app_context():
        one = Consultation(organisation="skane", line="skane", source=Source.PRACTICE, opened_at=at, held_at=at)
        one.staff_id, one.closed_at = f"staff-{staff}", at if is_complete else None
        db.session.add(one)
        db.session.flush()
        for kind, code in tags.items():
            db.session.add(ConsultationTag(consultation_id=one.id, kind=kind, code=code, position=1))
        db.session.add(ConsultationNote(consultation_id=one.id, text="Hemligt"))
        db.session.commit()
        return one.id


def promised(app: Flask, days_ago: int, staff: int = 0, ended_as: FollowUpEnd | None = None) -> str:
    record = held(app, days_ago * 24 * 60, staff)
    at, reference = NOW - timedelta(days=days_ago), reference_of(next(_references)).digits
    with app.app_context():
        case = Case(reference=reference, organisation="skane", line="skane", staff_id=f"staff-{staff}", opened_at=at)
        db.session.add(case)
        db.session.flush()
        one = FollowUp(case_id=case.id, consultation_id=record, organisation="skane", line="skane", promised_at=at)
        one.within_days, one.ended_as, one.ended_at = 14, ended_as, NOW if ended_as else None
        db.session.add(one)
        db.session.commit()
    return f"{reference[:3]} {reference[3:6]} {reference[6:]}"


def chooses(browser: Browser, **fields: str) -> TestResponse:
    return browser.fill("/records", "/records/filter", **fields)


def records_on(page: str) -> list[int]:
    """The records that a list has, and not those that are the reader's own to complete."""
    return [int(number) for number in re.findall(r'href="/records/(\d+)"', page)]


def rows_of(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def linked(page: str, words: str) -> str:
    """Where a link with these words leads; empty when there is none."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>\s*{words}\s*</a>', page)
    return unescape(found[1]) if found else ""


def test_tags_and_municipalities_are_in_no_address_and_in_no_log(app: Flask, browser: Browser) -> None:
    wanted, _ = held(app, 5, theme="FYS", gap="RUTIN"), held(app, 6, theme="PSYK")

    answer = chooses(browser, theme="FYS", state="to_complete")
    page = browser.get(answer.location).text

    assert parse_qs(urlsplit(answer.location).query).keys() == {"view"}
    assert records_on(page) == [wanted]
    assert "Tema: Fysiskt våld" in page
    assert not [link for link in _LINK.findall(page) if "FYS" in link or "theme" in link]
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.OPENED_RECORD)).all()
        assert (entries[-1].record, entries[-1].fields) == (f"consultation:{wanted}-{wanted}", "line.skane,shown.1")


def test_an_address_that_says_tags_is_not_heard(app: Flask, browser: Browser) -> None:
    both = {held(app, 5, theme="FYS"), held(app, 6, theme="PSYK")}

    assert set(records_on(browser.get("/records?theme=FYS&municipality=1280").text)) == both


def test_line_period_state_and_specialist_stand_in_the_address(app: Flask, browser: Browser) -> None:
    wanted = held(app, 5, is_complete=True)
    held(app, 6)
    held(app, 7, 1, is_complete=True)

    answer = chooses(browser, state="complete", first="2020-01-01", staff="staff-0")

    assert answer.location == "/records?first=2020-01-01&state=complete&staff=staff-0"
    assert records_on(browser.get(answer.location).text) == [wanted]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SavedView)) == 0


def test_one_choice_is_taken_away_and_the_others_stay(app: Flask, browser: Browser) -> None:
    held(app, 5, theme="FYS", service="SOC")

    answer = chooses(browser, theme="FYS", service="SOC", state="to_complete", without="theme")
    page = browser.get(answer.location).text

    assert "Verksamhet: Socialtjänst" in page
    assert "Tema: Fysiskt våld" not in page
    assert chooses(browser, theme="FYS", without="theme").location == "/records"


def test_the_same_choice_is_kept_once(browser: Browser) -> None:
    first, again = chooses(browser, theme="FYS").location, chooses(browser, theme="FYS").location

    assert first == again


@pytest.mark.parametrize(
    "wrong", [{"first": "nonsense"}, {"theme": "NEJ"}, {"first": "2026-02-01", "last": "2026-01-01"}], ids=str
)
def test_what_cannot_be_looked_for_is_said_and_kept_in_the_form(browser: Browser, wrong: dict[str, str]) -> None:
    answer = chooses(browser, service="SOC", **wrong)

    assert answer.status_code == 422
    assert '<option selected value="SOC">' in answer.text
    assert "En sak behöver rättas" in answer.text


@pytest.mark.parametrize("view", ["nowhere", "\x00", "å" * 300])
def test_a_view_that_is_not_kept_is_the_whole_list_and_says_so(app: Flask, browser: Browser, view: str) -> None:
    one = held(app, 5)

    answer = browser.client.get("/records", query_string={"view": view})

    assert records_on(answer.text) == [one]
    assert "Det urvalet finns inte kvar" in answer.text


def test_pages_show_every_record_once_there_and_back(app: Flask, browser: Browser) -> None:
    made = [held(app, minute) for minute in range(60)]
    there, addresses = [], ["/records"]
    while addresses[-1]:
        page = browser.get(addresses[-1]).text
        there.append(records_on(page))
        addresses.append(linked(page, "Äldre"))
        held(app, -5)

    back = browser.get(linked(browser.get(addresses[-2]).text, "Nyare")).text

    assert [one for page in there for one in page] == made
    assert records_on(back) == there[-2]


def test_a_view_is_saved_renamed_and_deleted(app: Flask, browser: Browser) -> None:
    wanted, _ = held(app, 5, theme="FYS"), held(app, 6)
    chosen = chooses(browser, theme="FYS").location
    view = parse_qs(urlsplit(chosen).query)["view"][0]

    saved = browser.fill(chosen, "/records/views", name="  Våld i  veckan ", view=view).location
    named = parse_qs(urlsplit(saved).query)["view"][0]

    assert linked(browser.get("/records").text, "Våld i veckan") == saved
    assert records_on(browser.get(saved).text) == [wanted]
    assert "Våld i veckan" not in browser.get("/calls").text

    renamed = browser.fill(saved, f"/views/{named}/rename", name="Annat")

    assert renamed.location == saved
    assert linked(browser.get("/records").text, "Annat") == saved

    assert browser.fill(saved, f"/views/{named}/delete").location == "/records"
    browser.get("/records")  # says once that it is gone
    assert linked(browser.get("/records").text, "Annat") == ""


def test_a_name_is_neither_taken_twice_nor_a_personal_number(browser: Browser) -> None:
    first = browser.fill("/records", "/records/views", name="Klara", state="complete")

    twice = browser.fill("/records", "/records/views", name="Klara", state="to_complete")
    personal = browser.fill("/records", "/records/views", name=f"Om {NUMBER}", state="to_complete")
    empty = browser.fill("/records", "/records/views", name="  ", state="to_complete")

    assert first.status_code == 303
    assert {twice.status_code, personal.status_code, empty.status_code} == {422}
    assert "Du har redan ett urval av den här listan med det namnet." in twice.text
    assert "Läge: Att göra klar" in twice.text
    assert f'value="Om {NUMBER}"' in personal.text


def test_nobody_finds_the_views_of_another(app: Flask, browser: Browser, account: Callable[..., str]) -> None:
    saved = browser.fill("/records", "/records/views", name="Mitt", state="complete").location
    view = parse_qs(urlsplit(saved).query)["view"][0]
    other = Browser(app.test_client())
    other.sign_in(account("beate@skane.example"))

    assert linked(other.get("/records").text, "Mitt") == ""
    assert "Det urvalet finns inte kvar" in other.get(saved).text
    assert other.fill("/records", f"/views/{view}/delete").status_code == 404
    assert other.fill("/records", f"/views/{view}/rename", name="Ditt").status_code == 404


def test_the_file_has_all_rows_harmless_and_no_note_and_is_in_the_log(app: Flask, browser: Browser) -> None:
    made = [held(app, minute, 1, service="SOC") for minute in range(30)]
    held(app, 50, 0)

    answer = browser.get("/records.csv?staff=staff-1")
    head, *rows = rows_of(answer)

    assert [int(row[0]) for row in rows] == made
    assert {row[5] for row in rows} == {"'=1+1"}
    assert {row[3] for row in rows} == {"Socialtjänst"}
    assert "Hemligt" not in answer.text
    assert len(head) == len(rows[0])
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.EXPORTED)).one()
        assert (entry.record, entry.fields) == ("records:file", "line.skane")


def test_calls_say_what_became_of_them(app: Flask, browser: Browser) -> None:
    for number, outcome in enumerate((Outcome.ABANDONED, Outcome.UNANSWERED)):
        with app.app_context():
            call = Call(sid=f"CA{number:032x}", organisation="skane", line="skane", source=Source.PRACTICE)
            call.started_at = call.last_heard_at = NOW - timedelta(minutes=number)
            call.ended_at, call.arrived, call.outcome = NOW, True, outcome
            db.session.add(call)
            db.session.commit()

    page = browser.get("/calls?state=abandoned").text

    assert page.count('role="rowheader"') == 1
    assert "Lade på före svar" in page
    assert [row[2] for row in rows_of(browser.get("/calls.csv"))[1:]] == ["Lade på före svar", "Ingen svarade"]


def test_cases_and_follow_ups_say_whose_they_are_and_not_what_they_are_about(
    app: Flask, account: Callable[..., str], browser: Browser
) -> None:
    late, soon, over = promised(app, 40), promised(app, 2, 1), promised(app, 30, ended_as=FollowUpEnd.DONE)
    del browser
    coordinator = Browser(app.test_client())
    coordinator.sign_in(account("koord@skane.example", Role.COORDINATOR))

    to_do = coordinator.get("/follow-ups").text
    overdue = coordinator.get("/follow-ups?state=overdue").text
    ended = coordinator.get("/follow-ups?state=ended").text
    cases = coordinator.get("/cases?staff=staff-1").text

    assert to_do.index(late) < to_do.index(soon)
    assert over not in to_do
    assert (late in overdue, soon in overdue) == (True, False)
    assert (over in ended, late in ended) == (True, False)
    assert (soon in cases, late in cases) == (True, False)
    assert records_on(to_do + ended + cases) == []
    assert [row[0] for row in rows_of(coordinator.get("/follow-ups.csv"))[1:]] == [late, soon]
    assert [row[0] for row in rows_of(coordinator.get("/follow-ups.csv?state=ended"))[1:]] == [over]
    assert {row[0] for row in rows_of(coordinator.get("/cases.csv"))[1:]} == {late, soon, over}


def test_mine_are_those_that_i_am_responsible_for(app: Flask, browser: Browser, account: Callable[..., str]) -> None:
    theirs = promised(app, 2)
    del browser
    manager = Browser(app.test_client())
    manager.sign_in(account("chef@skane.example", Role.MANAGER))

    assert theirs in manager.get("/follow-ups").text
    assert theirs not in manager.get("/follow-ups?state=mine").text


@pytest.mark.parametrize("path", ["/records", "/calls", "/cases", "/follow-ups"])
@pytest.mark.parametrize(("query", "words"), [("", "Visa allt"), ("?state=complete&first=2020-01-01", "Visa allt")])
def test_an_empty_list_says_what_to_do(browser: Browser, path: str, query: str, words: str) -> None:
    page = browser.get(path + query).text

    assert 'class="empty"' in page
    assert (words in page) == ("Det här visas:" in page)
