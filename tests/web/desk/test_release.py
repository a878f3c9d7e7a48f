"""One record is handed out: what is masked is in nothing that leaves, in whatever form."""

from __future__ import annotations

import base64
import html
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from app.domain.audit import What
from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import AuditEntry, Consultation, ConsultationNote, ConsultationTag, Staff
from tests.services.old_records import Matter, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

PATH = "/records/1/release"
SECRET = "Hemlig <kanariefågel> & åäö"
SECRETS = {
    "note": SECRET,
    "theme": "Fysiskt våld",
    "place": "Malmö",
    "exposed": "17",
    "gender": "Flicka, kvinna",
    "specialist": "Övning Kanarie",
    "time": "09:47",
}
"""By field: what the practice record says there."""


@pytest.fixture
def filled(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        put_people(session)
        put(session, [Matter(began=10, exposed=17, closed=9)])
        session.execute(update(ConsultationNote).values(text=SECRET))
        opened = datetime(2026, 11, 13, 8, 47, tzinfo=UTC)
        session.execute(update(Consultation).values(opened_at=opened, held_at=opened))
        for kind, code in (("gender", "F"), ("service", "SOC"), ("type", "ARENDE"), ("advice", "ORO")):
            session.add(ConsultationTag(consultation_id=1, kind=kind, code=code, position=1))
        staff = session.get_one(Consultation, 1).staff_id
        session.execute(update(Staff).where(Staff.id == staff).values(alias="Övning Kanarie"))
        session.commit()


@pytest.fixture
def specialist(browser: Browser, account: Callable[..., str], filled: None) -> Browser:
    del filled
    browser.sign_in(account("nagon@skane.example", Role.SPECIALIST))
    return browser


def send(browser: Browser, step: str, *shown: str, ground: str = "OSL 26:1") -> TestResponse:
    data = {"csrf_token": browser.token(PATH), "step": step, "ground": ground, "show": list(shown)}
    return browser.client.post(PATH, data=data)


def boxes_of(page: str) -> dict[str, bool]:
    """The fields that may be shown, and whether each is chosen."""
    boxes = [part.partition(">")[0] for part in page.split('name="show"')[1:]]
    return {box.split('value="')[1].split('"')[0]: "checked" in box for box in boxes}


def forms_of(text: str) -> list[bytes]:
    """However a page or a file could hold it."""
    plain = [text, html.escape(text), quote(text), json.dumps(text)[1:-1], text.casefold(), text[::-1]]
    found = {one.encode(code) for one in plain for code in ("utf-8", "utf-16-le", "latin-1")}
    return [*found, base64.b64encode(text.encode()).rstrip(b"=")]


def test_at_first_only_what_says_nothing_of_anybody_is_chosen(specialist: Browser) -> None:
    page = specialist.get(PATH).get_data(as_text=True)

    boxes = boxes_of(page)
    assert {"note", "theme", "place", "exposed", "specialist", "time", "service"} <= boxes.keys()
    assert {field for field, is_ticked in boxes.items() if is_ticked} == {"service", "level", "type"}
    assert all(words in html.unescape(page) for words in SECRETS.values())


@pytest.mark.parametrize("step", ["preview", "page", "csv"])
def test_what_is_masked_is_in_nothing_that_leaves(specialist: Browser, step: str) -> None:
    answer = send(specialist, step, "service", "type")

    content = answer.get_data()
    assert answer.status_code == 200
    assert "Socialtjänst".encode() in content
    assert b"OSL 26:1" in content
    for field, words in SECRETS.items():
        if field == "exposed":
            continue  # two digits stand anywhere: the next test looks at its row
        for form in forms_of(words):
            assert form not in content, (field, form)


def test_each_field_is_masked_by_itself(specialist: Browser) -> None:
    everything = ["service", "type", "advice", *SECRETS]
    for masked, secret in SECRETS.items():
        shown = [one for one in everything if one != masked]

        rows = dict(_cells(send(specialist, "csv", *shown).get_data(as_text=True)))

        assert secret not in rows.values(), masked
        kept = {words for field, words in SECRETS.items() if field != masked}
        assert kept <= set(rows.values()), masked


def _cells(file: str) -> list[tuple[str, str]]:
    rows = [row.partition(";") for row in file.removeprefix("\ufeff").splitlines()]
    return [(label, words.strip('"').replace('""', '"')) for label, _, words in rows]


def test_that_it_was_handed_out_is_noted_with_the_names_of_what_is_masked(app: Flask, specialist: Browser) -> None:
    send(specialist, "preview", "service")
    send(specialist, "change", "service")
    before = exports(app)
    send(specialist, "page", "service", "type", "note")
    send(specialist, "csv", "service")

    assert before == []
    first, second = exports(app)
    assert (first.account_id, first.record) == (second.account_id, "consultation:1")
    assert first.account_id
    assert set(first.fields.split(",")) >= {"theme", "place", "exposed", "specialist", "time"}
    assert not {"service", "type", "note"} & set(first.fields.split(","))
    assert {"note", "type"} <= set(second.fields.split(","))


def exports(app: Flask) -> list[AuditEntry]:
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.what == What.EXPORTED).order_by(AuditEntry.sequence)
        return list(db.session.scalars(query))


@pytest.mark.parametrize("ground", ["", "   ", "x" * 201])
def test_without_a_rule_nothing_is_masked_and_nothing_leaves(app: Flask, specialist: Browser, ground: str) -> None:
    answer = send(specialist, "page", "service", ground=ground)

    assert answer.status_code == 422
    assert 'id="ground-error"' in answer.get_data(as_text=True)
    assert exports(app) == []


def test_what_was_chosen_stays_chosen_on_the_way_back(specialist: Browser) -> None:
    page = send(specialist, "change", "advice", ground="OSL 21:1").get_data(as_text=True)

    assert [field for field, is_ticked in boxes_of(page).items() if is_ticked] == ["advice"]
    assert 'value="OSL 21:1"' in page


def test_a_manager_hands_out_no_note(app: Flask, browser: Browser, account: Callable[..., str], filled: None) -> None:
    del filled
    browser.sign_in(account("chef@skane.example", Role.MANAGER))

    choices = browser.get(PATH).get_data()
    answer = send(browser, "page", "service", "note", "place")

    for form in forms_of(SECRET):
        assert form not in choices
        assert form not in answer.get_data()
    assert "Malmö".encode() in answer.get_data()
    assert "note" in exports(app)[0].fields.split(",")


def test_an_unknown_field_is_no_way_around(specialist: Browser) -> None:
    answer = send(specialist, "page", "everything", "__class__", "NOTE")

    assert answer.status_code == 200
    assert SECRET.encode() not in answer.get_data()
