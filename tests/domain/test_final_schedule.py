"""Who is on duty over a period, when nobody is, and how long each person is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.hours import OpeningHours
from app.domain.layers import NO_LAYERS, Layers
from app.domain.rotas import RotaUnit, Tier, Window
from app.domain.timetable import final_schedule
from tests.domain.hours_of_tests import changed, intervals, opening_hours, wall
from tests.domain.layers_of_tests import absence, cover, pause, temporary, wrap_up
from tests.domain.rotas_of_tests import BACKUP, DAILY, member, people
from tests.domain.swedish_days import CALENDAR, STOCKHOLM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.hours import DatedChange
    from app.domain.rotas import Membership, Rota
    from app.domain.timetable import FinalSchedule

HOURS = opening_hours()
ROUND_THE_CLOCK = OpeningHours(STOCKHOLM, (intervals("00:00-23:59"),) * 7, replace(CALENDAR, holidays={}, eves={}))
EVERY_DAY = frozenset(range(7))
NOON = replace(DAILY, handover=time(12))
THREE = people("anna", "bo", "cilla")


def schedule(
    *rotas: Rota,
    begins: str = "2026-01-05 00:00",
    ends: str = "2026-01-06 00:00",
    members: Sequence[Membership] = THREE,
    changes: Mapping[date, DatedChange] | None = None,
    layers: Layers = NO_LAYERS,
) -> FinalSchedule:
    return final_schedule(HOURS, changes or {}, rotas or (DAILY,), members, wall(begins), wall(ends), layers)


def told(final: FinalSchedule) -> list[str]:
    """The spans on the wall: "05 09:00-12:00 anna bo"."""
    return [
        f"{span.begins.astimezone(STOCKHOLM):%d %H:%M}-{span.ends.astimezone(STOCKHOLM):%H:%M} "
        f"{' '.join(one.staff for one in span.on_duty) or '-'}"
        for span in final.spans
    ]


def hours_of(final: FinalSchedule) -> dict[str, float]:
    return {str(staff): lasted / timedelta(hours=1) for staff, lasted in final.time_on_duty.items()}


def test_it_holds_the_open_time_alone() -> None:
    # Tuesday 6 January is a holiday; a dated change opens and closes.
    changes = {**changed("2026-01-08", "10:00-11:00", "13:00-14:00"), **changed("2026-01-10", "12:00-13:00")}

    final = schedule(ends="2026-01-12 00:00", changes=changes)

    assert told(final) == [
        "05 09:00-16:00 anna",
        "07 09:00-16:00 bo",
        "08 10:00-11:00 cilla",
        "08 13:00-14:00 cilla",
        "09 09:00-16:00 anna",
        "10 12:00-13:00 anna",
    ]
    assert final.covered == final.spans
    assert final.gaps == ()
    assert hours_of(final) == {"anna": 15, "bo": 7, "cilla": 2}


def test_it_is_cut_where_turns_change_and_where_the_period_begins_and_ends() -> None:
    final = schedule(NOON, begins="2026-01-07 10:30", ends="2026-01-08 12:00:01")

    assert [span.ends - span.begins for span in final.spans] == [
        timedelta(hours=1, minutes=30),
        timedelta(hours=4),
        timedelta(hours=3),
        timedelta(seconds=1),
    ]
    assert [one.staff for span in final.spans for one in span.on_duty] == ["anna", "bo", "bo", "cilla"]


def test_a_period_of_closed_time_is_empty() -> None:
    assert schedule(begins="2026-01-05 16:00", ends="2026-01-07 09:00").spans == ()


def test_open_time_with_nobody_on_duty_is_a_gap() -> None:
    late = replace(DAILY, key=BACKUP, tier=Tier.BACKUP, window=Window(time(15), time(18)))
    members = [member("anna", "2026-01-05", "2026-01-08"), *people("david", rota=BACKUP)]

    final = schedule(DAILY, late, ends="2026-01-09 00:00", members=members)

    assert told(final)[-2:] == ["08 09:00-15:00 -", "08 15:00-16:00 david"]
    assert final.gaps == ((wall("2026-01-08 09:00").astimezone(UTC), wall("2026-01-08 15:00").astimezone(UTC)),)
    assert hours_of(final) == {"anna": 14, "david": 3}


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (Layers(temporary=(temporary("david", begins="2026-01-05 10:00", ends="2026-01-05 11:00"),)), "david"),
        (Layers(temporary=(temporary(begins="2026-01-05 10:00", ends="2026-01-05 11:00"),)), "-"),
        (Layers(covers=(cover("david", "anna", "2026-01-05 10:00", "2026-01-05 11:00"),)), "david"),
        (Layers(covers=(cover("david", None, "2026-01-05 10:00", "2026-01-05 11:00"),)), "anna david"),
        (Layers(absences=(absence("anna", "2026-01-05 10:00", "2026-01-05 11:00"),)), "-"),
        (Layers(pauses=(pause("anna", "2026-01-05 10:00", "2026-01-05 11:00"),)), "-"),
        (Layers(wrap_ups=(wrap_up("anna", "2026-01-05 10:00", "2026-01-05 11:00"),)), "anna"),
    ],
)
def test_every_layer_cuts_it(layers: Layers, expected: str) -> None:
    final = schedule(layers=layers)

    assert told(final) == ["05 09:00-10:00 anna", f"05 10:00-11:00 {expected}", "05 11:00-16:00 anna"]


def test_spans_that_say_the_same_are_one() -> None:
    covers = (
        cover("david", "anna", "2026-01-05 10:00", "2026-01-05 11:00"),
        cover("david", "anna", "2026-01-05 11:00", "2026-01-05 12:00"),
        # Nobody whom it could concern.
        cover("elin", "cilla", "2026-01-05 13:00", "2026-01-05 14:00"),
    )

    final = schedule(layers=Layers(covers=covers))

    assert told(final) == ["05 09:00-10:00 anna", "05 10:00-12:00 david", "05 12:00-16:00 anna"]


def test_two_on_duty_each_have_the_whole_time() -> None:
    assert hours_of(schedule(replace(DAILY, at_once=2))) == {"anna": 7, "bo": 7}


@pytest.mark.parametrize(
    ("night", "hours"),
    [("2026-03-28", 7), ("2026-10-24", 9), ("2027-03-27", 7), ("2027-10-30", 9), ("2026-05-09", 8)],
)
def test_a_night_when_the_clock_is_set_counts_the_hours_that_pass(night: str, hours: float) -> None:
    window = Window(time(22), time(6))
    nightly = replace(DAILY, unit=RotaUnit.HOUR, length=8, weekdays=EVERY_DAY, handover=time(22), window=window)
    begins = wall(f"{night} 22:00")
    six_on_the_wall = begins + timedelta(hours=8)

    final = final_schedule(ROUND_THE_CLOCK, {}, [nightly], THREE, begins, six_on_the_wall)

    # The line is closed in the last minute of the day, so that minute is nobody's.
    (served,) = final.time_on_duty.values()
    assert served == timedelta(hours=hours, minutes=-1)
    assert final.gaps == ()


@pytest.mark.parametrize("ends", ["2026-01-05 00:00", "2026-01-04 00:00"])
def test_a_period_that_ends_before_it_begins_is_refused(ends: str) -> None:
    with pytest.raises(ValueError, match="it has to begin before"):
        schedule(ends=ends)


@pytest.mark.parametrize(
    "period",
    [
        (datetime(2026, 1, 5), wall("2026-01-06 00:00")),  # noqa: DTZ001  what is tested
        (wall("2026-01-05 00:00"), datetime(2026, 1, 6)),  # noqa: DTZ001  what is tested
        (wall("1900-01-05 00:00"), wall("2026-01-06 00:00")),
        (wall("2026-01-05 00:00"), wall(f"{CALENDAR.last_year + 1}-01-01 00:00:01")),
    ],
)
def test_a_period_is_of_instants_that_the_calendar_knows(period: Iterable[datetime]) -> None:
    begins, ends = period

    with pytest.raises(ValueError, match=r"offset from UTC|outside the calendar"):
        final_schedule(HOURS, {}, [DAILY], THREE, begins, ends)
