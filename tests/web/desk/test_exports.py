"""Files that managers take out: what is in them, who may, what is noted, and that few are made at once."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.columns import COLUMNS, Dataset
from app.domain.permissions import Role
from app.services.export import export_slots
from app.services.export.export_slots import Progress
from app.services.numbers import tallies
from app.storage.base import db
from app.storage.models import AuditEntry, Consultation, DataExport
from app.web.setup import EXTENSION
from tests.services.export_cast import of
from tests.services.old_records import NOTE, NOW, Matter, put, put_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.web.desk.conftest import Browser

FIRST, LAST = NOW.date() - timedelta(days=60), NOW.date()
PURPOSE = "Årsrapporten till styrgruppen"
MANY = [
    Matter(2, themes=("OMV",), municipality="1281"),
    Matter(3, exposed=5, themes=("FYS", "PSYK")),
    Matter(40, closed=1),
    Matter(41, held=False),
    Matter(50, by="nationell"),
    Matter(90),
]


@pytest.fixture
def filled(app: Flask) -> None:
    with app.app_context():
        put_people(db.session())
        put(db.session(), MANY)
        while tallies.refresh(db.session(), app.extensions[EXTENSION].policy, 10)[1]:
            pass
        db.session.commit()


@pytest.fixture
def manager(browser: Browser, account: Callable[..., str]) -> Browser:
    browser.sign_in(account("chef@skane.example", Role.MANAGER))
    return browser


def take(browser: Browser, what: str = "consultations", form: str = "csv", **fields: str) -> TestResponse:
    days = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
    usual = {"what": what, "form": form, "step": "month", "purpose": PURPOSE, **days}
    return browser.fill("/exports", **(usual | fields))


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.usefixtures("filled")
def test_a_file_of_consultations_has_those_that_were_held_and_nothing_that_says_who(manager: Browser) -> None:
    answer = take(manager)

    rows = rows_of(answer)
    assert [(row["id"], row["theme"], row["exposed"], row["municipality"]) for row in rows] == [
        ("3", "FYS", "2_3", "1280"),
        ("2", "FYS PSYK", "4_", "1280"),
        ("1", "ANNAT", "2_3", "1281"),
    ]
    assert list(rows[0]) == [one.name for one in COLUMNS[Dataset.CONSULTATIONS]]
    assert rows[0]["held_at"].endswith("+02:00")
    assert (rows[0]["held"], rows[0]["complete"], rows[1]["complete"]) == ("true", "true", "false")
    assert NOTE not in answer.text
    assert "Övning" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "radrum-consultations-" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("filled")
def test_a_file_of_calls_and_one_of_numbers_have_their_own_units(manager: Browser) -> None:
    calls = rows_of(take(manager, "calls"))
    numbers = rows_of(take(manager, "tallies"))

    assert [row["outcome"] for row in calls] == ["unanswered", "answered", "answered", "answered"]
    assert {(row["first"], row["last"]) for row in numbers} == {
        ("2026-10-01", "2026-10-31"),
        ("2026-11-01", "2026-11-23"),
    }
    held = [row["number"] for row in numbers if (row["unit"], row["dimension"]) == ("consultation", "all")]
    assert sum(map(int, held)) == 3
    assert {row["label"] for row in numbers if row["code"] == "1281"} == {"Lund"}
    assert "OMV" not in {row["code"] for row in numbers}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("what", list(Dataset))
def test_a_workbook_has_the_same_rows_and_what_the_columns_mean(manager: Browser, what: Dataset) -> None:
    expected = rows_of(take(manager, what))

    answer = take(manager, what, "xlsx")

    with ZipFile(io.BytesIO(answer.data)) as book:
        sheet, meanings = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert sheet.count("<row ") == len(expected) + 1
    assert meanings.count("<row ") == len(COLUMNS[what]) + 1
    assert "<f>" not in sheet
    assert not list((manager.client.application.extensions[EXTENSION].exports).glob("tmp*"))


@pytest.mark.usefixtures("filled")
def test_the_file_is_noted_with_its_purpose_before_it_leaves_and_its_rows_after(app: Flask, manager: Browser) -> None:
    rows_of(take(manager))

    page = manager.get("/exports").text
    assert PURPOSE in page
    with app.app_context():
        made = db.session.scalars(select(DataExport)).one()
        assert (made.row_count, made.purpose, made.lines) == (3, PURPOSE, ["skane"])
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.what == What.EXPORTED)).all()
        assert [(one.record, one.fields) for one in entries] == [
            (f"data_export:{made.id}", "line.skane"),
            (f"data_export:{made.id}", "rows.3"),
        ]
        stored = db.session.connection().exec_driver_sql("SELECT purpose FROM data_export").scalar_one()
        assert PURPOSE.encode() not in bytes(stored)


@pytest.mark.usefixtures("filled")
def test_who_stops_taking_a_file_leaves_a_place_and_no_number_of_rows(app: Flask, manager: Browser) -> None:
    token = manager.token("/exports")
    days = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
    fields = {"what": "calls", "form": "csv", "step": "month", "purpose": PURPOSE, **days}

    answer = manager.client.post("/exports", data={"csrf_token": token, **fields}, buffered=False)
    pieces = iter(answer.response)
    first = [next(pieces), next(pieces)]
    answer.close()

    assert first[0] == b""

    assert "Inte hämtad i sin helhet" in manager.get("/exports").text
    assert len(rows_of(take(manager))) == 3
    with app.app_context():
        counts = db.session.scalars(select(DataExport.row_count).order_by(DataExport.id)).all()
        assert counts == [None, 3]


@pytest.mark.usefixtures("filled")
def test_while_another_file_is_made_nothing_is_begun_and_what_was_filled_in_stays(app: Flask, manager: Browser) -> None:
    slot = export_slots.take(app.extensions[EXTENSION].exports, of("skane"))
    assert slot is not None

    answer = take(manager, "calls")

    assert answer.status_code == 503
    assert "En annan export pågår" in answer.text
    assert PURPOSE in answer.text
    slot.release()
    assert len(rows_of(take(manager, "calls"))) == 4


@pytest.mark.parametrize(("progress", "words"), [(Progress(5, 9), "5 av omkring 9"), (Progress(5, None), "5 rader")])
def test_the_page_of_progress_says_it_in_words(app: Flask, manager: Browser, progress: Progress, words: str) -> None:
    assert manager.get("/exports/progress").text == ""
    with app.app_context():
        account = str(db.session.connection().exec_driver_sql("SELECT id FROM account").scalar_one())
    slot = export_slots.take(app.extensions[EXTENSION].exports, of("skane", account))
    assert slot is not None

    slot.tell(progress)

    assert words in manager.get("/exports/progress").text
    slot.release()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"purpose": "   "}, "Skriv vad filen är till för."),
        ({"purpose": "om 19121212-1212"}, "Skriv det utan någons nummer"),
        ({"purpose": "ring 070-174 06 05"}, "Skriv det utan någons nummer"),
        ({"purpose": "x" * 201}, "200"),
        ({"last": "2020-01-01"}, "Ange den första dagen eller en senare."),
        ({"first": "1200-01-01"}, "För lång tid"),
        ({"what": "notes"}, "Antal"),
        ({"form": "exe"}, ""),
        ({"lines": "nationell"}, ""),
    ],
    ids=str,
)
def test_what_cannot_be_taken_is_said_and_nothing_leaves(
    app: Flask, manager: Browser, wrong: dict[str, str], words: str
) -> None:
    answer = take(manager, **wrong)

    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert db.session.scalars(select(DataExport)).all() == []
    slot = export_slots.take(app.extensions[EXTENSION].exports, of("skane"))
    assert slot is not None
    slot.release()


@pytest.mark.usefixtures("filled")
def test_nobody_takes_the_files_of_another_organisation_or_sees_them(
    app: Flask, manager: Browser, account: Callable[..., str]
) -> None:
    take(manager)
    elsewhere = type(manager)(app.test_client())
    elsewhere.sign_in(account("chef@nationell.example", Role.MANAGER, organisation="nationell"))

    page, rows = elsewhere.get("/exports").text, rows_of(take(elsewhere))

    assert PURPOSE not in page
    assert [row["line"] for row in rows] == ["nationell"]


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_files_are_for_managers_alone(browser: Browser, account: Callable[..., str], role: Role) -> None:
    browser.sign_in(account("annan@skane.example", role))

    assert browser.get("/exports").status_code == 403


def test_every_row_comes_once_however_many_there_are(
    app: Flask, manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many at the same instant, in batches of seven."""
    monkeypatch.setattr("app.services.export.exports.AT_ONCE", 7)
    with app.app_context():
        put_people(db.session())
        for number in range(60):
            at = NOW - timedelta(minutes=number // 9)
            one = Consultation(organisation="skane", line="skane", source="live", opened_at=at, held_at=at)
            one.staff_id = "skane"
            db.session.add(one)
        db.session.commit()
        wanted = db.session.scalars(select(Consultation.id).order_by(Consultation.held_at, Consultation.id)).all()

    rows = rows_of(take(manager))

    assert [int(row["id"]) for row in rows] == wanted


def test_the_period_is_days_on_the_lines_wall_clock(app: Flask, manager: Browser) -> None:
    with app.app_context():
        put_people(db.session())
        for hour in (21, 22):  # on 30 June: half an hour before midnight, and half an hour after it
            at = datetime(2026, 6, 30, hour, 30, tzinfo=UTC)
            one = Consultation(organisation="skane", line="skane", source="live", opened_at=at, held_at=at)
            one.staff_id = "skane"
            db.session.add(one)
        db.session.commit()

    day = date(2026, 7, 1).isoformat()
    rows = rows_of(take(manager, first=day, last=day))

    assert [row["held_at"] for row in rows] == ["2026-07-01T00:30:00+02:00"]
