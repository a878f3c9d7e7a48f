from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.hours import (
    Calendar,
    Closed,
    ClosedKind,
    DatedChange,
    OpeningHours,
    is_open,
    open_spans,
    opening_at,
)
from tests.domain.hours_of_tests import NINE_TO_FOUR, changed, intervals, opening_hours, wall
from tests.domain.swedish_days import CALENDAR, STOCKHOLM, days_from

Question = Callable[[OpeningHours, Mapping[date, DatedChange], datetime], object]
HOURS = opening_hours()
LUNCH = opening_hours("09:00-12:00", "13:00-16:00")
SECOND = timedelta(seconds=1)
MOMENT = timedelta(microseconds=1)


class TestTheDay:
    @pytest.mark.parametrize(
        ("at", "kind"),
        [
            ("2026-11-23 00:00:00", ClosedKind.BEFORE_OPENING),
            ("2026-11-23 08:59:59.999999", ClosedKind.BEFORE_OPENING),
            ("2026-11-23 09:00:00", None),
            ("2026-11-23 15:59:59.999999", None),
            ("2026-11-23 16:00:00", ClosedKind.AFTER_CLOSING),
            ("2026-11-23 23:59:59", ClosedKind.AFTER_CLOSING),
        ],
    )
    def test_hours_are_exact_at_both_ends(self, at: str, kind: ClosedKind | None) -> None:
        opening = opening_at(HOURS, {}, wall(at))

        assert opening.closed == (Closed(kind) if kind else None)
        assert opening.is_open is is_open(HOURS, {}, wall(at)) is (kind is None)

    def test_while_open_the_closing_time_alone_is_told(self) -> None:
        opening = opening_at(HOURS, {}, wall("2026-11-23 09:00"))

        assert opening.closes_at == wall("2026-11-23 16:00")
        assert opening.next_opening is None

    def test_while_closed_the_next_opening_alone_is_told(self) -> None:
        opening = opening_at(HOURS, {}, wall("2026-11-23 16:00"))

        assert opening.next_opening == wall("2026-11-24 09:00")
        assert opening.closes_at is None

    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
    def test_an_instant_of_any_zone_is_answered_on_the_wall_clock_of_the_line(self, zone: str) -> None:
        at = wall("2026-11-23 09:00").astimezone(ZoneInfo(zone))

        opening = opening_at(HOURS, {}, at)

        assert opening.at.isoformat() == "2026-11-23T09:00:00+01:00"
        assert opening.closes_at is not None
        assert opening.closes_at.isoformat() == "2026-11-23T16:00:00+01:00"
        before = opening_at(HOURS, {}, at - SECOND)
        assert before.next_opening is not None
        assert before.next_opening.isoformat() == "2026-11-23T09:00:00+01:00"

    def test_an_instant_belongs_to_its_date_in_sweden(self) -> None:
        at = datetime(2026, 6, 18, 23, 30, tzinfo=UTC)

        opening = opening_at(HOURS, {}, at)

        assert opening.at.date() == date(2026, 6, 19)
        assert opening.closed == Closed(ClosedKind.EVE, "Midsommarafton")

    @pytest.mark.parametrize(
        ("at", "kind"),
        [
            ("2026-11-23 08:59:59", ClosedKind.BEFORE_OPENING),
            ("2026-11-23 11:59:59", None),
            ("2026-11-23 12:00:00", ClosedKind.BREAK),
            ("2026-11-23 12:59:59", ClosedKind.BREAK),
            ("2026-11-23 13:00:00", None),
            ("2026-11-23 16:00:00", ClosedKind.AFTER_CLOSING),
        ],
    )
    def test_a_line_may_close_for_lunch(self, at: str, kind: ClosedKind | None) -> None:
        opening = opening_at(LUNCH, {}, wall(at))

        assert opening.closed == (Closed(kind) if kind else None)

    def test_a_break_ends_the_same_day(self) -> None:
        assert opening_at(LUNCH, {}, wall("2026-11-23 11:00")).closes_at == wall("2026-11-23 12:00")
        assert opening_at(LUNCH, {}, wall("2026-11-23 12:00")).next_opening == wall("2026-11-23 13:00")

    def test_intervals_that_meet_are_one(self) -> None:
        hours = opening_hours("09:00-12:00", "12:00-16:00")

        opening = opening_at(hours, {}, wall("2026-11-23 10:00"))

        assert opening.closes_at == wall("2026-11-23 16:00")
        assert len(open_spans(hours, {}, date(2026, 11, 23))) == 1

    def test_intervals_of_a_dated_change_may_come_in_any_order_and_overlap(self) -> None:
        moved = changed("2026-11-23", "13:00-15:00", "10:00-14:00", "11:00-12:00")

        opening = opening_at(HOURS, moved, wall("2026-11-23 10:00"))

        assert opening.closes_at == wall("2026-11-23 15:00")


class TestTheReason:
    @pytest.mark.parametrize(
        ("at", "closed"),
        [
            ("2026-11-21 10:00", Closed(ClosedKind.WEEKEND)),
            ("2026-11-22 08:00", Closed(ClosedKind.WEEKEND)),
            ("2026-01-06 10:00", Closed(ClosedKind.HOLIDAY, "Trettondedag jul")),
            ("2026-01-06 03:00", Closed(ClosedKind.HOLIDAY, "Trettondedag jul")),
            ("2026-01-06 22:00", Closed(ClosedKind.HOLIDAY, "Trettondedag jul")),
            ("2026-12-24 10:00", Closed(ClosedKind.EVE, "Julafton")),
            ("2026-12-31 10:00", Closed(ClosedKind.EVE, "Nyårsafton")),
            # On a weekend the weekend is the reason, though the day has a name.
            ("2026-06-06 10:00", Closed(ClosedKind.WEEKEND)),
            ("2026-04-05 10:00", Closed(ClosedKind.WEEKEND)),
        ],
    )
    def test_a_closed_day_says_why(self, at: str, closed: Closed) -> None:
        assert opening_at(HOURS, {}, wall(at)).closed == closed

    def test_eves_are_ordinary_days_where_the_schedule_says_so(self) -> None:
        hours = opening_hours(close_on_eves=False)

        assert is_open(hours, {}, wall("2026-12-24 10:00"))
        assert opening_at(hours, {}, wall("2026-12-24 17:00")).closed == Closed(ClosedKind.AFTER_CLOSING)
        assert not is_open(hours, {}, wall("2026-12-25 10:00"))

    def test_a_line_may_be_open_on_saturdays_but_not_on_a_holiday(self) -> None:
        hours = opening_hours(saturday=intervals("10:00-14:00"))

        assert is_open(hours, {}, wall("2026-11-21 10:00"))
        assert opening_at(hours, {}, wall("2026-11-21 14:00")).closed == Closed(ClosedKind.AFTER_CLOSING)
        assert opening_at(hours, {}, wall("2026-06-06 11:00")).closed == Closed(ClosedKind.HOLIDAY, "Nationaldagen")
        assert opening_at(hours, {}, wall("2026-11-22 11:00")).closed == Closed(ClosedKind.WEEKEND)

    def test_a_weekday_without_hours_has_no_hours(self) -> None:
        hours = OpeningHours(STOCKHOLM, ((), *(NINE_TO_FOUR,) * 4, (), ()), CALENDAR)

        opening = opening_at(hours, {}, wall("2026-11-23 10:00"))

        assert opening.closed == Closed(ClosedKind.NO_HOURS)
        assert opening.next_opening == wall("2026-11-24 09:00")

    def test_a_holiday_on_a_weekday_without_hours_is_a_holiday(self) -> None:
        hours = OpeningHours(STOCKHOLM, ((), *(NINE_TO_FOUR,) * 4, (), ()), CALENDAR)

        opening = opening_at(hours, {}, wall("2026-04-06 10:00"))

        assert opening.closed == Closed(ClosedKind.HOLIDAY, "Annandag påsk")


class TestDatedChanges:
    @pytest.mark.parametrize("at", ["2026-11-23 03:00", "2026-11-23 10:00", "2026-11-23 20:00"])
    def test_a_closure_is_the_reason_all_day(self, at: str) -> None:
        opening = opening_at(HOURS, changed("2026-11-23"), wall(at))

        assert opening.closed == Closed(ClosedKind.DATED_CHANGE, "utbildningsdag")
        assert opening.next_opening == wall("2026-11-24 09:00")

    def test_hours_are_moved(self) -> None:
        moved = changed("2026-11-23", "12:00-18:00")

        assert opening_at(HOURS, moved, wall("2026-11-23 09:00")).closed == Closed(
            ClosedKind.DATED_CHANGE, "utbildningsdag"
        )
        assert opening_at(HOURS, moved, wall("2026-11-23 09:00")).next_opening == wall("2026-11-23 12:00")
        assert opening_at(HOURS, moved, wall("2026-11-23 17:00")).closes_at == wall("2026-11-23 18:00")
        assert is_open(HOURS, moved, wall("2026-11-24 09:00"))

    @pytest.mark.parametrize("day", ["2026-11-21", "2026-12-24", "2026-12-25", "2026-01-06"])
    def test_a_change_wins_over_weekend_eve_and_holiday(self, day: str) -> None:
        opens = changed(day, "10:00-11:00")

        assert is_open(HOURS, opens, wall(f"{day} 10:00"))
        assert not is_open(HOURS, opens, wall(f"{day} 11:00"))

    def test_a_closure_on_a_holiday_is_told_in_its_own_words(self) -> None:
        opening = opening_at(HOURS, changed("2026-12-25"), wall("2026-12-25 10:00"))

        assert opening.closed == Closed(ClosedKind.DATED_CHANGE, "utbildningsdag")

    def test_a_month_of_closures_moves_the_next_opening(self) -> None:
        november = {day: DatedChange(day, (), "flytt") for day in days_from(date(2026, 11, 1), 30)}

        opening = opening_at(HOURS, november, wall("2026-10-30 16:00"))

        assert opening.next_opening == wall("2026-12-01 09:00")

    def test_the_next_opening_may_be_a_change_on_a_weekend(self) -> None:
        opens = changed("2026-11-21", "10:00-11:00")

        assert opening_at(HOURS, opens, wall("2026-11-20 16:00")).next_opening == wall("2026-11-21 10:00")


class TestTheNextOpening:
    @pytest.mark.parametrize(
        ("at", "opens"),
        [
            ("2026-11-20 16:00", "2026-11-23 09:00"),
            ("2026-12-23 16:00", "2026-12-28 09:00"),
            ("2026-12-30 16:00", "2027-01-04 09:00"),
            ("2026-04-02 16:00", "2026-04-07 09:00"),
            ("2027-12-23 16:00", "2027-12-27 09:00"),
            ("2027-12-30 16:00", "2028-01-03 09:00"),
        ],
    )
    def test_it_lies_beyond_weekends_holidays_and_new_year(self, at: str, opens: str) -> None:
        assert opening_at(HOURS, {}, wall(at)).next_opening == wall(opens)

    def test_it_keeps_its_wall_time_over_a_clock_change(self) -> None:
        spring = opening_at(HOURS, {}, wall("2026-03-27 16:00")).next_opening
        autumn = opening_at(HOURS, {}, wall("2026-10-23 16:00")).next_opening

        assert spring is not None
        assert autumn is not None
        assert spring.isoformat() == "2026-03-30T09:00:00+02:00"
        assert autumn.isoformat() == "2026-10-26T09:00:00+01:00"

    def test_it_is_found_400_days_ahead_and_no_further(self) -> None:
        # From Monday 23 November 2026, day 400 is Tuesday 28 December 2027.
        at = wall("2026-11-23 12:00")
        closed = {day: DatedChange(day, (), "stängt") for day in days_from(at.date(), 400)}

        found = opening_at(HOURS, closed, at).next_opening
        none = opening_at(HOURS, closed | changed("2027-12-28"), at).next_opening

        assert found == wall("2027-12-28 09:00")
        assert none is None

    def test_a_line_without_hours_never_opens(self) -> None:
        hours = OpeningHours(STOCKHOLM, ((),) * 7, CALENDAR)

        assert opening_at(hours, {}, wall("2026-11-23 12:00")).next_opening is None

    def test_it_is_not_looked_for_where_the_days_off_are_unknown(self) -> None:
        hours = opening_hours(calendar=Calendar({}, {date(2026, 12, 31): "Nyårsafton"}, 2026, 2026))

        assert opening_at(hours, {}, wall("2026-12-31 12:00")).next_opening is None
