from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.wall_clock import instant_at, local_time, times_shown
from tests.domain.swedish_days import STOCKHOLM

WHOLE_SECONDS = st.times().map(lambda wall: wall.replace(microsecond=0))
ZONES = st.sampled_from(["Europe/Stockholm", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])


@pytest.mark.parametrize(
    ("day", "wall", "instant"),
    [
        ("2026-01-15", "09:00:00", "2026-01-15T08:00:00Z"),
        ("2026-07-15", "09:00:00", "2026-07-15T07:00:00Z"),
        # The clock jumps from 02:00 to 03:00: the hour between is the instant of the jump.
        ("2026-03-29", "01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29", "02:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29", "02:30:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29", "02:59:59", "2026-03-29T01:00:00Z"),
        ("2026-03-29", "03:00:00", "2026-03-29T01:00:00Z"),
        ("2027-03-28", "02:30:00", "2027-03-28T01:00:00Z"),
        # The clock falls from 03:00 to 02:00: the hour that comes twice means its first time.
        ("2026-10-25", "02:00:00", "2026-10-25T00:00:00Z"),
        ("2026-10-25", "02:59:59", "2026-10-25T00:59:59Z"),
        ("2026-10-25", "03:00:00", "2026-10-25T02:00:00Z"),
        ("2027-10-31", "02:30:00", "2027-10-31T00:30:00Z"),
    ],
)
def test_a_wall_time_means_one_instant(day: str, wall: str, instant: str) -> None:
    meant = instant_at(date.fromisoformat(day), time.fromisoformat(wall), STOCKHOLM)

    assert meant == datetime.fromisoformat(instant)
    assert meant.tzinfo is UTC


def test_a_day_that_a_zone_left_out_is_the_instant_of_the_jump() -> None:
    meant = instant_at(date(2011, 12, 30), time(12), ZoneInfo("Pacific/Apia"))

    assert meant == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_the_second_time_of_an_hour_is_never_meant() -> None:
    first = instant_at(date(2026, 10, 25), time(2, 30), STOCKHOLM)
    second = instant_at(date(2026, 10, 25), time(2, 30, fold=1), STOCKHOLM)

    assert first == second


def test_an_instant_without_offset_is_refused() -> None:
    naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - what is refused

    with pytest.raises(ValueError, match="2026-11-23T09:00:00 has none"):
        local_time(naive, STOCKHOLM)


@given(
    zone=ZONES.map(ZoneInfo),
    day=st.dates(date(1990, 1, 1), date(2036, 12, 31)),
    first=WHOLE_SECONDS,
    second=WHOLE_SECONDS,
)
def test_later_wall_times_never_mean_earlier_instants(zone: ZoneInfo, day: date, first: time, second: time) -> None:
    earlier, later = sorted([first, second])

    assert instant_at(day, earlier, zone) <= instant_at(day, later, zone)


@given(day=st.dates(date(1990, 1, 1), date(2036, 12, 31)), wall=WHOLE_SECONDS)
def test_the_wall_shows_what_was_meant_unless_the_clock_jumps_over_it(day: date, wall: time) -> None:
    shown = instant_at(day, wall, STOCKHOLM).astimezone(STOCKHOLM)

    jumped_over = day.month == 3 and wall.hour == 2 and shown.time() == time(3)
    assert jumped_over or (shown.date(), shown.time()) == (day, wall)


@pytest.mark.parametrize(
    ("day", "wall", "times"),
    [
        ("2026-03-29", "01:59:59", 1),
        ("2026-03-29", "02:00:00", 0),
        ("2026-03-29", "02:59:59", 0),
        ("2026-03-29", "03:00:00", 1),
        ("2026-10-25", "01:59:59", 1),
        ("2026-10-25", "02:00:00", 2),
        ("2026-10-25", "02:59:59", 2),
        ("2026-10-25", "03:00:00", 1),
        ("2026-11-23", "02:30:00", 1),
    ],
)
def test_a_wall_time_is_shown_once_twice_or_never(day: str, wall: str, times: int) -> None:
    assert times_shown(date.fromisoformat(day), time.fromisoformat(wall), STOCKHOLM) == times
