"""Every day of 2024 to 2035 against a table built from an Easter computation of our own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.hours import Closed, ClosedKind, SpecialDay, is_open, opening_at
from tests.domain.hours_of_tests import changed, intervals, opening_hours, wall
from tests.domain.swedish_days import ONE_DAY, STOCKHOLM, days_from, days_of, easter, eves_of, holidays_of, is_off

HOURS = opening_hours()
SECOND = timedelta(seconds=1)
FIVE_MINUTES = timedelta(minutes=5)

CLOSED_WEEKDAYS = {
    2026: "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    2027: "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31",
}


def reason_of(day: date, *, eves: bool) -> Closed | None:
    """Why the whole day is closed."""
    if day.isoweekday() > 5:
        return Closed(ClosedKind.WEEKEND)
    if day in holidays_of(day.year):
        return Closed(ClosedKind.HOLIDAY, holidays_of(day.year)[day])
    if eves and day in eves_of(day.year):
        return Closed(ClosedKind.EVE, eves_of(day.year)[day])
    return None


def special_days_of(year: int) -> dict[SpecialDay, set[date]]:
    all_saints = next(day for day in days_from(date(year, 10, 31), 7) if day.isoweekday() == 6)
    return {
        SpecialDay.TRETTONDAGSAFTON: {date(year, 1, 5)},
        SpecialDay.SKARTORSDAGEN: {easter(year) - 3 * ONE_DAY},
        SpecialDay.VALBORGSMASSOAFTON: {date(year, 4, 30)},
        SpecialDay.ALLHELGONAAFTON: {all_saints - ONE_DAY},
        SpecialDay.DAGEN_FORE_JULAFTON: {date(year, 12, 23)},
        SpecialDay.KLAMDAG: {
            day for day in days_of(year, year) if not is_off(day) and is_off(day - ONE_DAY) and is_off(day + ONE_DAY)
        },
    }


@pytest.mark.parametrize("year", range(2024, 2036))
@pytest.mark.parametrize("eves", [True, False], ids=["eves closed", "eves open"])
def test_every_day_is_open_or_closed_for_the_right_reason(year: int, *, eves: bool) -> None:
    hours = opening_hours(close_on_eves=eves)

    for day in days_of(year, year):
        whole_day = reason_of(day, eves=eves)
        answers = {
            at: opening_at(hours, {}, wall(f"{day} {at}")).closed
            for at in ("08:59:59", "09:00:00", "15:59:59", "16:00:00")
        }
        assert answers == {
            "08:59:59": whole_day or Closed(ClosedKind.BEFORE_OPENING),
            "09:00:00": whole_day,
            "15:59:59": whole_day,
            "16:00:00": whole_day or Closed(ClosedKind.AFTER_CLOSING),
        }, day


@pytest.mark.parametrize("year", range(2024, 2036))
@pytest.mark.parametrize("eves", [True, False], ids=["eves closed", "eves open"])
def test_every_next_opening_is_the_next_open_day_at_nine(year: int, *, eves: bool) -> None:
    hours = opening_hours(close_on_eves=eves)

    for day in days_of(year, year):
        next_day = next(later for later in days_from(day + ONE_DAY, 10) if reason_of(later, eves=eves) is None)
        in_the_morning = day if reason_of(day, eves=eves) is None else next_day
        assert opening_at(hours, {}, wall(f"{day} 08:59:59")).next_opening == wall(f"{in_the_morning} 09:00")
        assert opening_at(hours, {}, wall(f"{day} 16:00:00")).next_opening == wall(f"{next_day} 09:00")


@pytest.mark.parametrize("year", range(2024, 2036))
@pytest.mark.parametrize("special", SpecialDay)
def test_every_special_day_is_the_right_one(year: int, special: SpecialDay) -> None:
    hours = opening_hours(special_days={special: intervals("10:00-12:00")})
    expected = {day for day in special_days_of(year)[special] if not is_off(day)}

    shortened = {
        day
        for day in days_of(year, year)
        if opening_at(hours, {}, wall(f"{day} 11:00")).closes_at == wall(f"{day} 12:00")
    }
    reasons = {opening_at(hours, {}, wall(f"{day} 09:30")).closed for day in shortened}

    assert shortened == expected
    assert reasons <= {Closed(ClosedKind.SPECIAL_DAY, special.value)}


@pytest.mark.parametrize(("year", "open_weekdays"), [(2026, 251), (2027, 253)])
def test_the_closed_weekdays_of_the_year_are_the_known_ones(year: int, open_weekdays: int) -> None:
    weekdays = [day for day in days_of(year, year) if day.isoweekday() <= 5]

    closed = [day for day in weekdays if not is_open(HOURS, {}, wall(f"{day} 12:00"))]

    assert [f"{day:%m-%d}" for day in closed] == CLOSED_WEEKDAYS[year].split()
    assert len(weekdays) - len(closed) == open_weekdays


@pytest.mark.parametrize("day", ["2026-01-02", "2026-04-30", "2027-04-30"])
def test_days_that_many_take_off_are_open(day: str) -> None:
    assert is_open(HOURS, {}, wall(f"{day} 09:00"))
    assert is_open(HOURS, {}, wall(f"{day} 15:59:59"))


CLOCK_CHANGES = ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"]


@pytest.mark.parametrize("sunday", CLOCK_CHANGES)
def test_every_five_minutes_around_a_clock_change_are_judged_by_the_wall(sunday: str) -> None:
    first = (wall(f"{sunday} 00:00") - 3 * ONE_DAY).astimezone(UTC)

    for number in range(6 * 24 * 12):
        at = first + number * FIVE_MINUTES
        local = at.astimezone(STOCKHOLM)
        expected = reason_of(local.date(), eves=True) is None and 9 <= local.hour < 16
        assert is_open(HOURS, {}, at) is expected, local


@pytest.mark.parametrize(
    ("sunday", "open_hours"), [("2026-03-29", 3), ("2027-03-28", 3), ("2026-10-25", 5), ("2027-10-31", 5)]
)
def test_hours_through_the_night_have_no_hole_and_nothing_twice(sunday: str, open_hours: int) -> None:
    night = changed(sunday, "00:00-04:00")
    first = wall(f"{sunday} 00:00").astimezone(UTC)

    grid = [first + number * FIVE_MINUTES for number in range(8 * 12)]
    states = [is_open(HOURS, night, at) for at in grid]

    assert states == [True] * (open_hours * 12) + [False] * (len(grid) - open_hours * 12)


@pytest.mark.parametrize(
    ("sunday", "written", "opens", "closes"),
    [
        # 02:30 is jumped over in spring: it means 03:00 summer time, 01:00 UTC.
        ("2026-03-29", "01:00-02:30", "2026-03-29T00:00Z", "2026-03-29T01:00Z"),
        ("2026-03-29", "02:30-05:00", "2026-03-29T01:00Z", "2026-03-29T03:00Z"),
        # It comes twice in autumn: it means the first time.
        ("2026-10-25", "01:00-02:30", "2026-10-24T23:00Z", "2026-10-25T00:30Z"),
        ("2026-10-25", "02:30-05:00", "2026-10-25T00:30Z", "2026-10-25T04:00Z"),
    ],
)
def test_half_past_two_in_the_night_of_a_clock_change_is_defined(
    sunday: str, written: str, opens: str, closes: str
) -> None:
    night = changed(sunday, written)
    begins, ends = datetime.fromisoformat(opens), datetime.fromisoformat(closes)

    states = {at: is_open(HOURS, night, at) for at in (begins - SECOND, begins, ends - SECOND, ends)}

    assert list(states.values()) == [False, True, True, False]


def test_hours_within_the_hour_that_is_jumped_over_never_come() -> None:
    sunday = "2026-03-29"
    night = changed(sunday, "02:00-02:45")

    opening = opening_at(HOURS, night, wall(f"{sunday} 01:00"))

    assert opening.next_opening == wall("2026-03-30 09:00")
