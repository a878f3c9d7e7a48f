from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.due import Every, Nightly
from tests.domain.swedish_days import STOCKHOLM

INSTANTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2045, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
TIMES = st.one_of(
    st.integers(1, 100_000).map(lambda seconds: Every(timedelta(seconds=seconds))),
    st.times().map(lambda wall: Nightly(wall.replace(microsecond=0), STOCKHOLM)),
)
NIGHT = Nightly(time(3, 30), STOCKHOLM)


@given(TIMES, INSTANTS)
def test_the_latest_due_instant_has_come_and_the_following_has_not(times: Every | Nightly, now: datetime) -> None:
    assert times.latest(now) <= now < times.following(now)


@given(TIMES, INSTANTS)
def test_between_the_two_nothing_is_due(times: Every | Nightly, now: datetime) -> None:
    latest, following = times.latest(now), times.following(now)

    assert times.latest(latest) == latest
    assert times.latest(following) == following
    assert times.following(latest) == following
    assert times.latest(following - timedelta(microseconds=1)) == latest


def test_every_process_counts_the_same_grid() -> None:
    ten = Every(timedelta(minutes=10))

    assert ten.latest(datetime(2026, 11, 23, 9, 19, 59, tzinfo=UTC)) == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert ten.following(datetime(2026, 11, 23, 9, 20, tzinfo=UTC)) == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T02:29:59Z", "2026-11-22T02:30:00Z"),
        ("2026-11-23T02:30:00Z", "2026-11-23T02:30:00Z"),
        # Summer: two hours ahead of UTC. On the nights when the clock is set it comes once, after the change.
        ("2026-07-01T01:30:00Z", "2026-07-01T01:30:00Z"),
        ("2026-03-29T12:00:00Z", "2026-03-29T01:30:00Z"),
        ("2026-10-25T12:00:00Z", "2026-10-25T02:30:00Z"),
    ],
)
def test_a_night_is_counted_by_the_wall_clock(now: str, due: str) -> None:
    assert NIGHT.latest(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_no_interval_is_nothing() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        Every(timedelta())
