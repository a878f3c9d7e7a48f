"""Notes on the time axis: written by managers, shown with the figures to all who see them, and to nobody else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.lines import LineKey
from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import AuditEntry, TimeNote
from tests.services.old_records import Matter, put, put_people
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

NEW = "/trends/notes/new"
NOTE = {"day": "2026-11-03", "line": "", "text": "Övning: ny lag börjar gälla"}


@pytest.fixture
def manager(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


@pytest.fixture
def specialist(app: Flask, account: Callable[..., str]) -> Browser:
    reader = Browser(app.test_client())
    reader.sign_in(account("astrid@skane.example", Role.SPECIALIST))
    return reader


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def send(browser: Browser, path: str, fields: dict[str, Any], to: str | None = None, **more: str) -> TestResponse:
    page = browser.get(path).get_data(as_text=True)
    own = {name: hidden(page, name) for name in ("csrf_token", "token", "version", "marked")}
    return browser.client.post(to or path, data=own | fields | more)


def notes(app: Flask) -> list[TimeNote]:
    with app.app_context():
        return list(db.session.scalars(select(TimeNote).order_by(TimeNote.id)))


def text_of(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def test_a_note_stands_in_the_list_at_the_charts_and_in_the_report(
    app: Flask, manager: Browser, specialist: Browser
) -> None:
    with app.app_context():
        put_people(db.session())
        put(db.session(), [Matter(9)])

    answer = send(manager, NEW, NOTE)

    assert answer.location == "/trends/notes"
    assert "3 november 2026 Övning: ny lag börjar gälla Hela organisationen" in text_of(specialist.get("/trends/notes"))
    for page in ("/trends?kind=quarter&day=2026-11-01", "/reports/quarter/2026-10-01"):
        shown = specialist.get(page)
        assert "3 november 2026: Övning: ny lag börjar gälla (hela organisationen)" in text_of(shown)
        assert len(re.findall(r'<text class="mark"', shown.get_data(as_text=True))) == 3
    assert 'class="mark"' not in specialist.get("/trends?kind=month&day=2026-10-01").get_data(as_text=True)
    assert specialist.get(NEW).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "Skriv några ord."),
        ({"text": " \t "}, "Skriv några ord."),
        ({"text": "x" * 121}, "Högst 120 tecken."),
        ({"text": "Ring 070-174 06 05"}, "Telefonnummer"),
        ({"text": "Skriv till ovning@example.se"}, "E-postadress"),
        ({"text": "Om 19121212-1212"}, "Personnummer"),
        ({"day": "1999-12-31"}, "Ange en dag från och med 2000"),
        ({"day": "2999-01-01"}, "Ange en dag från och med 2000"),
        ({"day": ""}, "Dag"),
        ({"line": "nationell"}, "Linje"),
    ],
    ids=str,
)
def test_a_mistake_is_said_and_nothing_is_kept(app: Flask, manager: Browser, wrong: dict[str, str], said: str) -> None:
    answer = send(manager, NEW, NOTE | wrong)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert notes(app) == []


def test_what_may_be_a_name_is_asked_about_once(app: Flask, manager: Browser) -> None:
    named = NOTE | {"text": "Kampanjen leds av Anna Påhittsson"}

    first = send(manager, NEW, named)
    again = manager.client.post(
        NEW,
        data=named | {name: hidden(first.get_data(as_text=True), name) for name in ("csrf_token", "token", "marked")},
    )

    assert (first.status_code, again.status_code) == (422, 303)
    assert "Kan vara ett namn" in text_of(first)
    assert [one.text for one in notes(app)] == ["Kampanjen leds av Anna Påhittsson"]


def test_a_form_that_is_sent_twice_makes_one_note(app: Flask, manager: Browser) -> None:
    page = manager.get(NEW).get_data(as_text=True)
    fields = NOTE | {name: hidden(page, name) for name in ("csrf_token", "token")}

    answers = [manager.client.post(NEW, data=fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(notes(app)) == 1


def test_whoever_comes_second_sees_what_the_first_wrote_and_loses_nothing(app: Flask, manager: Browser) -> None:
    send(manager, NEW, NOTE)
    [made] = notes(app)
    edit = f"/trends/notes/{made.id}/edit"
    old = manager.get(edit).get_data(as_text=True)
    seen = {name: hidden(old, name) for name in ("csrf_token", "token", "version")}

    first = send(manager, edit, NOTE | {"text": "Övning: den första"})
    second = manager.client.post(edit, data=seen | NOTE | {"text": "Övning: den andra"})
    deleted = manager.client.post(f"/trends/notes/{made.id}/delete", data=seen)

    assert (first.status_code, second.status_code, deleted.status_code) == (303, 409, 409)
    assert "Övning: den första" in text_of(second)
    assert 'value="Övning: den andra"' in second.get_data(as_text=True)
    assert [one.text for one in notes(app)] == ["Övning: den första"]


def test_a_note_is_deleted_and_the_log_tells_who_did_what(app: Flask, manager: Browser) -> None:
    send(manager, NEW, NOTE)
    [made] = notes(app)
    edit = f"/trends/notes/{made.id}/edit"
    send(manager, edit, NOTE | {"day": "2026-11-04"})

    answer = send(manager, edit, {}, to=f"/trends/notes/{made.id}/delete")

    assert answer.status_code == 303
    assert notes(app) == []
    with app.app_context():
        log = db.session.execute(
            select(AuditEntry.what, AuditEntry.fields).where(AuditEntry.record == f"time_note:{made.id}")
        ).all()
    assert [what for what, _ in log] == [What.CREATED_RECORD, What.CHANGED_RECORD, What.ERASED]
    assert "Övning" not in str(log)


def test_another_organisations_notes_and_lines_are_not_there(
    app: Flask, manager: Browser, account: Callable[..., str]
) -> None:
    send(manager, NEW, NOTE)
    [made] = notes(app)
    stranger = Browser(app.test_client())
    stranger.sign_in(account("chef@nationell.example", Role.MANAGER, organisation="nationell"))

    assert "ny lag börjar" not in text_of(stranger.get("/trends/notes"))
    assert stranger.get(f"/trends/notes/{made.id}/edit").status_code == 404
    assert send(stranger, NEW, {}, to=f"/trends/notes/{made.id}/delete").status_code == 404


def test_a_note_of_a_line_out_of_reach_is_not_shown(app: Flask, manager: Browser, account: Callable[..., str]) -> None:
    send(manager, NEW, NOTE)
    send(manager, NEW, NOTE | {"line": "skane", "text": "Övning: linjens egen"})
    few = Browser(app.test_client())
    few.sign_in(account("del@skane.example", Role.MANAGER, lines=frozenset({LineKey("skane")})))
    with app.app_context():
        db.session.add(
            TimeNote(
                organisation="skane", line="skane-natt", day=date(2026, 11, 1), text="Övning: utom räckhåll", version=1,
                token="0" * 32, changed_at=datetime.now(UTC), changed_by_id="x",
            )
        )  # fmt: skip
        db.session.commit()

    page = text_of(few.get("/trends/notes"))

    assert "Övning: linjens egen" in page
    assert "utom räckhåll" not in page
