"""Turns of hours, and rotas that are on duty for a part of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

import pytest

from app.domain.duty import on_duty, slot_at
from app.domain.hours import OpeningHours
from app.domain.rotas import RotaUnit, Window
from app.domain.slots import Slot
from tests.domain.hours_of_tests import intervals, opening_hours, wall
from tests.domain.rotas_of_tests import BACKUP, DAILY, each_day, member, names_on_duty, people
from tests.domain.swedish_days import CALENDAR, STOCKHOLM

THREE = people("anna", "bo", "cilla")
ROUND_THE_CLOCK = OpeningHours(STOCKHOLM, (intervals("00:00-23:59"),) * 7, CALENDAR)
OFFICE = Window(time(9), time(16))
AFTERNOON = Window(time(12), time(16))
NIGHT = Window(time(22), time(6))
HOURLY = replace(DAILY, unit=RotaUnit.HOUR)
# Turns of three hours of the seven from nine to four.
BY_THREE = replace(HOURLY, length=3, window=OFFICE)
EVERY_DAY = frozenset(range(7))


class TestHourlyTurns:
    def test_they_last_so_many_hours_and_go_on_the_next_day(self) -> None:
        def served(day: str) -> list[str]:
            return [names_on_duty(BY_THREE, THREE, f"{day} {hour:02}:30")[0] for hour in range(9, 16)]

        assert served("2026-01-05") == ["anna"] * 3 + ["bo"] * 3 + ["cilla"]
        # Tuesday 6 January is a holiday, and burns no hour of anybody's.
        assert served("2026-01-07") == ["cilla"] * 2 + ["anna"] * 3 + ["bo"] * 2
        assert served("2026-01-08") == ["bo"] + ["cilla"] * 3 + ["anna"] * 3

    def test_without_a_window_the_hours_of_the_night_are_turns_too(self) -> None:
        by_eight = replace(HOURLY, length=8)

        served = [
            names_on_duty(by_eight, THREE, f"2026-01-07 {at}", hours=ROUND_THE_CLOCK) for at in ("09:00", "17:00")
        ]
        at_night = names_on_duty(by_eight, THREE, "2026-01-08 01:00", hours=ROUND_THE_CLOCK)

        assert [*served, at_night] == [["anna"], ["bo"], ["cilla"]]

    def test_they_change_at_the_exact_second(self) -> None:
        before = names_on_duty(BY_THREE, THREE, "2026-01-05 11:59:59.999999")
        after = names_on_duty(BY_THREE, THREE, "2026-01-05 12:00")

        assert (before, after) == (["anna"], ["bo"])

    def test_the_last_hour_of_a_window_may_be_shorter(self) -> None:
        until_half_past = replace(HOURLY, window=Window(time(9), time(11, 30)))

        served = [names_on_duty(until_half_past, THREE, f"2026-01-05 {at}") for at in ("09:59", "10:59", "11:29:59")]

        assert served == [["anna"], ["bo"], ["cilla"]]
        assert names_on_duty(until_half_past, THREE, "2026-01-05 11:30") == []
        assert names_on_duty(until_half_past, THREE, "2026-01-07 09:00") == ["anna"]

    def test_those_who_join_or_leave_do_so_at_midnight_in_the_middle_of_a_turn(self) -> None:
        nightly = replace(HOURLY, weekdays=EVERY_DAY, handover=time(22), window=NIGHT, length=8, at_once=2)
        members = [member("anna", "2026-01-05", "2026-01-08"), member("bo", "2026-01-05", position=1)]
        members.append(member("cilla", "2026-01-08"))

        def served(at: str) -> list[str]:
            return names_on_duty(nightly, members, at, hours=ROUND_THE_CLOCK)

        assert served("2026-01-07 23:30") == ["bo", "anna"]
        assert served("2026-01-08 00:00") == ["bo", "cilla"]

    def test_nobody_serves_before_the_first_hour(self) -> None:
        early = people("anna", begins=date(2025, 1, 1))

        assert slot_at(opening_hours(), HOURLY, wall("2026-01-05 08:59:59")) is None
        assert names_on_duty(HOURLY, early, "2026-01-05 08:59:59", hours=ROUND_THE_CLOCK) == []

    def test_the_reason_names_the_hour(self) -> None:
        (found,) = on_duty(opening_hours(), {}, [BY_THREE], THREE, wall("2026-01-05 13:59"))

        assert found.why == "skane · 2026-01-05 13:00 · 1/1"

    @pytest.mark.parametrize(
        ("night", "elapsed"),
        [
            # At 02:00 the clock shows 03:00: the third hour is one that nobody serves.
            ("2026-03-28", [1, 1, 1, 1, 1, 1, 1]),
            ("2027-03-27", [1, 1, 1, 1, 1, 1, 1]),
            # At 03:00 it shows 02:00 again: the hour that comes twice is one slot.
            ("2026-10-24", [1, 1, 1, 1, 2, 1, 1, 1]),
            ("2027-10-30", [1, 1, 1, 1, 2, 1, 1, 1]),
            ("2026-05-09", [1] * 8),
        ],
    )
    def test_the_night_when_the_clock_is_set_has_no_hole_and_nothing_twice(
        self, night: str, elapsed: list[int]
    ) -> None:
        nightly = replace(HOURLY, weekdays=EVERY_DAY, handover=time(22), window=NIGHT)
        hours = replace(ROUND_THE_CLOCK, calendar=replace(CALENDAR, holidays={}, eves={}))
        begins, steps = wall(f"{night} 22:00").astimezone(UTC), 12 * sum(elapsed)

        slots = [slot_at(hours, nightly, begins + number * timedelta(minutes=5)) for number in range(steps)]

        lasted = [len(list(same)) / 12 for _, same in groupby(slots)]
        numbers = list(dict.fromkeys(slot.number for slot in slots if slot))
        assert lasted == elapsed
        assert numbers[-1] - numbers[0] == 7

    def test_the_hour_after_midnight_belongs_to_the_next_date(self) -> None:
        nightly = replace(HOURLY, weekdays=EVERY_DAY, handover=time(22), window=NIGHT, anchor=date(2026, 1, 7))

        slots = [slot_at(ROUND_THE_CLOCK, nightly, wall(at)) for at in ("2026-01-07 23:00", "2026-01-08 00:00")]

        assert slots == [Slot(1, date(2026, 1, 7), time(23)), Slot(2, date(2026, 1, 8), time(0))]


class TestWindows:
    @pytest.mark.parametrize("unit", RotaUnit)
    def test_outside_its_window_nobody_of_a_rota_is_on_duty(self, unit: RotaUnit) -> None:
        afternoons = replace(DAILY, unit=unit, handover=time(12), window=AFTERNOON)
        asked = ("11:59:59", "12:00", "15:59:59", "16:00")

        served = [bool(names_on_duty(afternoons, THREE, f"2026-01-07 {at}", hours=ROUND_THE_CLOCK)) for at in asked]

        assert served == [False, True, True, False]

    def test_turns_go_on_outside_it(self) -> None:
        days = "2026-01-07 2026-01-08 2026-01-09 2026-01-12"

        served = each_day(replace(DAILY, window=AFTERNOON), THREE, days, at="13:00")

        assert served == each_day(DAILY, THREE, days, at="13:00")

    def test_it_may_cross_midnight(self) -> None:
        nightly = replace(DAILY, handover=time(22), window=NIGHT)
        asked = ("2026-01-07 21:59:59", "2026-01-07 22:00", "2026-01-08 05:59:59", "2026-01-08 06:00")

        served = [names_on_duty(nightly, THREE, at, hours=ROUND_THE_CLOCK) for at in asked]

        assert served == [[], ["bo"], ["bo"], []]

    @pytest.mark.parametrize(
        ("at", "is_on_duty"),
        [
            # 02:30 never comes: the window begins when the clock jumps over it.
            ("2026-03-29T00:59:59Z", False),
            ("2026-03-29T01:00:00Z", True),
            ("2026-03-29T02:00:00Z", False),
            # 02:30 comes twice: it begins the first time, and 04:00 comes once.
            ("2026-10-25T00:29:59Z", False),
            ("2026-10-25T00:30:00Z", True),
            ("2026-10-25T02:59:59Z", True),
            ("2026-10-25T03:00:00Z", False),
        ],
    )
    def test_its_ends_are_defined_when_the_clock_is_set(self, at: str, is_on_duty: bool) -> None:  # noqa: FBT001
        hours = replace(ROUND_THE_CLOCK, calendar=replace(CALENDAR, holidays={}, eves={}))
        rota = replace(DAILY, weekdays=EVERY_DAY, handover=time(0), window=Window(time(2, 30), time(4)))

        assert bool(names_on_duty(rota, THREE, datetime.fromisoformat(at), hours=hours)) is is_on_duty

    def test_two_rotas_may_share_a_day(self) -> None:
        mornings = replace(DAILY, window=Window(time(9), time(12)))
        rotas = [mornings, replace(DAILY, key=BACKUP, window=AFTERNOON)]
        members = [*THREE, *people("david", rota=BACKUP)]

        served = [names_on_duty(rotas, members, f"2026-01-05 {at}") for at in ("11:59:59", "12:00")]

        assert served == [["anna"], ["david"]]

    def test_an_empty_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match="09:00:00 is empty"):
            Window(time(9), time(9))

    def test_an_hourly_rota_changes_turns_when_it_begins(self) -> None:
        with pytest.raises(ValueError, match="its hours are counted from 12:00:00"):
            replace(HOURLY, window=AFTERNOON)
