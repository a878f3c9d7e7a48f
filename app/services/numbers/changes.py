"""Changes of what the trends count: how long the periods were, and whether chance may be spoken of.

Every page and file that compares two periods asks here, so that none judges what another doesn't (docs/decisions/0036).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.domain.comparing import Change, Unjudged
from app.domain.tallies import TallyUnit

if TYPE_CHECKING:
    from app.domain.trends import Period
    from app.services.numbers.trends import Counted, Trends

_AS_LONG: Final = 0.01
"""Periods whose lengths differ by a smaller share are as good as equally long: percentages are whole."""


def change(found: Trends, unit: TallyUnit, now: int, earlier: Counted, then: int) -> Change | None:
    """From ``then`` in an ``earlier`` period to ``now``; ``None`` where that one wasn't counted whole.

    By the calendar day where the periods aren't equally long. Chance is spoken of beside the same period a year ago
    alone, and never of persons.
    """
    if not found.is_comparable(earlier):
        return None
    days, days_then = _days(found.now.period, earlier.period)
    return Change(now, then, days, days_then, _unjudged(found, unit, earlier.period))


def compares_days(found: Trends, earlier: Counted) -> bool:
    """Whether the two periods are compared by the day."""
    days, days_then = _days(found.now.period, earlier.period)
    return days != days_then


def _days(now: Period, then: Period) -> tuple[int, int]:
    longest = max(now.day_count, then.day_count)
    return (now.day_count, then.day_count) if abs(now.day_count - then.day_count) >= _AS_LONG * longest else (1, 1)


def _unjudged(found: Trends, unit: TallyUnit, earlier: Period) -> Unjudged | None:
    if earlier != found.year_before.period:
        return Unjudged.SEASON
    if unit is TallyUnit.PERSON:
        return Unjudged.SEVERAL_AT_A_TIME
    return Unjudged.OVERLAP if earlier.meets(found.now.period) else None
