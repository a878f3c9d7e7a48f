"""Training occasions and notes on gaps, as those read and write them who may."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import AuditEntry, Observation, TrainingOccasion
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

_Row = TypeVar("_Row", Observation, TrainingOccasion)
YEAR = datetime.now(UTC).year - 1
OCCASION: dict[str, Any] = {
    "held_on": f"{YEAR}-05-04",
    "kind": "workshop",
    "participants": "24",
    "hours": "1,5",
    "services": ["SOC", "SKOLA"],
    "place": "1280",
}
NOTE: dict[str, Any] = {"code": "RUTIN", "note": "Övning: en påhittad rutin saknades.", "service": "", "county": "12"}
TRAINING, OBSERVATIONS = "/training/new", "/observations/new"


@pytest.fixture
def specialist(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account("astrid@skane.example", Role.SPECIALIST))
    return browser


@pytest.fixture
def manager(app: Flask, account: Callable[..., str]) -> Browser:
    reader = Browser(app.test_client())
    reader.sign_in(account("chef@skane.example", Role.MANAGER))
    return reader


def text_of(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def send(browser: Browser, path: str, fields: dict[str, Any], **more: str) -> TestResponse:
    page = browser.get(path).get_data(as_text=True)
    own = {name: hidden(page, name) for name in ("csrf_token", "token", "version", "marked")}
    return browser.client.post(path, data=own | fields | more)


def only(app: Flask, of: type[_Row]) -> _Row:
    with app.app_context():
        return db.session.scalars(select(of)).one()


def count(app: Flask, of: type[_Row]) -> int:
    with app.app_context():
        return len(db.session.scalars(select(of)).all())


# --- training ---------------------------------------------------------------------------------------------------------


def test_an_occasion_is_noted_and_a_manager_reads_it_with_its_sums(specialist: Browser, manager: Browser) -> None:
    answer = send(specialist, TRAINING, OCCASION)

    page = text_of(manager.get(f"/training?year={YEAR}"))
    assert answer.location == f"/training?year={YEAR}"
    assert "1 utbildningstillfälle 24 deltagare 1,5 timmar" in page
    assert "Socialtjänst 1 24 Skola, elevhälsa, förskola 1 24" in page
    assert f"4 maj {YEAR} Workshop Socialtjänst; Skola, elevhälsa, förskola Malmö 24 1,5" in page
    assert "Ändra" not in page
    assert "Ändra: 4 maj" in text_of(specialist.get(f"/training?year={YEAR}"))
    assert manager.get(TRAINING).status_code == 403


def test_the_file_has_the_same_rows(specialist: Browser, manager: Browser) -> None:
    send(specialist, TRAINING, OCCASION)

    answer = manager.get(f"/training.csv?year={YEAR}")

    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert lines[0] == "Dag;Form;För vem;Plats;Deltagare;Längd i timmar"
    assert lines[1] == f'{YEAR}-05-04;Workshop;"Socialtjänst; Skola, elevhälsa, förskola";Malmö;24;1,5'
    assert f"utbildning-{YEAR}.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"participants": "0"}, "Deltagare:"),
        ({"participants": "5001"}, "Deltagare:"),
        ({"hours": "en stund"}, "Skriv ett tal från 0,25 till 40"),
        ({"hours": "41"}, "Skriv ett tal från 0,25 till 40"),
        ({"services": []}, "Välj minst en."),
        ({"services": ["FINNS_EJ"]}, "För vem"),
        ({"place": ""}, "Välj en plats i listan."),
        ({"place": "9999"}, "Plats:"),
        ({"held_on": "2099-01-01"}, "Ange i dag eller en tidigare dag"),
        ({"kind": ""}, "Välj ett"),
    ],
    ids=str,
)
def test_a_mistake_is_said_and_what_was_typed_stays(
    app: Flask, specialist: Browser, wrong: dict[str, Any], said: str
) -> None:
    answer = send(specialist, TRAINING, OCCASION | wrong)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert count(app, TrainingOccasion) == 0
    assert 'value="24"' in answer.get_data(as_text=True) or "participants" in wrong


def test_a_double_press_notes_it_once(app: Flask, specialist: Browser) -> None:
    token = hidden(specialist.get(TRAINING).get_data(as_text=True), "token")

    send(specialist, TRAINING, OCCASION, token=token)
    send(specialist, TRAINING, OCCASION, token=token)

    assert count(app, TrainingOccasion) == 1


def test_an_occasion_is_changed_and_whoever_is_late_is_shown_both(app: Flask, specialist: Browser) -> None:
    send(specialist, TRAINING, OCCASION)
    edit = f"/training/{only(app, TrainingOccasion).id}/edit"
    assert 'value="1,5"' in specialist.get(edit).get_data(as_text=True)

    send(specialist, edit, OCCASION | {"participants": "25"})
    late = send(specialist, edit, OCCASION | {"participants": "30", "kind": "lecture"}, version="1")

    assert late.status_code == 409
    assert "skrev: 25" in text_of(late)
    assert only(app, TrainingOccasion).participants == 25
    again = late.get_data(as_text=True)
    send(specialist, edit, OCCASION | {"participants": "30"}, version=hidden(again, "version"))
    assert only(app, TrainingOccasion).participants == 30


def test_an_occasion_is_deleted_as_it_was_shown(app: Flask, specialist: Browser) -> None:
    send(specialist, TRAINING, OCCASION)
    number = only(app, TrainingOccasion).id
    edit, delete = f"/training/{number}/edit", f"/training/{number}/delete"

    stale = specialist.fill(edit, delete, version="7")
    gone = specialist.fill(edit, delete, version="1")

    assert stale.status_code == 409
    assert "Någon annan har ändrat under tiden" in text_of(stale)
    assert gone.status_code == 303
    assert count(app, TrainingOccasion) == 0
    assert specialist.get(edit).status_code == 404


# --- notes on gaps ----------------------------------------------------------------------------------------------------


def test_whoever_writes_is_told_who_reads_and_a_manager_reads_it(
    app: Flask, specialist: Browser, manager: Browser
) -> None:
    form = text_of(specialist.get(OBSERVATIONS))

    send(specialist, OBSERVATIONS, NOTE)

    page = text_of(manager.get("/observations"))
    assert "Det här läses av chefer" in form
    assert "kommun" not in [field.name for field in Observation.__table__.columns]
    assert "Brist på rutiner 1 Övning: en påhittad rutin saknades." in page
    assert "Skåne" in page
    assert manager.get(OBSERVATIONS).status_code == 403
    with app.app_context():
        noted = [one.what.value for one in db.session.scalars(select(AuditEntry)) if one.record]
        assert {"created_record", "opened_record"} <= set(noted)


def test_a_coordinator_reads_no_notes(app: Flask, account: Callable[..., str]) -> None:
    reader = Browser(app.test_client())
    reader.sign_in(account("koord@skane.example", Role.COORDINATOR))

    assert reader.get("/observations").status_code == 403
    figures = reader.get("/figures").get_data(as_text=True)
    assert 'href="/training"' in figures
    assert 'href="/observations"' not in figures


def test_a_personal_number_stops_a_note_and_nothing_typed_is_lost(app: Flask, specialist: Browser) -> None:
    words = "Övning: 19121212-1212 ringde."

    answer = send(specialist, OBSERVATIONS, NOTE | {"note": words})

    assert answer.status_code == 422
    assert "personnummer" in text_of(answer)
    assert words in answer.get_data(as_text=True)
    assert count(app, Observation) == 0


def test_what_may_say_who_somebody_is_is_shown_before_it_is_kept(app: Flask, specialist: Browser) -> None:
    words = NOTE | {"note": "Övning: ring 070-174 06 40 eller skriv till ovning@skane.example."}

    asked = send(specialist, OBSERVATIONS, words)
    kept_before = count(app, Observation)
    marked = hidden(asked.get_data(as_text=True), "marked")
    other = send(specialist, OBSERVATIONS, words | {"note": words["note"] + " Ring 070-174 06 41."}, marked=marked)
    kept = send(specialist, OBSERVATIONS, words, marked=marked)

    assert asked.status_code == other.status_code == 422
    assert "Kan det här avslöja vem någon är?" in text_of(asked)
    assert "070-174 06 40" in text_of(asked)
    assert kept_before == 0
    assert kept.status_code == 303
    assert count(app, Observation) == 1


def test_the_notes_of_one_code_are_shown_alone_on_the_page_and_in_the_file(
    specialist: Browser, manager: Browser
) -> None:
    send(specialist, OBSERVATIONS, NOTE)
    send(
        specialist,
        OBSERVATIONS,
        {"code": "GOTT", "note": "=Övning: en påhittad lathund.", "service": "SOC", "county": ""},
    )

    page, file = text_of(manager.get("/observations?code=GOTT")), manager.get("/observations.csv?code=GOTT")
    everything = manager.get("/observations.csv").get_data(as_text=True)

    assert "lathund" in page
    assert "rutin saknades" not in page
    rows = file.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert rows[0] == "Dag;Vad den gäller;Verksamhet;Län;Anteckning"
    assert rows[1].endswith("Gott exempel;Socialtjänst;;'=Övning: en påhittad lathund.")
    assert len(rows) == 2
    assert "rutin saknades" in everything


def test_a_note_is_changed_and_deleted(app: Flask, specialist: Browser) -> None:
    send(specialist, OBSERVATIONS, NOTE)
    number = only(app, Observation).id
    edit = f"/observations/{number}/edit"

    send(specialist, edit, NOTE | {"code": "SENT"})
    late = send(specialist, edit, NOTE | {"code": "ANM"}, version="1")
    stale = specialist.fill(edit, f"/observations/{number}/delete", version="1")
    gone = specialist.fill(edit, f"/observations/{number}/delete", version="2")

    assert late.status_code == stale.status_code == 409
    assert "skrev: Ärendet kom sent eller akut" in text_of(late)
    assert gone.status_code == 303
    assert count(app, Observation) == 0


@pytest.mark.parametrize("path", ["/training", "/observations"])
def test_a_year_without_anything_says_what_to_do(manager: Browser, path: str) -> None:
    for year in ("2019", "20xx", "1999", ""):
        assert manager.get(f"{path}?year={year}").status_code == 200
    assert "2019" in text_of(manager.get(f"{path}?year=2019"))
