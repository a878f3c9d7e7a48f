"""Lines, whether they are open, and who is on duty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.services.rota.staff import import_staff
from app.storage.models import DatedHours
from tests.web.api.conftest import CANARY, MONDAY_AT_TEN, on_one_engine

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.settings import Settings
    from tests.web.api.conftest import Reader

# Fictive people, with numbers reserved for fiction. On Monday 23 November 2026 the first two are on duty.
STAFF = f"""name,alias,phone,competences,languages,rota,from
Övning Ett,Ett,+{CANARY},law,sv,skane,2026-01-01
Övning Två,Två,+46701740642,police,sv,skane,2026-01-01
Övning Tre,Tre,+46701740643,school,sv,skane-backup,2026-01-01
"""


def test_the_lines_come_in_the_order_of_their_keys(reader: Reader) -> None:
    page = reader.get("/lines")

    assert [one["key"] for one in page["items"]] == ["nationell", "skane", "skaraborg", "vastmanland"]
    assert page["next_cursor"] is None
    assert page["items"][1]["zone"] == "Europe/Stockholm"
    assert page["items"][1]["overflow"] == "nationell"
    assert len(page["items"][1]["catchment"]) == 33


def test_the_lines_come_in_pages(reader: Reader) -> None:
    first = reader.get("/lines", limit=3)
    second = reader.get("/lines", limit=3, cursor=first["next_cursor"])

    assert [one["key"] for one in first["items"]] == ["nationell", "skane", "skaraborg"]
    assert [one["key"] for one in second["items"]] == ["vastmanland"]
    assert second["next_cursor"] is None


def test_an_open_line_says_when_it_closes(reader: Reader) -> None:
    assert reader.get("/lines/skane/hours", at="2026-11-23T10:00:00+01:00") == {
        "line": "skane",
        "at": "2026-11-23T10:00:00+01:00",
        "open": True,
        "reason": None,
        "closes_at": "2026-11-23T16:00:00+01:00",
        "next_opening": None,
    }


@pytest.mark.parametrize(
    ("at", "reason", "next_opening"),
    [
        ("2026-11-21T10:00:00+01:00", "helg", "2026-11-23T09:00:00+01:00"),
        ("2026-12-24T10:00:00+01:00", "Julafton", "2026-12-28T09:00:00+01:00"),
        ("2026-12-25T10:00:00+01:00", "Juldagen", "2026-12-28T09:00:00+01:00"),
        ("2026-11-23T08:59:59+01:00", "före öppning", "2026-11-23T09:00:00+01:00"),
        ("2026-11-23T16:00:00+01:00", "efter stängning", "2026-11-24T09:00:00+01:00"),
    ],
)
def test_a_closed_line_says_why_and_when_it_opens(reader: Reader, at: str, reason: str, next_opening: str) -> None:
    hours = reader.get("/lines/skane/hours", at=at)

    assert (hours["open"], hours["reason"], hours["closes_at"]) == (False, reason, None)
    assert hours["next_opening"] == next_opening


def test_a_dated_change_is_told_in_its_own_words(reader: Reader, stored: Session) -> None:
    stored.add(
        DatedHours(line="skane", day=date(2026, 11, 23), intervals=[], because="utbildningsdag", made_at=MONDAY_AT_TEN)
    )
    stored.commit()

    assert reader.get("/lines/skane/hours", at="2026-11-23T10:00:00+01:00")["reason"] == "utbildningsdag"
    assert reader.get("/lines/skaraborg/hours", at="2026-11-23T10:00:00+01:00")["open"]


@on_one_engine
@pytest.mark.parametrize(
    "at",
    [
        "2026-11-23T09:00:00Z",
        "2026-11-23T09:00:00+00:00",
        "2026-11-23T10:00+01:00",
        "2026-11-23T10:00:00+0100",
        "2026-11-23T10:00:00.000+01:00",
        "2026-11-23T04:00:00-05:00",
        "2026-11-23T10:00:00 01:00",
    ],
    ids=["zulu", "utc", "minutes", "no colon", "fraction", "new york", "a plus that the client didn't write as %2B"],
)
@pytest.mark.parametrize("question", ["hours", "duty"])
def test_an_instant_is_told_on_the_lines_wall_clock(reader: Reader, question: str, at: str) -> None:
    assert reader.get(f"/lines/skane/{question}", at=at)["at"] == "2026-11-23T10:00:00+01:00"


@on_one_engine
@pytest.mark.parametrize("question", ["hours", "duty"])
@pytest.mark.parametrize(
    "at",
    [
        "2026-11-23T10:00:00",
        "2026-11-23 10:00",
        "2026-11-23",
        "10:00+01:00",
        "",
        "now",
        "2026-13-01T10:00:00+01:00",
        "2026-11-23T25:00:00+01:00",
        "1700000000",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "1899-12-31T10:00:00+01:00",
        "2999-01-01T10:00:00+01:00",
        "2026-11-23T10:00:00+01:00\x00",
        "\uff12\uff10\uff12\uff16-11-23T10:00:00+01:00",
    ],
)
def test_what_is_no_instant_with_an_offset_is_refused(reader: Reader, question: str, at: str) -> None:
    assert reader.refusal(f"/lines/skane/{question}", at=at).startswith("at: ")


@pytest.mark.parametrize("question", ["hours", "duty"])
def test_without_an_instant_it_is_now(reader: Reader, question: str) -> None:
    before = datetime.now(MONDAY_AT_TEN.tzinfo)

    at = datetime.fromisoformat(reader.get(f"/lines/skane/{question}")["at"])

    assert timedelta(seconds=-1) <= at - before <= timedelta(seconds=30)


@on_one_engine
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("when=now", "unknown parameter 'when'; the parameters are at"),
        ("at=2026-11-23T10:00:00Z&at=2026-11-24T10:00:00Z", "the parameter at is given 2 times"),
        ("%00=1", "unknown parameter"),
    ],
)
def test_parameters_that_we_do_not_know_are_refused(
    reader: Reader, client: FlaskClient, query: str, sentence: str
) -> None:
    response = client.get(f"/api/v1/lines/skane/hours?{query}", headers={"Authorization": f"Bearer {reader.token}"})

    assert response.status_code == 400
    assert sentence in response.text


def test_those_on_duty_come_in_ringing_order(reader: Reader, stored: Session, settings: Settings) -> None:
    import_staff(stored, settings.policy, STAFF, MONDAY_AT_TEN)
    stored.commit()

    duty = reader.get("/lines/skane/duty", at="2026-11-23T10:00:00+01:00")

    assert (duty["line"], duty["at"]) == ("skane", "2026-11-23T10:00:00+01:00")
    assert [person["tier"] for person in duty["on_duty"]] == ["primary", "primary", "backup"]
    assert len({person["specialist"] for person in duty["on_duty"]}) == 3
    assert all("skane" in person["why"] for person in duty["on_duty"])
    assert reader.get("/lines/skane/duty", at="2026-11-23T10:30:00+01:00")["on_duty"] == duty["on_duty"]


def test_nobody_is_on_duty_while_the_line_is_closed(reader: Reader, stored: Session, settings: Settings) -> None:
    import_staff(stored, settings.policy, STAFF, MONDAY_AT_TEN)
    stored.commit()

    assert reader.get("/lines/skane/duty", at="2026-11-21T10:00:00+01:00")["on_duty"] == []
