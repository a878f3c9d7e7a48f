"""Swedish days off, from the `holidays` package."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from holidays.countries.sweden import Sweden

from app.domain.hours import Calendar

if TYPE_CHECKING:
    from datetime import date

# The figures begin in 2014. The package knows the law until 2100; all years together cost ten milliseconds, once, so
# that no process, however long it runs, comes to the end of its calendar.
FIRST_YEAR = 2014
LAST_YEAR = 2099


@cache
def swedish_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> Calendar:
    """Public holidays (lag 1989:253) and the three eves that offices are closed on, both years included."""
    return Calendar(
        holidays=_days_off("public", first_year, last_year),
        eves=_days_off("de_facto", first_year, last_year),
        first_year=first_year,
        last_year=last_year,
    )


def _days_off(category: str, first_year: int, last_year: int) -> dict[date, str]:
    # The language follows the process's locale unless it is named. Sundays are no holidays here: some versions count
    # them, and then call them "Söndag" beside the day's own name. Never the categories "bank" or "optional": they would
    # close half days whole.
    years = range(first_year, last_year + 1)
    found = Sweden(years=years, categories=(category,), language="sv", include_sundays=False, expand=False)
    named = ((day, _without_sunday(name)) for day, name in found.items())
    return {day: name for day, name in named if name}


def _without_sunday(names: str) -> str:
    return ", ".join(name for name in names.split("; ") if name != "Söndag")
