from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest

from app.domain.hours import (
    Calendar,
    DatedChange,
    OpeningHours,
    is_open,
    last_open_instant,
    opening_at,
)
from tests.domain.hours_of_tests import NINE_TO_FOUR, intervals, opening_hours, wall
from tests.domain.swedish_days import CALENDAR, STOCKHOLM, days_from

Question = Callable[[OpeningHours, Mapping[date, DatedChange], datetime], object]
HOURS = opening_hours()
LUNCH = opening_hours("09:00-12:00", "13:00-16:00")


class TestTheLastOpenInstant:
    @pytest.mark.parametrize(
        ("at", "last"),
        [
            ("2026-11-23 09:00:00", "2026-11-23 09:00:00"),
            ("2026-11-23 15:59:59.999999", "2026-11-23 15:59:59.999999"),
            ("2026-11-23 16:00:00", "2026-11-23 15:59:59"),
            ("2026-11-24 08:59:59", "2026-11-23 15:59:59"),
            ("2026-11-22 12:00:00", "2026-11-20 15:59:59"),
            ("2026-12-28 08:59:59", "2026-12-23 15:59:59"),
        ],
    )
    def test_it_is_now_or_the_last_second_before_closing(self, at: str, last: str) -> None:
        assert last_open_instant(HOURS, {}, wall(at)) == wall(last)

    def test_a_break_has_one_too(self) -> None:
        assert last_open_instant(LUNCH, {}, wall("2026-11-23 12:30")) == wall("2026-11-23 11:59:59")

    def test_it_is_on_the_wall_clock_of_the_line(self) -> None:
        last = last_open_instant(HOURS, {}, datetime(2026, 11, 23, 10, tzinfo=UTC))

        assert last is not None
        assert last.isoformat() == "2026-11-23T11:00:00+01:00"

    @pytest.mark.parametrize(("at", "last"), [("2026-12-07 12:00", "2026-11-23 15:59:59"), ("2026-12-08 12:00", None)])
    def test_it_is_looked_for_on_the_fourteen_days_before(self, at: str, last: str | None) -> None:
        closed = {day: DatedChange(day, (), "stängt") for day in days_from(date(2026, 11, 24), 15)}

        assert last_open_instant(HOURS, closed, wall(at)) == (wall(last) if last else None)

    def test_before_the_first_closing_there_is_none(self) -> None:
        hours = opening_hours(calendar=Calendar({}, {}, 2026, 2026))

        assert last_open_instant(hours, {}, wall("2026-01-01 08:00")) is None


class TestWhatIsRefused:
    @pytest.mark.parametrize("question", [opening_at, is_open, last_open_instant])
    @pytest.mark.parametrize("at", ["2025-12-31 23:59:59", "2027-01-01 00:00:00"])
    def test_a_year_whose_days_off_are_unknown(self, question: Question, at: str) -> None:
        hours = opening_hours(calendar=Calendar({}, {}, 2026, 2026))

        with pytest.raises(ValueError, match=rf"{at[:10]} is outside the calendar, which covers 2026 to 2026"):
            question(hours, {}, wall(at))

    def test_the_year_is_that_of_the_wall_clock(self) -> None:
        hours = opening_hours(calendar=Calendar({}, {}, 2026, 2026))

        opening = opening_at(hours, {}, datetime(2025, 12, 31, 23, tzinfo=UTC))

        assert opening.at == wall("2026-01-01 00:00")

    @pytest.mark.parametrize("question", [opening_at, is_open, last_open_instant])
    def test_an_instant_without_offset(self, question: Question) -> None:
        naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - what is refused

        with pytest.raises(ValueError, match="offset"):
            question(HOURS, {}, naive)

    @pytest.mark.parametrize("written", ["16:00-09:00", "09:00-09:00"])
    def test_an_interval_that_closes_before_it_opens(self, written: str) -> None:
        with pytest.raises(ValueError, match="closes after it opens"):
            intervals(written)

    def test_a_week_that_has_not_seven_days(self) -> None:
        with pytest.raises(ValueError, match="seven days, not 5"):
            OpeningHours(STOCKHOLM, (NINE_TO_FOUR,) * 5, CALENDAR)
