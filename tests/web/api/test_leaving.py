"""What of consultations leaves the team by the API: no words, bands and parts of ages, and nothing without an entry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.audit import What
from app.domain.columns import CONSULTATIONS, TALLIES
from app.domain.consultations import PlaceKind
from app.storage.models import ApiToken, AuditEntry, ConsultationNote, ConsultationTag, Staff
from app.web.desk.export.column_words import MEANINGS
from tests.web.api.conftest import DOCUMENT, Reader, Rows, on_one_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

NOTE = "Övning: påhittat, KANARIEFÅGEL."


def held(rows: Rows, line: str = "skane", after: int = 0, **tags: str) -> int:
    """A consultation with everything that a record can have."""
    by = rows.session.get(Staff, f"specialist-{line}") or rows.specialist(line.title(), line)
    call = rows.call(line, after=after)
    one = rows.consultation(call, staff_id=by.id, held_at=call.started_at + timedelta(seconds=9), exposed=3)
    one.place, one.municipality, one.county = PlaceKind.MUNICIPALITY, "1280", "12"
    rows.session.add(ConsultationNote(consultation_id=one.id, text=NOTE))
    for kind, codes in tags.items():
        for position, code in enumerate(codes.split(), start=1):
            rows.session.add(ConsultationTag(consultation_id=one.id, kind=kind, code=code, position=position))
    number = one.id
    rows.session.commit()
    return number


def test_answers_leave_as_codes_persons_in_bands_and_ages_in_two_parts(reader: Reader, rows: Rows) -> None:
    held(rows, service="SOC", type="RISK", theme="PSYK FYS", age="12_14", gender="F", advice="ORO SIP", gap="GOTT")

    answer = reader.ask("/consultations")

    one = answer.json["items"][0]  # type: ignore[index] # JSON
    assert (one["service"], one["type"], one["theme"], one["advice"]) == (
        "SOC",
        "RISK",
        ["PSYK", "FYS"],
        ["ORO", "SIP"],
    )
    assert (one["exposed"], one["age"], one["gender"], one["gap"]) == ("2_3", "0_17", "F", ["GOTT"])
    assert (one["place"], one["county"], one["municipality"]) == ("KOMMUN", "12", "1280")
    assert "KANARIE" not in answer.text
    assert "Övning" not in answer.text


def test_conversion_never_stands_beside_a_municipality(reader: Reader, rows: Rows) -> None:
    held(rows, theme="OMV ANNAT PSYK")
    held(rows, after=1, theme="OMV")

    items = reader.get("/consultations")["items"]

    assert [one["theme"] for one in items] == [["ANNAT"], ["ANNAT", "PSYK"]]


def test_of_one_that_nobody_held_there_is_nothing_but_that_it_was_opened(reader: Reader, rows: Rows) -> None:
    call = rows.call()
    one = rows.consultation(call)
    rows.session.add(ConsultationTag(consultation_id=one.id, kind="service", code="SOC", position=1))
    rows.session.commit()
    number = held(rows, after=1)

    items = reader.get("/consultations")["items"]

    assert [(one["held"], one["service"]) for one in items] == [(True, None), (False, None)]
    assert [one["id"] for one in reader.get("/consultations", held="true")["items"]] == [number]
    assert "held: found 'no'; allowed: true" in reader.refusal("/consultations", held="no")


def test_every_page_is_noted_by_the_tokens_number_before_it_is_shown(
    with_token: Callable[..., Reader], rows: Rows, stored: Session
) -> None:
    first, second, elsewhere = held(rows), held(rows, after=1), held(rows, "nationell", after=2)

    with_token("skane").get("/consultations", limit=1)
    with_token().get("/consultations")
    with_token("vastmanland").get("/consultations")

    entries = stored.scalars(
        select(AuditEntry).where(AuditEntry.what == What.EXPORTED).order_by(AuditEntry.sequence)
    ).all()
    numbers = stored.scalars(select(ApiToken.id).order_by(ApiToken.id).limit(2))
    ours, all_ = (f"api_token:{number}" for number in numbers)
    assert [(one.account_id, one.organisation, one.record, one.fields) for one in entries] == [
        (ours, "skane", f"consultation:{second}-{second}", "line.skane,rows.1"),
        (all_, "nationell", f"consultation:{elsewhere}-{elsewhere}", "line.nationell,rows.1"),
        (all_, "skane", f"consultation:{first}-{second}", "line.skane,rows.2"),
    ]


@on_one_engine
@pytest.mark.parametrize("name", ["since", "until"])
def test_an_instant_without_an_offset_is_refused(reader: Reader, name: str) -> None:
    assert reader.refusal("/consultations", 400, **{name: "2026-11-23T10:00:00"}).startswith(f"{name}: ")


def test_the_document_and_the_data_dictionary_say_the_same() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    of_trends = schemas["Trend"]["properties"] | schemas["Number"]["properties"]
    of_trends.pop("numbers")

    for columns, properties in ((CONSULTATIONS, schemas["Consultation"]["properties"]), (TALLIES, of_trends)):
        (meanings,) = [words for words in MEANINGS.values() if words.keys() == {one.name for one in columns}]
        assert set(properties) == {one.name for one in columns}
        for one in columns:
            said = properties[one.name]
            assert said["description"].startswith(meanings[one.name]._args[0])  # noqa: SLF001 - the English sentence
            assert (said["x-since"], said.get("x-unit")) == (one.since.isoformat(), one.of and one.of.value)


def test_every_question_of_the_taxonomy_has_a_column(policy: Policy) -> None:
    assert policy.taxonomy.groups.keys() <= {one.name for one in CONSULTATIONS}


def test_the_columns_are_those_of_the_answer(reader: Reader, rows: Rows) -> None:
    held(rows)

    (one,) = reader.get("/consultations")["items"]

    assert set(one) == {column.name for column in CONSULTATIONS}
