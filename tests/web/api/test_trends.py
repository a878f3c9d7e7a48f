"""The numbers that the API tells: by line and period, each with its unit; the rows' own sums."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.retention import RecordClass
from tests.services.old_records import OPEN, Matter, decide, purge, put, put_people
from tests.web.api.conftest import Reader, on_one_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

# Practice data begin at NOW of old_records: 23 November 2026.
MANY = [
    Matter(2, themes=("FYS",)),
    Matter(3, themes=("OMV", "ANNAT"), exposed=5),
    Matter(40, themes=("PSYK", "FYS"), exposed=None),
    Matter(41, held=False),
    Matter(41, by="nationell"),
]


@pytest.fixture
def filled(stored: Session) -> Session:
    put_people(stored)
    put(stored, MANY)
    return stored


def numbers(item: dict[str, Any]) -> dict[tuple[str, str, str], int]:
    return {(one["unit"], one["dimension"], one["code"]): one["number"] for one in item["numbers"]}


@pytest.mark.usefixtures("filled")
def test_each_line_has_its_numbers_by_unit_question_and_answer(reader: Reader) -> None:
    items = reader.get("/trends", kind="month", day="2026-10-14", lang="en")["items"]

    assert [(one["line"], one["first"], one["last"]) for one in items] == [
        (line, "2026-10-01", "2026-10-31") for line in ("nationell", "skane", "skaraborg", "vastmanland")
    ]
    skane = numbers(items[1])
    assert skane["consultation", "all", ""] == 1
    assert skane["call", "all", ""] == 2
    assert skane["consultation", "theme", "FYS"] == 1
    assert skane["consultation", "municipality", "1280"] == 1
    assert items[2]["numbers"] == []
    assert [one["counted_since"] for one in items] == ["2026-10-13", "2026-10-13", None, None]
    labels = {(one["dimension"], one["code"]): one["label"] for one in items[1]["numbers"]}
    assert labels["theme", "FYS"] == "Physical violence"
    assert labels["municipality", "1280"] == "Malmö"
    assert labels["outcome", "unanswered"] == "Nobody answered"


@pytest.mark.usefixtures("filled")
def test_what_could_say_whom_a_theme_was_about_is_left_out(reader: Reader) -> None:
    (item,) = reader.get("/trends", kind="month", day="2026-11-01", line="skane")["items"]

    found = numbers(item)
    assert not {code for _, dimension, code in found if dimension == "theme"} & {"OMV", "ANNAT"}
    assert found["consultation", "theme", "FYS"] == 1
    assert {code for _, dimension, code in found if dimension == "exposed"} == {"2_3", "4_"}
    assert found["person", "all", ""] == 7


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "week", "day": "2026-11-20"},
        {"kind": "own", "day": "2026-11-01", "last": "2026-11-29"},
        {"kind": "month", "day": "2026-11-20", "step": "day"},
    ],
    ids=["a week", "days of one's own choice", "day by day"],
)
def test_persons_are_told_of_whole_months_alone(reader: Reader, asked: dict[str, str]) -> None:
    items = reader.get("/trends", line="skane", **asked)["items"]

    units = {unit for item in items for unit, _, _ in numbers(item)}
    assert units == {"call", "consultation"}


@pytest.mark.usefixtures("filled")
def test_the_parts_add_up_to_the_whole_and_come_in_pages(reader: Reader) -> None:
    asked = {"kind": "year", "day": "2026-05-01", "line": "skane", "step": "month"}
    whole = reader.get("/trends", kind="year", day="2026-05-01", line="skane")["items"]

    page = reader.get("/trends", limit=5, **asked)
    found = page["items"]
    while page["next_cursor"]:
        page = reader.get("/trends", limit=5, cursor=page["next_cursor"], **asked)
        found += page["items"]

    assert [one["first"] for one in found] == [f"2026-{month:02}-01" for month in range(1, 13)]
    summed: dict[tuple[str, str, str], int] = {}
    for one in found:
        for key, number in numbers(one).items():
            summed[key] = summed.get(key, 0) + number
    assert summed == numbers(whole[0])


def test_cases_are_told_where_none_has_been_destroyed(stored: Session, reader: Reader) -> None:
    put_people(stored)
    put(stored, [Matter(2)], {1: OPEN, 2: 40, 3: 400})
    decide(stored, {RecordClass.CASES: 12})
    purge(stored)

    def told(kind: str, day: str) -> int | None:
        (item,) = reader.get("/trends", kind=kind, day=day, line="skane")["items"]
        return numbers(item).get(("case", "all", ""))

    assert told("month", "2026-10-14") == 1
    assert told("month", "2026-11-22") == 1
    assert told("year", "2026-01-01") == 2
    assert told("month", "2025-10-14") is None
    assert told("year", "2025-01-01") is None


@pytest.mark.usefixtures("filled")
def test_a_reader_of_one_organisation_is_told_of_its_lines_alone(with_token: Callable[..., Reader]) -> None:
    ours = with_token("skane")

    assert [one["line"] for one in ours.get("/trends")["items"]] == ["skane"]
    assert "line: found 'nationell'; allowed: skane" in ours.refusal("/trends", line="nationell")


@pytest.mark.usefixtures("filled")
def test_labels_are_in_the_language_that_the_reader_takes(reader: Reader) -> None:
    path = "/api/v1/trends?kind=month&day=2026-10-14&line=skane"
    headers = {"Authorization": f"Bearer {reader.token}"}

    def label(**more: str) -> str:
        answer: Any = reader.client.get(path, headers=headers | more).json
        return next(str(one["label"]) for one in answer["items"][0]["numbers"] if one["code"] == "unanswered")

    assert label() == "Ingen svarade"
    assert label(**{"Accept-Language": "en-GB,en;q=0.9"}) == "Nobody answered"
    assert label(**{"Accept-Language": "fi"}) == "Ingen svarade"


@on_one_engine
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"kind": "decade"}, "kind: found 'decade'; allowed: week, month, quarter, half, year, own"),
        ({"step": "hour"}, "step: found 'hour'; allowed: day, week, month, quarter, year"),
        ({"day": "2026-11-31"}, "day: found '2026-11-31'; allowed: a day in ISO 8601"),
        ({"day": "2026-11-23T10:00:00+01:00"}, "day: found"),
        ({"kind": "own", "day": "2026-11-01"}, "day and last: both are given with kind=own, in this order"),
        ({"last": "2026-11-01"}, "day and last: both are given with kind=own, in this order"),
        ({"day": "2200-01-01"}, "lies ahead"),
        ({"kind": "own", "day": "2000-01-01", "last": "2026-01-01"}, "too long"),
        ({"kind": "own", "day": "2026-02-01", "last": "2026-01-01"}, "day and last"),
        ({"lang": "fi"}, "lang: found 'fi'; allowed: sv, en"),
        ({"cursor": "x"}, "allowed: the next_cursor of the page before"),
        ({"since": "2026"}, "unknown parameter 'since'"),
    ],
)
def test_what_cannot_be_read_is_refused(reader: Reader, asked: dict[str, str], sentence: str) -> None:
    assert sentence in reader.refusal("/trends", 400, **asked)


@on_one_engine
def test_several_lines_may_be_named(reader: Reader) -> None:
    items = reader.get("/trends", line=["skane", "nationell"])["items"]

    assert [one["line"] for one in items] == ["nationell", "skane"]


@on_one_engine
def test_without_a_day_it_is_the_last_period_that_is_over(reader: Reader) -> None:
    item = reader.get("/trends", line="skane")["items"][0]

    last = date.fromisoformat(item["last"])
    assert last < datetime.now(UTC).date() + timedelta(days=1)
    assert (last + timedelta(days=1)).day == 1
