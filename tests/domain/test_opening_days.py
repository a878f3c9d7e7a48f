"""The open days around a day, and who is away on them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.away import away_until
from app.domain.followups import WITHIN_DAYS, Promise, due_on, is_open_on
from app.domain.hours import DatedChange, Interval, Span
from app.domain.lines import LineKey
from app.domain.opening_days import last_open_day, next_open_day, spans_of
from app.domain.wall_clock import ONE_DAY

if TYPE_CHECKING:
    from app.domain.hours import OpeningHours
    from app.domain.policy import Policy

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(date(2026, 2, 1), date(2030, 9, 1))
NEAR_CHRISTMAS = st.builds(date, st.integers(2026, 2029), st.just(12), st.integers(5, 31))


@pytest.fixture(scope="module")
def hours(policy: Policy) -> OpeningHours:
    return policy.schedules[LineKey("skane")].hours


def at(text: str) -> datetime:
    """On the wall clock of Stockholm."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def changed(shut: set[int], opened: set[int], start: date) -> dict[date, DatedChange]:
    """Days that are closed, and days that are open, whatever they were."""
    short = (
        Interval(datetime.fromisoformat("2026-01-01T10:00").time(), datetime.fromisoformat("2026-01-01T12:00").time()),
    )
    made = {start + day * ONE_DAY: DatedChange(start + day * ONE_DAY, (), "planeringsdag") for day in shut}
    return made | {start + day * ONE_DAY: DatedChange(start + day * ONE_DAY, short, "extra") for day in opened}


# --- around a day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 12, 24), date(2026, 12, 23), date(2026, 12, 28)),
        (date(2026, 12, 26), date(2026, 12, 23), date(2026, 12, 28)),
        (date(2026, 12, 23), date(2026, 12, 22), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2026, 12, 30), date(2027, 1, 4)),
        (date(2026, 11, 28), date(2026, 11, 27), date(2026, 11, 30)),
    ],
)
def test_the_open_days_around_christmas(hours: OpeningHours, day: date, before: date, after: date) -> None:
    assert (last_open_day(hours, {}, day), next_open_day(hours, {}, day)) == (before, after)


@given(day=DAYS, shut=st.sets(st.integers(-10, 10)), opened=st.sets(st.integers(-10, 10)))
def test_the_nearest_open_days_are_open_and_nothing_between_is(
    policy: Policy, day: date, shut: set[int], opened: set[int]
) -> None:
    hours = policy.schedules[LineKey("skane")].hours
    changes = changed(shut, opened, day)

    before, after = last_open_day(hours, changes, day), next_open_day(hours, changes, day)

    assert before is not None
    assert after is not None
    between = [before + step * ONE_DAY for step in range(1, (after - before).days)]
    assert is_open_on(hours, changes, before)
    assert is_open_on(hours, changes, after)
    assert [one for one in between if one != day and is_open_on(hours, changes, one)] == []


def test_where_no_day_is_open_none_is_named(hours: OpeningHours) -> None:
    day = date(2026, 11, 23)
    changes = changed(set(range(-90, 90)), set(), day)

    assert (last_open_day(hours, changes, day), next_open_day(hours, changes, day)) == (None, None)
    assert spans_of(hours, {}, date(1900, 1, 1)) == ()
    assert last_open_day(hours, {}, day, since=date(2026, 11, 23)) is None


# --- when a promise is due --------------------------------------------------------------------------------------------


@given(
    promised=st.one_of(DAYS, NEAR_CHRISTMAS),
    within=st.integers(1, WITHIN_DAYS),
    shut=st.sets(st.integers(0, 20)),
    opened=st.sets(st.integers(0, 20)),
)
def test_over_holidays_and_dated_changes_it_is_due_on_an_open_day_in_time(
    policy: Policy, promised: date, within: int, shut: set[int], opened: set[int]
) -> None:
    """A day that a dated change opens counts as open, also on Christmas Eve; one that it closes doesn't."""
    hours = policy.schedules[LineKey("skane")].hours
    changes = changed(shut, opened, promised)

    due = due_on(hours, changes, Promise(promised, within))

    in_time = [day for step in range(within + 1) if is_open_on(hours, changes, day := promised + step * ONE_DAY)]
    assert is_open_on(hours, changes, due)
    assert due == (in_time[-1] if in_time else next_open_day(hours, changes, promised + within * ONE_DAY))


@given(promised=st.one_of(DAYS, NEAR_CHRISTMAS), within=st.integers(2, WITHIN_DAYS))
def test_it_is_announced_on_one_morning_and_that_is_the_last_open_day_before(
    policy: Policy, promised: date, within: int
) -> None:
    hours = policy.schedules[LineKey("skane")].hours
    due = due_on(hours, {}, Promise(promised, within))
    mornings = [day for step in range(20) if is_open_on(hours, {}, day := due - step * ONE_DAY)]

    told = [day for day in mornings if next_open_day(hours, {}, day) == due]

    assert told == [last_open_day(hours, {}, due)]


# --- who is away ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "begins", "ends", "is_away"),
    [
        ("2026-11-23T08:00", "2026-11-23T00:00", "2026-11-24T00:00", True),
        ("2026-11-23T10:30", "2026-11-23T10:00", "2026-11-24T00:00", True),
        ("2026-11-23T08:00", "2026-11-23T10:00", "2026-11-23T11:00", False),
        ("2026-11-23T15:00", "2026-11-23T09:00", "2026-11-23T12:00", False),
        ("2026-11-27T10:00", "2026-11-28T00:00", "2026-11-30T00:00", False),
        ("2026-11-27T10:00", "2026-11-30T00:00", "2026-12-07T00:00", True),
        ("2026-11-26T10:00", "2026-11-30T00:00", "2026-12-07T00:00", False),
        ("2026-12-23T10:00", "2026-12-28T00:00", "2026-12-29T00:00", True),
        ("2026-12-25T10:00", "2026-12-20T00:00", "2026-12-28T00:00", False),
    ],
    ids=[
        "all of today", "from now on", "an hour at the dentist's", "this morning, and back", "a weekend",
        "from Monday on, asked on Friday", "from Monday on, asked on Thursday", "the first day after Christmas",
        "back on the first open day",
    ],
)  # fmt: skip
def test_who_is_away_misses_all_that_is_left_of_today_or_the_next_open_day(
    hours: OpeningHours, now: str, begins: str, ends: str, *, is_away: bool
) -> None:
    found = away_until(hours, {}, [Span(at(begins), at(ends))], at(now))

    assert found == (at(ends) if is_away else None)


def test_absences_that_meet_are_one(hours: OpeningHours) -> None:
    days = [("2026-11-25T00:00", "2026-11-27T00:00"), ("2026-11-23T00:00", "2026-11-25T00:00")]

    found = away_until(hours, {}, [Span(at(begins), at(ends)) for begins, ends in days], at("2026-11-23T08:00"))

    assert found == at("2026-11-27T00:00")
