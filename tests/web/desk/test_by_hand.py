"""A consultation without a call, as whoever holds it opens its record in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.lines import LineKey
from app.domain.permissions import Role
from app.domain.phone import PhoneNumber
from app.storage.base import db
from app.storage.models import Account, Consultation, RegisterEntry, Staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

NEW = "/records/new"
TODAY = datetime.now(ZoneInfo("Europe/Stockholm")).date()
A_DAY_OF_SIXTY = "Ange i dag eller en dag av de senaste 60."


@pytest.fixture
def specialist(app: Flask, browser: Browser, account: Callable[..., str]) -> Browser:
    """Astrid, who is a specialist of one line."""
    email = account("astrid@skane.example", Role.SPECIALIST, lines=frozenset({LineKey("skane")}))
    with app.app_context():
        person = Staff(id="astrid", organisation="skane", alias="Övning Astrid", name="Påhittad Alfa")
        person.phone, person.competences, person.languages = PhoneNumber("+46701740640"), [], []
        person.created_at = datetime.now(UTC)
        db.session.add(person)
        db.session.flush()
        db.session.scalars(select(Account).where(Account.email == email)).one().staff_id = "astrid"
        db.session.commit()
    browser.sign_in(email)
    return browser


def text_of(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def hidden(browser: Browser, path: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([0-9a-f]{{32}})"', browser.get(path).get_data(as_text=True))
    assert found is not None
    return found[1]


def send(browser: Browser, token: str = "", **fields: str) -> TestResponse:
    sent: dict[str, Any] = {"channel": "email", "day": TODAY.isoformat(), **fields}
    sent |= {"csrf_token": browser.token(NEW), "token": token or hidden(browser, NEW, "token")}
    return browser.client.post(NEW, data=sent)


def held(app: Flask) -> list[Consultation]:
    with app.app_context():
        return list(db.session.scalars(select(Consultation).where(Consultation.held_at.is_not(None))))


def test_today_and_the_list_lead_to_the_form_also_by_a_key(specialist: Browser) -> None:
    for path in ("/", "/records"):
        assert re.search(r'href="/records/new"\s+data-press="n"', specialist.get(path).get_data(as_text=True)), path


def test_a_record_opens_and_says_how_and_on_which_day_it_took_place(app: Flask, specialist: Browser) -> None:
    yesterday = TODAY - timedelta(days=1)

    answer = send(specialist, channel="meeting", day=yesterday.isoformat())
    page = text_of(specialist.get(answer.location))

    assert answer.status_code == 303
    assert "Hur den genomfördes Möte" in page
    assert f"Dag {yesterday.day} " in page
    (record,) = held(app)
    assert (record.line, record.staff_id) == ("skane", "astrid")


def test_a_double_press_opens_one(app: Flask, specialist: Browser) -> None:
    token = hidden(specialist, NEW, "token")

    first, second = send(specialist, token), send(specialist, token)

    assert first.location == second.location
    assert len(held(app)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"day": (TODAY + timedelta(days=2)).isoformat()}, A_DAY_OF_SIXTY, id="in two days"),
        pytest.param({"day": (TODAY - timedelta(days=61)).isoformat()}, A_DAY_OF_SIXTY, id="61 days ago"),
        ({"channel": "call"}, "Hur den genomfördes"),
        ({"channel": ""}, "Välj ett"),
        ({"token": "x"}, "Sidan är av en äldre version"),
    ],
    ids=str,
)
def test_a_mistake_is_said_and_nothing_is_opened(
    app: Flask, specialist: Browser, wrong: dict[str, str], said: str
) -> None:
    answer = send(specialist, **wrong)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert held(app) == []


def test_another_line_than_ones_own_is_no_choice(app: Flask, specialist: Browser) -> None:
    send(specialist, line="nationell")

    assert [one.line for one in held(app)] in ([], ["skane"])


def test_an_account_that_is_no_specialists_is_told_so(browser: Browser, account: Callable[..., str]) -> None:
    browser.sign_in(account("utan@skane.example", Role.SPECIALIST))

    answer = send(browser)

    assert answer.status_code == 409
    assert "Kontot hör inte till en specialist" in text_of(answer)


def test_an_empty_record_is_withdrawn_and_one_with_content_stays(app: Flask, specialist: Browser) -> None:
    path = send(specialist).location
    withdraw = f"{path}/withdraw"
    assert "Ta tillbaka konsultationen" in text_of(specialist.get(path))

    gone = specialist.fill(path, withdraw)
    after = specialist.get(path)
    other = send(specialist).location
    version = {"version": "0", "shown": "service", "service": "SOC"}
    specialist.fill(other, **version)
    stays = specialist.fill(other, f"{other}/withdraw")

    assert gone.location == "/records"
    assert after.status_code == 404
    assert stays.location == other
    page = text_of(specialist.get(other))
    assert "Konsultationen står kvar" in page
    assert "Ta tillbaka konsultationen" not in page
    with app.app_context():
        numbers = db.session.scalars(select(RegisterEntry).order_by(RegisterEntry.number)).all()
        assert [(one.number, one.consultation_id is None) for one in numbers] == [(1, True), (2, False)]


def test_a_record_leads_to_a_note_that_belongs_to_none(specialist: Browser) -> None:
    page = specialist.get(send(specialist).location).get_data(as_text=True)

    assert 'href="/observations/new"' in page
