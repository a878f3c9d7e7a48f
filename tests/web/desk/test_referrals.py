"""The list of referrals as it is read, kept by coordinators, and laid beside a record."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from babel.dates import format_date
from sqlalchemy import select

from app.domain.audit import What
from app.domain.permissions import Role
from app.storage.base import db
from app.storage.models import Account, AuditEntry
from app.web.desk.record.record_shown import ASIDES, COMPLETE_PRESS
from app.web.frame import WAYS
from tests.web.desk.conftest import Browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from flask import Flask
    from werkzeug.test import TestResponse

    from app.domain.policy import Policy

MALMO = "/referrals/municipalities/1280"
BRIS: dict[str, Any] = {"name": "Bris", "number": "116 111", "whom": "Barn", "hours": "", "note": "", "position": "70"}
HEADER = "kod;kommun;nummer;tider;dagnummer;anteckning;kontrollerad;version\n"


@pytest.fixture
def coordinator(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account("koord@skane.example", Role.COORDINATOR))
    return browser


@pytest.fixture
def specialist(app: Flask, account: Callable[..., str]) -> Browser:
    reader = Browser(app.test_client())
    reader.sign_in(account("astrid@skane.example", Role.SPECIALIST))
    return reader


def text_of(answer: TestResponse) -> str:
    """What a reader reads, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def lately() -> date:
    """A day on which something was checked: after a year it would be old."""
    return datetime.now(UTC).date() - timedelta(days=1)


def in_words(day: date) -> str:
    return str(format_date(day, "d MMMM y", "sv_SE"))


def read(browser: Browser, path: str = "/referrals") -> str:
    return text_of(browser.get(path))


def change(browser: Browser, path: str, version: int = 0, **fields: str) -> TestResponse:
    return browser.client.post(path, data={"csrf_token": browser.token(path), "version": version, **fields})


def press(browser: Browser, path: str) -> TestResponse:
    return browser.client.post(path, data={"csrf_token": browser.token("/account")}, follow_redirects=True)


def send(browser: Browser, content: bytes) -> TestResponse:
    path = "/referrals/municipalities"
    data = {"csrf_token": browser.token(path), "file": (io.BytesIO(content), "kommuner.csv")}
    return browser.client.post(path, data=data, content_type="multipart/form-data", follow_redirects=True)


def test_a_specialist_reads_the_list_and_finds_no_button_to_change_it(specialist: Browser) -> None:
    page = specialist.get("/referrals").get_data(as_text=True)

    assert 'href="tel:116111"' in page
    assert "tel:112" not in page
    assert "Ska kontrolleras" in page
    assert "Kontrollera igen" in page
    assert "0 av 33 kommuner" in text_of(specialist.get("/referrals"))
    assert "/edit" not in page


def test_a_municipality_that_nobody_filled_in_says_what_to_do_meanwhile(specialist: Browser) -> None:
    page = read(specialist, "/referrals?municipality=1280")

    assert "Ingen har fyllt i något nummer för den här kommunen än." in page
    assert "112 vid fara för liv, annars polisen på 114 14. Kommunens växel" in page


def test_a_municipality_that_was_filled_in_is_read_by_the_organisation(
    coordinator: Browser, specialist: Browser
) -> None:
    day = lately()
    change(coordinator, MALMO, number="070-174 06 40", hours="Efter 16.30", verified_on=day.isoformat())

    page = read(specialist, "/referrals?municipality=1280")

    assert "Malmö Socialjour (kvällar, nätter, helger) 070-174 06 40" in page
    assert f"Kontrollerad {in_words(day)}" in page
    assert "1 av 33 kommuner" in page


def test_the_panel_has_the_numbers_and_the_guidance_and_no_page_around_it(specialist: Browser) -> None:
    answer = specialist.get("/referrals/panel")

    assert "<html" not in answer.get_data(as_text=True)
    assert "När någon kan vara i fara" in text_of(answer)
    assert "Bris" in text_of(answer)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_guidance_says_the_numbers_of_the_list(coordinator: Browser, language: str) -> None:
    change(coordinator, "/referrals/sos/edit", **BRIS | {"name": "Larm", "number": "070-174 06 45"})
    press(coordinator, "/referrals/ud-jouren/retire")
    coordinator.get(f"/language/{language}")

    page = read(coordinator, "/referrals/danger")

    assert "070-174 06 45" in page
    assert "112" not in page
    assert "+46 8-405 50 05" in page


def test_an_entry_is_changed_and_the_page_says_so(coordinator: Browser, specialist: Browser) -> None:
    day = lately()
    written = BRIS | {"note": "Chatt finns", "verified_on": day.isoformat()}

    answer = change(coordinator, "/referrals/bris/edit", **written)

    assert answer.status_code == 303
    assert "Sparat." in read(coordinator)
    assert f"Chatt finns Kontrollerad {in_words(day)}" in read(specialist)


def test_an_entry_is_added_after_all_others(coordinator: Browser, specialist: Browser) -> None:
    path = "/referrals/new"
    fields = BRIS | {"name": "Övningsjouren", "number": "070-174 06 41", "position": "500"}
    answer = coordinator.client.post(path, data={"csrf_token": coordinator.token(path), **fields})

    assert answer.status_code == 303
    assert read(specialist).index("Skaraborg") < read(specialist).index("Övningsjouren")


@pytest.mark.parametrize("path", ["/referrals/new", "/referrals/bris/edit"])
def test_what_is_wrong_is_said_by_its_field_and_what_was_typed_stays(coordinator: Browser, path: str) -> None:
    tomorrow = f"{datetime.now(UTC).year + 1}-01-01"
    wrong = {"name": "", "number": "ring oss", "position": "första", "verified_on": tomorrow, "note": "x" * 301}

    answer = change(coordinator, path, **BRIS | wrong)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(f'id="{field}-error"' in page and f'href="#{field}"' in page for field in wrong)
    assert 'value="ring oss"' in page
    assert tomorrow in page


def test_whoever_was_slower_sees_what_stands_there_and_can_save_again(coordinator: Browser) -> None:
    change(coordinator, "/referrals/bris/edit", **BRIS | {"note": "Den första"})

    met = change(coordinator, "/referrals/bris/edit", **BRIS | {"note": "Den andra", "verified_on": "2026-11-02"})
    again = change(coordinator, "/referrals/bris/edit", version=1, **BRIS | {"note": "Den andra"})

    page = text_of(met)
    assert met.status_code == 409
    assert "koord skrev: Den första" in page
    assert "Du skrev: Den andra" in page
    assert "koord skrev: inget Du skrev: 2 november 2026" in page
    assert again.status_code == 303


@pytest.mark.parametrize("version", ["", "-1", "x", "1" * 12])
def test_a_form_without_a_version_of_ours_is_stale(coordinator: Browser, version: str) -> None:
    path = "/referrals/bris/edit"
    fields = BRIS | {"note": "Ny", "version": version}

    answer = coordinator.client.post(path, data={"csrf_token": coordinator.token(path), **fields})

    assert answer.status_code == 409


def test_an_entry_that_is_taken_off_can_be_put_back_at_once_and_later(
    coordinator: Browser, specialist: Browser
) -> None:
    taken = text_of(press(coordinator, "/referrals/bris/retire"))
    was_gone = "116 111" not in read(specialist)
    later = read(coordinator)

    back = text_of(press(coordinator, "/referrals/bris/restore"))

    assert "Bris är borttagen från listan. Ångra" in taken
    assert was_gone
    assert "Borttagna från listan Bris Lägg tillbaka" in later
    assert "Tillbakalagd." in back
    assert "116 111" in read(specialist)


def test_signs_that_no_keyboard_writes_are_left_out(coordinator: Browser) -> None:
    change(coordinator, "/referrals/new", **{**BRIS, "name": "Br\x00is", "note": "dag\x1boch \x7f natt"})
    coordinator.client.post(
        "/referrals/municipalities",
        data={
            "csrf_token": coordinator.token("/referrals/municipalities"),
            "file": (io.BytesIO((HEADER + "1280;Malmö;;;;ring\x00först;;\n").encode()), "fil.csv"),
        },
    )

    assert "Bris" in read(coordinator)
    assert "dagoch natt" in read(coordinator)
    assert "ringförst" in coordinator.get(MALMO).get_data(as_text=True)


@pytest.mark.parametrize("act", ["edit", "retire", "restore", "reset"])
def test_an_entry_by_a_name_that_none_can_have_is_not_found(coordinator: Browser, act: str) -> None:
    token = coordinator.token("/account")

    answer = coordinator.client.post(f"/referrals/a%00b/{act}", data={"csrf_token": token, **BRIS})

    assert answer.status_code == 404


def test_the_shipped_text_is_had_back_by_a_button(coordinator: Browser) -> None:
    unchanged = read(coordinator, "/referrals/bris/edit")
    change(coordinator, "/referrals/bris/edit", **BRIS | {"note": "Annat"})
    offered = read(coordinator, "/referrals/bris/edit")

    after = text_of(press(coordinator, "/referrals/bris/reset"))

    assert "Ta programmets text" not in unchanged
    assert "Ta programmets text" in offered
    assert "Annat" not in after


def test_a_list_with_nothing_on_it_says_so(coordinator: Browser, policy: Policy) -> None:
    for key in policy.referrals:
        press(coordinator, f"/referrals/{key}/retire")

    assert "Det finns inga verksamheter på listan" in read(coordinator)


def test_a_municipality_is_changed_by_a_form_that_says_what_is_wrong(coordinator: Browser) -> None:
    wrong = change(coordinator, MALMO, number="vet inte", note="Övning")
    saved = change(coordinator, MALMO, number="070-174 06 40", note="Övning")
    stale = change(coordinator, MALMO, number="070-174 06 41")

    assert (wrong.status_code, saved.status_code, stale.status_code) == (422, 303, 409)
    assert 'value="vet inte"' in wrong.get_data(as_text=True)
    assert "koord skrev: 070-174 06 40 Du skrev: 070-174 06 41" in text_of(stale)
    assert "070-174 06 40" in read(coordinator, "/referrals/municipalities")


def test_what_was_downloaded_and_filled_in_is_taken_in(coordinator: Browser) -> None:
    download = coordinator.get("/referrals/municipalities.csv")
    text = download.get_data(as_text=True)
    filled = text.replace("1280;Malmö;;;;;", "1280;Malmö;'+46 70-174 06 40;Efter 16.30;;;")

    answer = send(coordinator, filled.encode())

    assert download.headers["Content-Disposition"] == 'attachment; filename="kommuner.csv"'
    assert len(text.splitlines()) == 34
    assert "1 kommun ändrades. 32 var redan som de är." in text_of(answer)
    assert "1280;Malmö;'+46 70-174 06 40;" in coordinator.get("/referrals/municipalities.csv").get_data(as_text=True)


def test_a_file_from_before_a_colleagues_change_says_who_changed_the_row(coordinator: Browser) -> None:
    old = coordinator.get("/referrals/municipalities.csv").get_data(as_text=True)
    change(coordinator, MALMO, number="070-174 06 40")

    answer = send(coordinator, old.replace("1280;Malmö;;", "1280;Malmö;112;").encode())

    assert answer.status_code == 422
    assert re.search(r"Rad \d+: koord har ändrat den här kommunen sedan filen hämtades", text_of(answer))
    assert "070-174 06 40" in read(coordinator, "/referrals/municipalities")


def test_whoever_takes_the_municipalities_out_is_in_the_log(app: Flask, coordinator: Browser) -> None:
    coordinator.get("/referrals/municipalities.csv")

    with app.app_context():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.EXPORTED)).all()
        assert [(one.record, one.fields) for one in noted] == [("social_office:file", "line.skane")]


def test_every_mistake_of_a_file_is_said_and_nothing_is_taken_in(coordinator: Browser) -> None:
    answer = send(
        coordinator, f"{HEADER}1280;Malmö;070-174 06 40;;;;;\n9999;Ingenstans;ring;;;;;\n1281;Lund\n".encode()
    )

    page = text_of(answer)
    assert answer.status_code == 422
    assert "3 saker behöver rättas i den" in page
    assert "Rad 3, kod: Ingen kommun har koden ”9999”." in page
    assert "Rad 3, nummer: ”ring” är inget telefonnummer" in page
    assert "Rad 4: Raden har fler eller färre" in page
    assert "070-174 06 40" not in read(coordinator, "/referrals/municipalities")


@pytest.mark.parametrize(
    "content", [b"", "Malmö".encode("latin-1"), b"\xff\xfe\x00"], ids=["nothing", "latin", "noise"]
)
def test_what_is_no_csv_in_utf_8_is_refused_in_words(coordinator: Browser, content: bytes) -> None:
    assert "Det här är ingen CSV-fil i UTF-8" in text_of(send(coordinator, content))


def test_another_table_is_told_which_columns_it_needs(coordinator: Browser) -> None:
    assert "kolumnerna: kod, kommun, nummer, tider" in text_of(send(coordinator, b"namn;telefon\n1;2\n"))


def test_a_form_without_a_file_is_refused_in_words(coordinator: Browser) -> None:
    path = "/referrals/municipalities"

    answer = coordinator.client.post(path, data={"csrf_token": coordinator.token(path)})

    assert answer.status_code == 422


def test_changes_are_in_the_log_by_their_fields(coordinator: Browser, app: Flask) -> None:
    change(coordinator, "/referrals/bris/edit", **BRIS | {"note": "Ny", "verified_on": "2025-08-01"})
    change(coordinator, MALMO, number="070-174 06 40")

    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
        told = [(one.record, one.fields) for one in entries if one.what.value == "changed_referrals"]
    assert told == [("referral:bris", "hours,note,whom"), ("social_office:1280", "number")]


# --- keys ------------------------------------------------------------------------------------------------------------


def test_no_key_of_a_record_means_two_things(policy: Policy) -> None:
    groups = policy.taxonomy.groups.values()
    taken = {one.press for one in groups} | {one.press for group in groups for one in group.choices.values()}

    assert not taken & {*ASIDES.values(), COMPLETE_PRESS}
    assert len({way.press for way in WAYS}) == len(WAYS)


def test_single_keys_are_turned_off_for_the_account_and_stay_off(specialist: Browser, app: Flask) -> None:
    before = specialist.get("/account").get_data(as_text=True)
    off = specialist.client.post(
        "/account/keys", data={"csrf_token": specialist.token("/account"), "tell": "1"}, follow_redirects=True
    )
    specialist.client.post("/account/keys", data={"csrf_token": specialist.token("/account")})

    boxes = re.compile(r'name="single_keys"\s+value="on"[^>]*\bchecked')
    assert boxes.search(before)
    assert "Sparat." in text_of(off)
    assert not boxes.search(specialist.get("/referrals").get_data(as_text=True))
    with app.app_context():
        account = db.session.scalars(select(Account)).one()
        entries = db.session.scalars(select(AuditEntry)).all()
        assert [one.fields for one in entries if one.what.value == "changed_account"] == ["single_keys"]
        assert not account.single_keys


def test_every_page_of_the_desk_has_the_sheet_of_keys_and_a_strangers_page_has_none(
    specialist: Browser, app: Flask
) -> None:
    stranger = Browser(app.test_client())

    assert all("data-keys" in specialist.get(path).get_data(as_text=True) for path in ("/", "/records", "/account"))
    assert "data-keys" not in stranger.get("/").get_data(as_text=True)
