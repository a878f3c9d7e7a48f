"""Sweden's days off, computed for the tests from Easter and the law, independently of the `holidays` package."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from app.reading.calendar import swedish_calendar

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CALENDAR = swedish_calendar()
ONE_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian algorithm (Nature, 20 April 1876)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    leap_centuries, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * rest + 2 * leap_years - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Public holidays (lag 1989:253 § 1)."""
    sunday = easter(year)
    return {
        date(year, 1, 1): "Nyårsdagen",
        date(year, 1, 6): "Trettondedag jul",
        sunday - 2 * ONE_DAY: "Långfredagen",
        sunday: "Påskdagen",
        sunday + ONE_DAY: "Annandag påsk",
        date(year, 5, 1): "Första maj",
        sunday + 39 * ONE_DAY: "Kristi himmelsfärdsdag",
        sunday + 49 * ONE_DAY: "Pingstdagen",
        date(year, 6, 6): "Nationaldagen",
        saturday_from(date(year, 6, 20)): "Midsommardagen",
        saturday_from(date(year, 10, 31)): "Alla helgons dag",
        date(year, 12, 25): "Juldagen",
        date(year, 12, 26): "Annandag jul",
    }


@cache
def eves_of(year: int) -> dict[date, str]:
    """The three eves that lag 1930:173 § 2 treats like holidays."""
    return {
        saturday_from(date(year, 6, 20)) - ONE_DAY: "Midsommarafton",
        date(year, 12, 24): "Julafton",
        date(year, 12, 31): "Nyårsafton",
    }


def saturday_from(day: date) -> date:
    return next(one for one in days_from(day, 7) if one.isoweekday() == 6)


def is_off(day: date, *, eves: bool = True) -> bool:
    """Weekend, holiday or eve."""
    return day.isoweekday() > 5 or day in holidays_of(day.year) or (eves and day in eves_of(day.year))


def days_from(first: date, count: int) -> list[date]:
    return [first + number * ONE_DAY for number in range(count)]


def days_of(first_year: int, last_year: int) -> list[date]:
    first = date(first_year, 1, 1)
    return days_from(first, (date(last_year + 1, 1, 1) - first).days)
