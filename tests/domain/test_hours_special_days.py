from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.domain.callflow.words import closed_reason, spoken_closure
from app.domain.hours import (
    Calendar,
    Closed,
    ClosedKind,
    OpeningHours,
    SpecialDay,
    is_open,
    opening_at,
)
from tests.domain.hours_of_tests import NINE_TO_FOUR, intervals, opening_hours, wall
from tests.domain.swedish_days import CALENDAR, STOCKHOLM, days_from

if TYPE_CHECKING:
    from app.domain.hours import Interval
    from app.domain.policy import Policy

HOURS = opening_hours()


@pytest.mark.parametrize(
    ("special", "days"),
    [
        (SpecialDay.TRETTONDAGSAFTON, ["2026-01-05", "2027-01-05"]),
        (SpecialDay.SKARTORSDAGEN, ["2026-04-02", "2027-03-25"]),
        (SpecialDay.VALBORGSMASSOAFTON, ["2026-04-30", "2027-04-30"]),
        (SpecialDay.ALLHELGONAAFTON, ["2026-10-30", "2027-11-05"]),
        (SpecialDay.DAGEN_FORE_JULAFTON, ["2026-12-23", "2027-12-23"]),
        (SpecialDay.KLAMDAG, ["2026-01-02", "2026-01-05", "2026-05-15", "2027-05-07"]),
    ],
)
def test_a_named_day_has_its_own_hours(special: SpecialDay, days: list[str]) -> None:
    hours = opening_hours(special_days={special: intervals("09:00-12:00")})

    shortened = [
        day.isoformat()
        for day in days_from(date(2026, 1, 1), 730)
        if is_open(hours, {}, wall(f"{day} 11:59:59")) and not is_open(hours, {}, wall(f"{day} 12:00"))
    ]

    assert shortened == days


def test_the_closed_time_of_a_special_day_says_which_day_it_is() -> None:
    hours = opening_hours(special_days={SpecialDay.SKARTORSDAGEN: intervals("09:00-12:00")})

    opening = opening_at(hours, {}, wall("2026-04-02 12:00"))

    assert opening.closed == Closed(ClosedKind.SPECIAL_DAY, "skartorsdagen")
    assert opening.next_opening == wall("2026-04-07 09:00")


def test_a_special_day_without_hours_is_closed() -> None:
    hours = opening_hours(special_days={SpecialDay.KLAMDAG: ()})

    assert opening_at(hours, {}, wall("2026-05-15 10:00")).closed == Closed(ClosedKind.SPECIAL_DAY, "klamdag")
    assert opening_at(hours, {}, wall("2026-05-13 16:00")).next_opening == wall("2026-05-18 09:00")


@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-05", "2026-04-02", "2026-04-30", "2026-10-30", "2026-12-23"])
def test_days_that_the_schedule_does_not_name_are_ordinary(day: str) -> None:
    assert is_open(HOURS, {}, wall(f"{day} 15:59:59"))


@pytest.mark.parametrize(
    ("trettondagsafton", "klamdag", "expected"),
    [
        (intervals("09:00-12:00"), (), SpecialDay.KLAMDAG),
        (intervals("09:00-12:00"), intervals("13:00-15:00"), SpecialDay.TRETTONDAGSAFTON),
        (intervals("09:00-12:00", "13:00-15:00"), intervals("09:00-14:59"), SpecialDay.KLAMDAG),
    ],
)
def test_a_day_that_is_special_twice_has_the_hours_that_end_first(
    trettondagsafton: tuple[Interval, ...], klamdag: tuple[Interval, ...], expected: SpecialDay
) -> None:
    # Monday 5 January 2026 is both.
    specials = {SpecialDay.TRETTONDAGSAFTON: trettondagsafton, SpecialDay.KLAMDAG: klamdag}
    reverse = dict(reversed(specials.items()))

    answers = [opening_at(opening_hours(special_days=one), {}, wall("2026-01-05 08:00")) for one in (specials, reverse)]

    assert [one.closed for one in answers] == [Closed(ClosedKind.SPECIAL_DAY, expected.value)] * 2


def test_a_special_day_opens_neither_a_weekend_nor_a_weekday_without_hours() -> None:
    special_days = {SpecialDay.VALBORGSMASSOAFTON: intervals("09:00-12:00")}
    no_fridays = OpeningHours(STOCKHOLM, (*(NINE_TO_FOUR,) * 4, (), (), ()), CALENDAR, special_days=special_days)

    # Thursday in 2026, Friday in 2027, Sunday in 2028.
    assert is_open(no_fridays, {}, wall("2026-04-30 10:00"))
    assert opening_at(no_fridays, {}, wall("2027-04-30 10:00")).closed == Closed(
        ClosedKind.SPECIAL_DAY, "valborgsmassoafton"
    )
    assert opening_at(no_fridays, {}, wall("2028-04-30 10:00")).closed == Closed(ClosedKind.WEEKEND)


def test_a_day_beside_an_eve_is_a_klamdag_only_where_eves_close() -> None:
    # Monday 23 December 2024 stands between a Sunday and julafton.
    special_days = {SpecialDay.KLAMDAG: ()}

    closed = opening_hours(special_days=special_days)
    ordinary = opening_hours(special_days=special_days, close_on_eves=False)

    assert not is_open(closed, {}, wall("2024-12-23 10:00"))
    assert is_open(ordinary, {}, wall("2024-12-23 10:00"))


def test_a_holiday_is_found_when_two_share_a_day() -> None:
    calendar = Calendar({date(2026, 5, 1): "Första maj, Långfredagen"}, {}, 2026, 2026)
    hours = opening_hours(calendar=calendar, special_days={SpecialDay.SKARTORSDAGEN: ()})

    assert not is_open(hours, {}, wall("2026-04-30 10:00"))


@pytest.mark.parametrize("special", SpecialDay)
def test_every_special_day_is_told_by_its_swedish_name(policy: Policy, special: SpecialDay) -> None:
    hours = opening_hours(special_days={special: ()})
    day = next(
        day
        for day in days_from(date(2026, 1, 1), 365)
        if not is_open(hours, {}, wall(f"{day} 12:00")) and is_open(HOURS, {}, wall(f"{day} 12:00"))
    )

    closed = opening_at(hours, {}, wall(f"{day} 12:00")).closed

    assert closed is not None
    name = policy.words.special_days[special]
    assert spoken_closure(policy.words, closed) == f"för att det är {name}"
    assert closed_reason(policy.words, closed) == name
