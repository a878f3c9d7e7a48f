"""The record without a script, and what its script is answered: nothing lost, nothing overwritten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.domain.calls import AttemptState, Outcome, Source
from app.domain.consultations import LONGEST_NOTE
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.domain.rotas import Tier
from app.services.record import record_pages
from app.storage.base import db
from app.storage.models import Account, Attempt, AuditEntry, Call, Consultation, ConsultationNote, Staff
from app.storage.queries.consultations import answers_of
from app.storage.types import keyring
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from werkzeug.test import TestResponse


NOW = datetime.now(UTC)
NUMBER = "19121212-1212"
PRESSED = ("", "/save", "/complete")


def _is_sent(given: Mapping[str, str]) -> bool:
    return given.get("type") not in {"radio", "checkbox"} or "checked" in given


class _Fields(HTMLParser):
    """What a browser without a script would send of the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.found.setdefault(self._select, []).append(given["value"])
        elif tag == "textarea":
            self._text = given["name"]
        elif tag == "input" and given.get("name") and _is_sent(given):
            self.found.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.found.setdefault(self._text, []).append(data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""


def fields_of(answer: TestResponse) -> dict[str, Any]:
    parser = _Fields()
    parser.feed(answer.get_data(as_text=True))
    return dict(parser.found)


def invalid(answer: TestResponse) -> set[str]:
    """The controls that are said to be wrong to whoever listens."""
    controls = re.findall(r"<(?:select|input|textarea)[^>]*>", answer.get_data(as_text=True))
    return {re.findall(r'name="(\w+)"', one)[0] for one in controls if 'aria-invalid="true"' in one}


@dataclass
class Page:
    """One open page of a record."""

    browser: Browser
    path: str

    def fields(self) -> dict[str, Any]:
        return fields_of(self.browser.get(self.path))

    def sends(self, fields: Mapping[str, Any], **more: object) -> TestResponse:
        return self.browser.client.post(self.path, data={**fields, **more})

    def saves(self, fields: Mapping[str, list[str]], note: str | None = None) -> TestResponse:
        token = self.fields()["csrf_token"][-1]
        sent = {"fields": dict(fields), "note": note, "version": 0, "page": "p"}
        return self.browser.client.post(f"{self.path}/save", json=sent, headers={"X-CSRFToken": token})


@pytest.fixture
def record(app: Flask) -> int:
    with app.app_context():
        made = Consultation(organisation="skane", line="skane", source=Source.PRACTICE, opened_at=NOW)
        db.session.add(made)
        db.session.commit()
        return made.id


@pytest.fixture
def page(browser: Browser, account: Callable[..., str], record: int) -> Page:
    browser.sign_in(account())
    return Page(browser, f"/records/{record}")


@pytest.fixture
def stored(app: Flask, record: int) -> Callable[[], dict[str, Any]]:
    def look() -> dict[str, Any]:
        with app.app_context():
            one = db.session.get_one(Consultation, record)
            answers = answers_of(db.session(), [one])[record]
            note = db.session.get(ConsultationNote, record)
            chosen: dict[str, Any] = {str(key): codes for key, codes in answers.chosen.items()}
            return {**chosen, "exposed": answers.exposed, "note": note.text if note else ""}

    return look


def test_a_form_is_saved_and_says_so(page: Page, stored: Callable[[], dict[str, Any]]) -> None:
    answer = page.sends(page.fields(), service="SOC", theme=["FYS", "PSYK"], place="1280", note="Rad ett\r\nRad två")

    assert answer.status_code == 303
    assert "Sparat." in page.browser.get(page.path).get_data(as_text=True)
    assert stored() == {"service": ("SOC",), "theme": ("PSYK", "FYS"), "exposed": None, "note": "Rad ett\nRad två"}


def test_a_form_sends_again_what_it_showed_without_changing_anything(page: Page, app: Flask) -> None:
    page.sends(page.fields(), service="SOC", type="ARENDE", exposed="2", note="Rad ett\r\nRad två")
    again = page.fields()
    answer = page.sends(again, note="Rad ett\r\nRad två")

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalar(select(Consultation.version)) == 1


def test_a_form_keeps_what_was_typed_and_says_by_the_field_what_is_wrong(
    page: Page, stored: Callable[[], dict[str, Any]]
) -> None:
    page.sends(page.fields(), type="ARENDE")

    answer = page.sends(page.fields(), service="SOC", exposed="många", note="det jag skrev")
    text = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert 'href="#exposed"' in text
    assert 'id="exposed-error"' in text
    assert invalid(answer) == {"exposed"}
    assert fields_of(answer)["exposed"] == ["många"]
    assert fields_of(answer)["service"] == ["SOC"]
    assert fields_of(answer)["note"] == ["det jag skrev"]
    assert stored()["note"] == ""


def test_a_stale_form_says_who_changed_what_and_keeps_what_was_typed(
    page: Page, app: Flask, account: Callable[..., str], stored: Callable[[], dict[str, Any]]
) -> None:
    mine = page.fields()
    other = Browser(app.test_client())
    other.sign_in(account("beate@skane.example"))
    theirs = Page(other, page.path)
    theirs.sends(theirs.fields(), service="POLIS", advice="ORO")

    answer = page.sends(mine, service="SOC", note="mitt")
    text = answer.get_data(as_text=True)
    kept = fields_of(answer)
    again = page.sends(kept)

    assert answer.status_code == 409
    assert "beate skrev: Polis" in text
    assert kept["service"] == ["SOC"]
    assert kept["note"] == ["mitt"]
    assert again.status_code == 303
    assert stored() == {"service": ("SOC",), "advice": ("ORO",), "exposed": None, "note": "mitt"}


def test_a_form_with_a_personal_number_saves_everything_but_the_note(
    page: Page, stored: Callable[[], dict[str, Any]]
) -> None:
    answer = page.sends(page.fields(), service="SOC", note=f"om {NUMBER}")

    assert answer.status_code == 422
    assert 'href="#note"' in answer.get_data(as_text=True)
    assert invalid(answer) == {"note"}
    assert fields_of(answer)["note"] == [f"om {NUMBER}"]
    assert stored() == {"service": ("SOC",), "exposed": None, "note": ""}


def test_a_record_is_not_complete_while_its_note_is_not_saved(page: Page, app: Flask) -> None:
    answers = {"service": "SOC", "place": "1280", "type": "ARENDE", "theme": "FYS", "advice": "ORO"}

    refused = page.sends(page.fields(), **answers, note=f"om {NUMBER}", then="complete")
    with app.app_context():
        closed = db.session.scalars(select(Consultation.closed_at)).all()

    assert refused.status_code == 422
    assert closed == [None]
    assert page.sends(fields_of(refused), note="om åldern", then="complete").status_code == 303


def test_completing_by_the_form_names_what_is_left(page: Page) -> None:
    answer = page.sends(page.fields(), service="SOC", then="complete")

    assert answer.status_code == 422
    assert all(f'href="#{field}' in answer.get_data(as_text=True) for field in ("place", "type", "theme", "advice"))


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"fields": []},
        {"fields": {"service": "SOC"}, "version": 0, "page": ""},
        {"fields": {"service": ["SOC"]}, "version": 0, "page": "\x00"},
        {"fields": {"service": ["SOC"]}, "version": 0, "page": "\ud83d"},
    ],
    ids=["nothing", "a list", "empty", "fields of a list", "a word for a list", "a page of NUL", "half a sign"],
)
def test_a_save_of_another_shape_is_refused(page: Page, sent: object) -> None:
    token = page.fields()["csrf_token"][-1]

    answer = page.browser.client.post(f"{page.path}/save", json=sent, headers={"X-CSRFToken": token})

    assert answer.status_code == 400


@pytest.mark.parametrize("number", [2**31, 10**30])
def test_a_record_of_a_number_that_no_database_counts_to_is_not_found(page: Page, number: int) -> None:
    token, where = page.fields()["csrf_token"][-1], f"/records/{number}"
    headers = {"X-CSRFToken": token}

    asked = [
        page.browser.get(where),
        *(page.browser.client.post(f"{where}{what}", headers=headers) for what in PRESSED),
    ]

    assert {answer.status_code for answer in asked} <= {404, 405}


@pytest.mark.parametrize(
    "before",
    [
        "0001-01-01T00:00:00+23:59_1",
        "9999-12-31T23:59:59-23:59_1",
        f"2026-11-20T10:00:00+00:00_{2**31}",
        f"2026-11-20T10:00:00+00:00_{10**30}",
        "2026-11-20T10:00:00+00:00_-1",
        "2026-11-20T10:00:00_1",
        "\x00_1",
        "_",
    ],
)
def test_a_place_that_no_list_has_is_its_beginning(page: Page, before: str) -> None:
    answer = page.browser.client.get("/records", query_string={"before": before})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("field", "words"),
    [("service", ["NEJ"]), ("place", ["9999"]), ("place", ["Malmö"]), ("exposed", ["3"]), ("nothing", ["1"])],
)
def test_a_save_of_what_is_no_answer_names_the_field(page: Page, field: str, words: list[str]) -> None:
    answer = page.saves({field: words})

    assert answer.status_code == 422
    assert [one["field"] for one in answer.get_json()["errors"]] == [field]


def test_a_note_that_is_too_long_is_not_cut(page: Page, stored: Callable[[], dict[str, Any]]) -> None:
    answer = page.saves({"service": ["SOC"]}, note="å" * (LONGEST_NOTE + 1))

    assert answer.get_json()["note_refused"]
    assert stored() == {"service": ("SOC",), "exposed": None, "note": ""}


def test_without_its_key_a_record_stays_shut_and_the_log_names_the_key(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    page.saves({"service": ["SOC"]}, note="om situationen")
    keyring.load({"another": b"fedcba9876543210fedcba9876543210"})

    answer = page.browser.get(page.path)

    assert answer.status_code == 503
    assert "om situationen" not in answer.get_data(as_text=True)
    assert "the data key test, which sealed a value of consultation_note.text" in caplog.text


def test_half_a_sign_in_a_note_does_not_keep_the_rest_from_being_saved(
    page: Page, stored: Callable[[], dict[str, Any]]
) -> None:
    answer = page.saves({"service": ["SOC"]}, note="Hej \ud83d då \U0001f600")

    assert answer.status_code == 200
    assert stored()["note"] == "Hej  då \U0001f600"


def test_marking_a_note_stores_nothing(page: Page, app: Flask) -> None:
    token = page.fields()["csrf_token"][-1]
    with app.app_context():
        before = db.session.query(AuditEntry).count()

    note = {"note": f"å {NUMBER} och 850709-T123"}
    answer = page.browser.client.post("/records/marks", json=note, headers={"X-CSRFToken": token})

    found = [(one["begin"], one["kind"], one["is_certain"], one["blocks"]) for one in answer.get_json()]
    reserve = 2 + len(NUMBER) + len(" och ")
    assert found == [(2, "personnummer", True, True), (reserve, "reservnummer", False, False)]
    with app.app_context():
        assert db.session.query(AuditEntry).count() == before
        assert db.session.query(ConsultationNote).count() == 0


def test_every_read_is_in_the_log_before_the_page_is_shown(page: Page, app: Flask, record: int) -> None:
    page.browser.get(page.path)

    with app.app_context():
        query = select(AuditEntry.what).where(AuditEntry.record == f"consultation:{record}")
        assert [one.value for one in db.session.scalars(query)] == ["opened_record"]


def test_the_call_that_was_taken_is_told_once_and_by_condition(app: Flask, page: Page) -> None:
    baseline = page.browser.client.get("/records/mine")
    record = _takes_a_call(app)

    news = page.browser.client.get(f"/records/mine?since={baseline.get_json()['since']}")
    known = page.browser.client.get(f"/records/mine?since={news.get_json()['since']}")
    unchanged = page.browser.client.get(
        f"/records/mine?since={news.get_json()['since']}", headers={"If-None-Match": known.headers["ETag"]}
    )

    assert baseline.get_json()["record"] is None
    assert news.get_json()["record"] == record
    assert known.get_json()["record"] is None
    assert unchanged.status_code == 304
    assert page.browser.client.get("/records/current").location == f"/records/{record}"


def test_a_call_that_was_taken_while_no_page_asked_is_told_until_its_record_is_opened(app: Flask, page: Page) -> None:
    record = _takes_a_call(app)
    with app.app_context():
        db.session.scalars(select(Attempt)).one().accepted_at = datetime.now(UTC)
        db.session.commit()

    first = page.browser.client.get("/records/mine").get_json()
    again = page.browser.client.get("/records/mine").get_json()
    page.browser.get(f"/records/{record}")
    opened = page.browser.client.get("/records/mine").get_json()

    assert [first["record"], again["record"], opened["record"]] == [record, record, None]


def test_a_call_that_was_taken_long_ago_is_no_news_to_a_new_page(app: Flask, page: Page) -> None:
    _takes_a_call(app)
    with app.app_context():
        db.session.scalars(select(Attempt)).one().accepted_at = datetime.now(UTC) - record_pages.JUST_TAKEN
        db.session.commit()

    assert page.browser.client.get("/records/mine").get_json()["record"] is None


def test_the_list_has_mine_first_and_pages_and_never_a_note(app: Flask, page: Page) -> None:
    mine = _takes_a_call(app)
    page.path = f"/records/{mine}"
    page.saves({"service": ["SOC"]}, note="hemligt")

    text = page.browser.get("/records").get_data(as_text=True)

    assert "Mina, att göra klara" in text
    assert "Socialtjänst" in text
    assert "hemligt" not in text
    assert page.browser.get("/records?before=nonsense").status_code == 200


def test_every_page_of_the_list_is_in_the_log_once(app: Flask, page: Page) -> None:
    mine = _takes_a_call(app)

    page.browser.get("/records")
    page.browser.get("/records?before=0001-01-02T00:00:00%2B00:00_1")

    with app.app_context():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.record.like("consultation:%-%"))).all()
        assert [(one.what.value, one.record, one.fields, one.staff_id) for one in noted] == [
            ("opened_record", f"consultation:{mine}-{mine}", "line.skane,shown.1", "s1")
        ]


def _takes_a_call(app: Flask) -> int:
    with app.app_context():
        who = db.session.scalars(select(Account)).one()
        staff = Staff(id="s1", organisation="skane", alias="Astrid", name="Astrid", phone=PhoneNumber("+46701740680"))
        staff.competences, staff.languages, staff.created_at = [], [], NOW
        db.session.add(staff)
        db.session.flush()
        who.staff_id = staff.id
        call = Call(
            sid="CA" + "1" * 32, line="skane", organisation="skane", source=Source.PRACTICE, started_at=NOW,
            last_heard_at=NOW, arrived=True, outcome=Outcome.IN_PROGRESS,
        )  # fmt: skip
        db.session.add(call)
        db.session.flush()
        db.session.add(
            Attempt(
                call_id=call.id,
                staff_id=staff.id,
                token="t",
                turn=1,
                tier=Tier.PRIMARY,
                state=AttemptState.ACCEPTED,
                began_at=NOW,
                accepted_at=NOW,
            )
        )
        made = Consultation(
            call_id=call.id, organisation="skane", line="skane", source=Source.PRACTICE, opened_at=NOW,
            staff_id=staff.id, held_at=NOW,
        )  # fmt: skip
        db.session.add(made)
        db.session.commit()
        return made.id


def test_a_manager_is_told_that_there_is_a_note_and_not_what_it_says(
    browser: Browser, account: Callable[..., str], record: int, app: Flask
) -> None:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    told = "Det finns en. Anteckningar läses bara av specialister."
    before = browser.get(f"/records/{record}").get_data(as_text=True)
    with app.app_context():
        db.session.add(ConsultationNote(consultation_id=record, text="Övning: frågar om skydd."))
        db.session.commit()

    page = browser.get(f"/records/{record}").get_data(as_text=True)

    assert told not in before
    assert told in page
    assert "frågar om skydd" not in page


def test_a_manager_gets_no_note_and_cannot_save(browser: Browser, account: Callable[..., str], record: int) -> None:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))

    assert "<textarea" not in browser.get(f"/records/{record}").get_data(as_text=True)
    assert browser.client.post(f"/records/{record}/save", json={}).status_code in {400, 403}
