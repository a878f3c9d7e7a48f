"""How old something is, as people count: minutes and hours of today, then yesterday, then days of the calendar.

Days are counted on the line's wall clock: what came in at four is yesterday's at nine the next morning, though no
24 hours have passed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from app.web import language

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_ONE_MINUTE = timedelta(minutes=1)
_OVER_MIDNIGHT = timedelta(hours=6)
"""For so long minutes say more than that it was yesterday."""


def lasts(passed: timedelta) -> str:
    """4 min, or 2 h 5 min; empty for less than a minute."""
    hours, minutes = divmod(passed // _ONE_MINUTE, 60)
    if passed < _ONE_MINUTE:
        return ""
    if hours:
        return str(gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes))
    return str(gettext("%(minutes)d min", minutes=minutes))


def waited(since: datetime, now: datetime, zone: tzinfo) -> str:
    """How long somebody has waited, by itself in a cell: 4 min, since yesterday, 3 days."""
    days = _days(since, now, zone)
    if not days:
        return lasts(now - since) or str(gettext("less than a minute"))
    if days == 1:
        return str(gettext("since yesterday"))
    return str(ngettext("%(num)d day", "%(num)d days", days))


def waiting(since: datetime, now: datetime, zone: tzinfo) -> str:
    """The same, beside a time: waiting for 4 min, waiting since yesterday."""
    age = waited(since, now, zone)
    if _days(since, now, zone) == 1:
        return str(gettext("waiting %(since)s", since=age))
    return str(gettext("waiting for %(age)s", age=age))


def ago(then: datetime, now: datetime, zone: tzinfo) -> str:
    """Just now, 4 min ago, yesterday, 3 days ago."""
    days = _days(then, now, zone)
    if days == 1:
        return str(gettext("yesterday"))
    age = str(ngettext("%(num)d day", "%(num)d days", days)) if days else lasts(now - then)
    return str(gettext("%(time)s ago", time=age) if age else gettext("just now"))


def ago_beside(then: datetime, now: datetime, zone: tzinfo) -> str:
    """The same, beside ``when``; empty where that has said that it was yesterday, or is to come on a practice clock."""
    return "" if _days(then, now, zone) == 1 or _is_to_come(then, now) else ago(then, now, zone)


def when(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """On the wall clock of ``zone``: 14:05, tomorrow or yesterday 14:05, else with the day."""
    clock = language.clock(instant, zone)
    days = _calendar_days(instant, now, zone)
    if days == 0:
        return clock
    if days == -1:
        return str(gettext("tomorrow %(time)s", time=clock))
    return str(gettext("yesterday %(time)s", time=clock)) if days == 1 else language.day_and_clock(instant, zone)


def when_and_ago(then: datetime, now: datetime, zone: tzinfo) -> str:
    """14:05, 4 min ago; yesterday 16:00."""
    parts = (when(then, now, zone), ago_beside(then, now, zone))
    return ", ".join(part for part in parts if part)


def since(then: datetime, now: datetime, zone: tzinfo) -> str:
    """Since 14:05. A practice call has a clock of its own, and can be at a time that hasn't come yet."""
    time = when(then, now, zone)
    if _is_to_come(then, now):
        return str(gettext("the practice clock shows %(time)s", time=time))
    return str(gettext("since %(time)s", time=time))


def _is_to_come(then: datetime, now: datetime) -> bool:
    return then - now >= _ONE_MINUTE


def _days(then: datetime, now: datetime, zone: tzinfo) -> int:
    return 0 if now - then < _OVER_MIDNIGHT else _calendar_days(then, now, zone)


def _calendar_days(then: datetime, now: datetime, zone: tzinfo) -> int:
    return (now.astimezone(zone).date() - then.astimezone(zone).date()).days
