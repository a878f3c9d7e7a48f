from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from app.domain.duty import OnDuty, on_duty, slot_at
from app.domain.lines import StaffId
from app.domain.rotas import Rota, Tier
from app.domain.slots import Slot
from tests.domain.hours_of_tests import changed, intervals, opening_hours, wall
from tests.domain.rotas_of_tests import (
    BACKUP,
    DAILY,
    SKANE,
    WEEKLY,
    each_day,
    member,
    names_on_duty,
    people,
)

HOURS = opening_hours()
TWO = people("anna", "bo")
THREE = people("anna", "bo", "cilla")


class TestDailyTurns:
    def test_they_go_round_on_weekdays(self) -> None:
        served = each_day(DAILY, THREE, "2026-01-12 2026-01-13 2026-01-14 2026-01-15 2026-01-16 2026-01-19")

        # Monday 5, Wednesday 7, Thursday 8 and Friday 9 January came before.
        assert served == ["bo", "cilla", "anna", "bo", "cilla", "anna"]

    def test_a_holiday_burns_nobodys_turn(self) -> None:
        # Tuesday 6 January is trettondedag jul.
        served = each_day(DAILY, THREE, "2026-01-05 2026-01-06 2026-01-07 2026-01-08")

        assert served == ["anna", "-", "bo", "cilla"]

    def test_eves_burn_no_turn_where_the_line_closes_on_them(self) -> None:
        days = "2026-12-23 2026-12-24 2026-12-28 2026-12-29 2026-12-30 2026-12-31 2027-01-04"
        open_on_eves = opening_hours(close_on_eves=False)

        closed = each_day(replace(DAILY, anchor=date(2026, 12, 23)), THREE, days)
        open_too = [
            names_on_duty(replace(DAILY, anchor=date(2026, 12, 23)), THREE, f"{day} 10:00", hours=open_on_eves)
            for day in days.split()
        ]

        assert closed == ["anna", "-", "bo", "cilla", "anna", "-", "bo"]
        assert open_too == [["anna"], ["bo"], ["cilla"], ["anna"], ["bo"], ["cilla"], ["anna"]]

    def test_a_turn_may_last_several_days(self) -> None:
        served = each_day(
            replace(DAILY, length=2), TWO, "2026-01-05 2026-01-07 2026-01-08 2026-01-09 2026-01-12 2026-01-13"
        )

        assert served == ["anna", "anna", "bo", "bo", "anna", "anna"]

    def test_days_count_on_the_weekdays_of_the_rota_and_others_are_served_by_the_turn_before(self) -> None:
        mondays_and_thursdays = replace(DAILY, weekdays=frozenset({0, 3}))

        served = each_day(
            mondays_and_thursdays, TWO, "2026-01-12 2026-01-13 2026-01-14 2026-01-15 2026-01-16 2026-01-19"
        )

        assert served == ["anna", "anna", "anna", "bo", "bo", "anna"]

    def test_dated_changes_never_move_turns(self) -> None:
        closed = changed("2026-01-12")
        opened = changed("2026-01-10", "10:00-12:00")

        assert names_on_duty(DAILY, THREE, "2026-01-12 10:00", changes=closed) == []
        assert names_on_duty(DAILY, THREE, "2026-01-13 10:00", changes=closed) == ["cilla"]
        assert names_on_duty(DAILY, THREE, "2026-01-10 10:00", changes=opened) == ["anna"]
        assert names_on_duty(DAILY, THREE, "2026-01-12 10:00", changes=opened) == ["bo"]


class TestWeeklyTurns:
    def test_they_go_round_by_weeks(self) -> None:
        served = each_day(WEEKLY, TWO, "2026-01-05 2026-01-09 2026-01-12 2026-01-16 2026-01-19")

        assert served == ["anna", "anna", "bo", "bo", "anna"]

    def test_a_turn_may_last_two_weeks(self) -> None:
        served = each_day(replace(WEEKLY, length=2), TWO, "2026-01-05 2026-01-16 2026-01-19 2026-01-30 2026-02-02")

        assert served == ["anna", "anna", "bo", "bo", "anna"]

    def test_they_may_change_on_another_weekday(self) -> None:
        on_wednesdays = replace(WEEKLY, handover_weekday=2, handover=time(12))

        served = [names_on_duty(on_wednesdays, TWO, at) for at in ("2026-01-14 11:59:59", "2026-01-14 12:00:00")]

        # The first slot began on Wednesday 7 January, the first on or after the anchor.
        assert served == [["anna"], ["bo"]]
        assert names_on_duty(on_wednesdays, TWO, "2026-01-05 10:00") == []

    def test_they_change_on_a_holiday_too(self) -> None:
        # Monday 6 April is annandag påsk.
        served = each_day(replace(WEEKLY, anchor=date(2026, 3, 30)), TWO, "2026-04-02 2026-04-06 2026-04-07 2026-04-13")

        assert served == ["anna", "-", "bo", "anna"]

    def test_christmas_weeks_count(self) -> None:
        served = each_day(
            replace(WEEKLY, anchor=date(2026, 12, 14)), TWO, "2026-12-18 2026-12-21 2026-12-28 2027-01-04"
        )

        assert served == ["anna", "bo", "anna", "bo"]

    def test_a_week_whose_days_are_all_off_counts_for_nobody(self) -> None:
        # The line is open on Thursdays and Fridays: in 2026, 24 and 25 December, 31 December and 1 January are all off.
        at_the_end = replace(WEEKLY, weekdays=frozenset({3, 4}), anchor=date(2026, 12, 14))
        days = "2026-12-14 2026-12-18 2026-12-21 2026-12-28 2027-01-04 2027-01-11"

        slots = [slot_at(HOURS, at_the_end, wall(f"{day} 10:00")) for day in days.split()]

        first, second, third = Slot(0, date(2026, 12, 14)), Slot(1, date(2027, 1, 4)), Slot(2, date(2027, 1, 11))
        assert slots == [first, first, first, first, second, third]
        assert each_day(at_the_end, TWO, days) == ["anna", "anna", "anna", "anna", "bo", "anna"]

    def test_a_week_from_wednesday_has_its_days_in_two_calendar_weeks(self) -> None:
        # Thursdays and Mondays: from Wednesday 1 April 2026 the Thursday is open, the Monday is annandag påsk.
        rota = replace(WEEKLY, weekdays=frozenset({0}), handover_weekday=2, anchor=date(2026, 3, 25))

        slots = [slot_at(HOURS, rota, wall(f"{day} 10:00")) for day in ("2026-04-01", "2026-04-07", "2026-04-08")]

        assert slots == [Slot(0, date(2026, 3, 25)), Slot(0, date(2026, 3, 25)), Slot(1, date(2026, 4, 8))]


class TestTheHandover:
    @pytest.mark.parametrize("rota", [DAILY, WEEKLY], ids=["daily", "weekly"])
    def test_it_is_exact_to_the_second(self, rota: Rota) -> None:
        at_noon = replace(rota, handover=time(12), anchor=date(2026, 1, 12))

        before = slot_at(HOURS, at_noon, wall("2026-01-19 11:59:59.999999"))
        after = slot_at(HOURS, at_noon, wall("2026-01-19 12:00:00"))

        assert before is not None
        assert after == Slot(before.number + 1, date(2026, 1, 19))

    def test_before_it_the_people_of_the_slot_before_still_serve(self) -> None:
        at_noon = replace(DAILY, handover=time(12))

        morning = each_day(at_noon, THREE, "2026-01-08 2026-01-09 2026-01-12", at="09:00")
        afternoon = each_day(at_noon, THREE, "2026-01-08 2026-01-09 2026-01-12", at="15:00")

        assert afternoon == ["cilla", "anna", "bo"]
        assert morning == ["bo", "cilla", "anna"]

    def test_before_the_first_one_nobody_is_on_duty(self) -> None:
        at_noon = replace(DAILY, handover=time(12))

        assert names_on_duty(at_noon, people("anna", begins=date(2025, 1, 1)), "2026-01-05 11:59:59") == []
        assert slot_at(HOURS, at_noon, wall("2026-01-05 11:59:59")) is None
        assert names_on_duty(at_noon, people("anna", begins=date(2025, 1, 1)), "2026-01-05 12:00:00") == ["anna"]

    @pytest.mark.parametrize("rota", [DAILY, WEEKLY], ids=["daily", "weekly"])
    @pytest.mark.parametrize(
        ("day", "handover"),
        [
            ("2026-03-23", "2026-03-23T07:00Z"),
            ("2026-03-30", "2026-03-30T06:00Z"),
            ("2026-10-19", "2026-10-19T06:00Z"),
            ("2026-10-26", "2026-10-26T07:00Z"),
            ("2027-04-05", "2027-04-05T06:00Z"),
            ("2027-11-01", "2027-11-01T07:00Z"),
        ],
    )
    def test_it_keeps_to_the_wall_clock_over_a_clock_change(self, rota: Rota, day: str, handover: str) -> None:
        at_eight = replace(rota, handover=time(8))
        begins = datetime.fromisoformat(handover)

        before = slot_at(HOURS, at_eight, begins - timedelta(seconds=1))
        after = slot_at(HOURS, at_eight, begins)

        assert before is not None
        assert after == Slot(before.number + 1, date.fromisoformat(day))

    @pytest.mark.parametrize(
        ("sunday", "handover"),
        [
            ("2026-03-29", "2026-03-29T01:00Z"),
            ("2026-10-25", "2026-10-25T00:30Z"),
            ("2027-10-31", "2027-10-31T00:30Z"),
        ],
    )
    def test_at_half_past_two_in_the_night_of_a_clock_change_it_comes_once(self, sunday: str, handover: str) -> None:
        nightly = replace(DAILY, weekdays=frozenset(range(7)), handover=time(2, 30))
        begins = datetime.fromisoformat(handover)
        grid = [begins + timedelta(minutes=minutes) for minutes in range(-180, 180, 5)]

        slots = [slot_at(HOURS, nightly, at) for at in grid]

        before, after = slots[0], slots[-1]
        assert slots == [before] * 36 + [after] * 36
        assert after is not None
        assert after.day == date.fromisoformat(sunday)


class TestTheOrder:
    def test_those_who_come_next_are_rung_after_the_one_whose_turn_it_is(self) -> None:
        two_at_once = replace(DAILY, at_once=2)

        served = each_day(two_at_once, THREE, "2026-01-05 2026-01-07 2026-01-08 2026-01-09")

        assert served == ["anna+bo", "bo+cilla", "cilla+anna", "anna+bo"]

    def test_a_list_that_is_shorter_is_rung_whole(self) -> None:
        assert each_day(replace(DAILY, at_once=5), TWO, "2026-01-05 2026-01-07") == ["anna+bo", "bo+anna"]

    def test_the_backup_tier_comes_after_the_primary_one(self) -> None:
        backup = replace(WEEKLY, key=BACKUP, tier=Tier.BACKUP)
        members = [*people("cilla", "david", rota=BACKUP), *TWO]

        assert names_on_duty([backup, DAILY], members, "2026-01-05 10:00") == ["anna", "cilla"]

    def test_rotas_of_one_tier_are_rung_in_the_order_of_the_schedule(self) -> None:
        second = replace(DAILY, key=BACKUP)
        members = [*people("cilla", rota=BACKUP), *TWO]

        assert names_on_duty([second, DAILY], members, "2026-01-05 10:00") == ["cilla", "anna"]

    def test_nobody_is_rung_twice(self) -> None:
        backup = replace(DAILY, key=BACKUP, tier=Tier.BACKUP, at_once=2)
        members = [*people("anna", "bo", rota=BACKUP), *TWO]

        assert names_on_duty([DAILY, backup], members, "2026-01-05 10:00") == ["anna", "bo"]

    def test_somebody_who_is_listed_twice_has_one_turn(self) -> None:
        members = [*TWO, member("anna", "2026-01-05", position=2), member("anna", "2026-01-08")]

        served = each_day(replace(DAILY, at_once=3), members, "2026-01-05 2026-01-07 2026-01-08 2026-01-09")

        assert served == ["anna+bo", "bo+anna", "anna+bo", "bo+anna"]

    def test_the_reason_names_rota_slot_and_place(self) -> None:
        backup = replace(WEEKLY, key=BACKUP, tier=Tier.BACKUP)
        members = [*people("cilla", rota=BACKUP), *TWO]
        at = wall("2026-01-09 10:00")

        found = on_duty(HOURS, {}, [replace(DAILY, at_once=2), backup], members, at)

        assert found == (
            OnDuty(StaffId("bo"), Tier.PRIMARY, "skane · 2026-01-09 · 1/2"),
            OnDuty(StaffId("anna"), Tier.PRIMARY, "skane · 2026-01-09 · 2/2"),
            OnDuty(StaffId("cilla"), Tier.BACKUP, "skane-backup · 2026-01-05 · 1/1"),
        )


def test_a_line_that_is_open_at_weekends_may_have_a_rota_of_all_days() -> None:
    hours = opening_hours(saturday=intervals("10:00-14:00"))
    all_days = replace(DAILY, weekdays=frozenset(range(7)), key=SKANE)

    served = [names_on_duty(all_days, THREE, f"2026-01-{day} 11:00", hours=hours) for day in ("09", "10", "11", "12")]

    assert served == [["anna"], ["bo"], [], ["anna"]]
