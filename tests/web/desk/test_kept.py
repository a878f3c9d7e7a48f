"""What somebody wrote on a shared computer is sent in nobody else's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from app.domain.calls import Source
from app.storage.base import db
from app.storage.models import Consultation, ConsultationNote, WebSession
from tests.web.desk.test_record import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

ASTRID, BEATE = "astrid@skane.example", "beate@skane.example"
WORDS = "Astrids ord, som inte får försvinna."
NOT_YOURS = "Någon annan har skrivit det här"
OWN = "Du är inloggad, och inget av det är borta."


@pytest.fixture
def record(app: Flask) -> int:
    with app.app_context():
        made = Consultation(organisation="skane", line="skane", source=Source.PRACTICE, opened_at=datetime.now(UTC))
        db.session.add(made)
        db.session.commit()
        return made.id


@pytest.fixture
def written(browser: Browser, account: Callable[..., str], record: int) -> dict[str, Any]:
    """A form of Astrid's, filled in and not yet sent."""
    browser.sign_in(account(ASTRID))
    account(BEATE)
    return {**fields_of(browser.get(f"/records/{record}")), "note": WORDS}


def sends(browser: Browser, record: int, fields: Mapping[str, Any]) -> TestResponse:
    return browser.client.post(f"/records/{record}", data=fields, headers={"Sec-Fetch-Site": "same-origin"})


def kept_fields(answer: TestResponse) -> dict[str, Any]:
    return {**fields_of(answer), "csrf_token": fields_of(answer)["csrf_token"][-1]}


def note(app: Flask, record: int) -> str | None:
    with app.app_context():
        found = db.session.get(ConsultationNote, record)
        return found.text if found else None


def signs_in_again(browser: Browser, email: str) -> None:
    browser.fill("/account", "/sign-out")
    browser.sign_in(email)


def test_what_one_wrote_is_not_sent_by_whoever_signed_in_since(
    app: Flask, browser: Browser, record: int, written: dict[str, Any]
) -> None:
    signs_in_again(browser, BEATE)

    first = sends(browser, record, written)
    second = sends(browser, record, kept_fields(first))

    for answer in (first, second):
        assert answer.status_code == 400
        assert NOT_YOURS in answer.text
        assert WORDS in answer.text
    assert note(app, record) is None


def test_whoever_wrote_it_signs_in_and_sends_it_themselves(
    app: Flask, browser: Browser, record: int, written: dict[str, Any]
) -> None:
    signs_in_again(browser, BEATE)
    refused = sends(browser, record, written)
    signs_in_again(browser, ASTRID)

    own = sends(browser, record, kept_fields(refused))
    taken = sends(browser, record, kept_fields(own))

    assert OWN in own.text
    assert NOT_YOURS not in own.text
    assert taken.status_code == 303
    assert note(app, record) == WORDS


def test_a_page_that_was_refused_while_nobody_was_signed_in_still_knows_whose_it_is(
    app: Flask, browser: Browser, record: int, written: dict[str, Any]
) -> None:
    with app.app_context():
        db.session.execute(delete(WebSession))
        db.session.commit()
    refused = sends(browser, record, written)
    browser.sign_in(BEATE)

    answer = sends(browser, record, kept_fields(refused))

    assert refused.status_code == 401
    assert "Du har blivit utloggad" in refused.text
    assert NOT_YOURS in answer.text
    assert note(app, record) is None


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_form_that_does_not_say_whose_it_is_is_the_readers(
    browser: Browser, record: int, written: dict[str, Any], token: str
) -> None:
    answer = sends(browser, record, {**written, "csrf_token": token})

    assert OWN in answer.text
