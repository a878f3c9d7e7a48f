from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import NotFound, RejectedInput
from app.domain.hours import DatedChange
from app.domain.lines import LineKey
from app.services.rota.hours import change_day, coming_changes, heard, usual_hours, written
from app.storage.models import DatedHours

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.policy import Policy

SKANE = LineKey("skane")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
TUESDAY = date(2026, 11, 24)


def test_a_day_is_closed_and_then_opened_in_the_afternoon_after_all(session: Session, policy: Policy) -> None:
    change_day(session, policy, SKANE, TUESDAY, [], "utbildning", now=NOW)
    change_day(session, policy, SKANE, TUESDAY, ["14:30-16:00", "13:00-14:00"], "  utbildning\ti dag ", now=NOW)

    row = session.query(DatedHours).one()

    assert (row.day, row.intervals, row.because) == (TUESDAY, ["13:00-14:00", "14:30-16:00"], "utbildning i dag")


def test_a_change_is_taken_back(session: Session, policy: Policy) -> None:
    change_day(session, policy, SKANE, TUESDAY, [], "utbildning", now=NOW)

    assert usual_hours(session, policy, SKANE, TUESDAY)
    assert not usual_hours(session, policy, SKANE, TUESDAY)
    assert session.query(DatedHours).count() == 0


def test_the_list_begins_with_today_and_is_in_order(session: Session, policy: Policy) -> None:
    for day in (date(2026, 12, 1), date(2026, 11, 23), TUESDAY):
        change_day(session, policy, SKANE, day, ["10:00-11:00"], "utbildning", now=NOW)

    on_tuesday = coming_changes(session, policy, SKANE, now=NOW.replace(day=24))

    assert [(str(one.day), [*map(written, one.intervals)]) for one in on_tuesday] == [
        ("2026-11-24", ["10:00-11:00"]),
        ("2026-12-01", ["10:00-11:00"]),
    ]


@pytest.mark.parametrize(
    ("day", "intervals", "because", "key"),
    [
        (date(2026, 11, 22), [], "utbildning", "day"),
        (date(2028, 11, 2), [], "utbildning", "day"),
        (TUESDAY, ["9-25"], "utbildning", "open"),
        (TUESDAY, ["9.5-16"], "utbildning", "open"),
        (TUESDAY, ["16:00-09:00"], "utbildning", "open"),
        (TUESDAY, ["09:00-12:00", "11:59-16:00"], "utbildning", "open"),
        (TUESDAY, ["09:00-12:00", "09:00-12:00"], "utbildning", "open"),
        (TUESDAY, [], "  ", "because"),
        (TUESDAY, [], "a" * 201, "because"),
        (TUESDAY, [], "utbildning\u202e", "because"),
        (TUESDAY, [], "Anna Andersson är sjuk, ring 0701740605", "because"),
        (TUESDAY, [], "ring 070-174 06 05", "because"),
        (TUESDAY, [], "ärende 12345", "because"),
    ],
    ids=[
        "past",
        "too far",
        "hour",
        "form",
        "backwards",
        "overlap",
        "twice",
        "no reason",
        "long reason",
        "hidden characters",
        "phone",
        "spaced phone",
        "five digits",
    ],
)
def test_a_wrong_change_is_refused_and_nothing_is_stored(
    session: Session, policy: Policy, day: date, intervals: list[str], because: str, key: str
) -> None:
    with pytest.raises(RejectedInput) as refused:
        change_day(session, policy, SKANE, day, intervals, because, now=NOW)

    assert [problem.key for problem in refused.value.problems] == [key]
    assert session.query(DatedHours).count() == 0


@pytest.mark.parametrize("written_so", ["9:00-16:30", "9.00-16.30", "09-16:30", "9:00 \u2013 16.30"])
def test_hours_are_taken_as_people_write_them(session: Session, policy: Policy, written_so: str) -> None:
    change = change_day(session, policy, SKANE, TUESDAY, [written_so], "utbildning den 24 november 2026", now=NOW)

    assert [*map(written, change.intervals)] == ["09:00-16:30"]
    assert session.query(DatedHours).one().intervals == ["09:00-16:30"]


def test_a_date_in_a_reason_is_no_phone_number(session: Session, policy: Policy) -> None:
    change_day(session, policy, SKANE, TUESDAY, [], "vi flyttar till 2026-12-01", now=NOW)


def test_the_change_is_told_as_callers_hear_it(policy: Policy) -> None:
    short = heard(policy, SKANE, DatedChange(TUESDAY, (), "utbildning"))
    long = heard(policy, SKANE, DatedChange(TUESDAY, (), "utbildning " * 8))

    assert short == "Vi har stängt på grund av utbildning."
    assert long == "Vi har stängt på grund av ändrad öppettid."


def test_all_that_is_wrong_is_said_at_once(session: Session, policy: Policy) -> None:
    with pytest.raises(RejectedInput) as refused:
        change_day(session, policy, SKANE, date(2020, 1, 1), ["x", "y"], "", now=NOW)

    assert [problem.key for problem in refused.value.problems] == ["day", "open", "open", "because"]


def test_a_line_that_is_not_there_is_named_with_those_that_are(session: Session, policy: Policy) -> None:
    with pytest.raises(NotFound, match="nationell, skane"):
        change_day(session, policy, LineKey("malmo"), TUESDAY, [], "utbildning", now=NOW)
