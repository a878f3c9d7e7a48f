"""For which days a record can be opened by hand, and when its consultation counts as held."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.channels import DAYS_BACK, days_open, instant_of
from app.domain.errors import RejectedInput

SWEDEN = ZoneInfo("Europe/Stockholm")
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - they get one


@given(instants, st.integers(0, DAYS_BACK))
def test_it_counts_on_the_day_that_was_given_and_never_in_the_future(now: datetime, days: int) -> None:
    day = now.astimezone(SWEDEN).date() - timedelta(days=days)

    held_at = instant_of(day, now, SWEDEN)

    assert held_at.astimezone(SWEDEN).date() == day
    assert held_at <= now


@given(instants)
def test_the_days_end_with_today_on_the_lines_wall_clock(now: datetime) -> None:
    first, last = days_open(now, SWEDEN)

    assert last == now.astimezone(SWEDEN).date()
    assert (last - first).days == DAYS_BACK


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 9, 23), date(1, 1, 1), date(9999, 12, 31)])
def test_another_day_is_refused(day: date) -> None:
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)

    with pytest.raises(RejectedInput):
        instant_of(day, now, SWEDEN)


def test_just_before_midnight_utc_it_is_tomorrow_in_sweden() -> None:
    now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert instant_of(date(2026, 11, 24), now, SWEDEN) == now
    assert instant_of(date(2026, 11, 23), now, SWEDEN) == datetime(2026, 11, 23, 11, tzinfo=UTC)
