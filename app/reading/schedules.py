"""schedules/*.toml: when a line is open, and the patterns of its rotas."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from app.domain.hours import Interval, OpeningHours, SpecialDay
from app.domain.policy import Schedule
from app.domain.rotas import Rota, RotaKey, RotaUnit, Tier, Window
from app.reading.tables import Table, one_of, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.errors import Problem
    from app.domain.hours import Calendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
A_KEY = "small letters a to z and digits, words joined by -, at most 40 characters"
LONGEST_KEY = 40

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WINDOW = re.compile(f"{_TIME.pattern}-{_TIME.pattern}")
_A_TIME = 'a time from "00:00" to "23:59"'
_INTERVALS = 'a list of intervals from 00:00 to 23:59, as ["09:00-12:00", "13:00-16:00"]'
_A_WINDOW = 'a part of the day from 00:00 to 23:59, as "12:00-16:00", or over midnight, as "22:00-06:00"'
_MOST_UNITS = 52
_MOST_AT_ONCE = 20
_MOST_WRAP_UP_MINUTES = 60


def parse_schedule(
    name: str, where: str, content: Mapping[str, object], calendar: Calendar, problems: list[Problem]
) -> Schedule | None:
    """The schedule; ``None``, with every problem noted, when something in it is wrong."""
    before = len(problems)
    table = Table(where, content, problems)
    hours = _hours(table, calendar)
    rotas = _rotas(table)
    wrap_up_minutes = table.whole("wrap_up_minutes", low=0, high=_MOST_WRAP_UP_MINUTES, optional=True) or 0
    table.close()
    return Schedule(name, hours, rotas, wrap_up_minutes) if hours and len(problems) == before else None


def _hours(table: Table, calendar: Calendar) -> OpeningHours | None:
    zone = _zone(table)
    eves = table.switch("close_on_eves", default=True)
    weekly = _weekly(table)
    special = _special_days(table)
    return OpeningHours(zone, weekly, calendar, close_on_eves=eves, special_days=special) if zone and weekly else None


def _zone(table: Table) -> ZoneInfo | None:
    allowed = 'a time zone, as "Europe/Stockholm"'
    name = table.text("timezone", allowed=allowed)
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    # Depending on the name: no such zone, a name that leaves the folder, a folder of zones.
    except (KeyError, ValueError, OSError):
        table.problem("timezone", shown(name), allowed + suggestion(name, available_timezones()))
        return None


def _weekly(table: Table) -> tuple[tuple[Interval, ...], ...] | None:
    days = table.table("hours")
    if days is None:
        return None
    weekly = tuple(_intervals(days, day) for day in WEEKDAYS)
    if not any(days.given(day, "", optional=True) for day in WEEKDAYS):
        days.problem("", "no opening hours at all", f"at least one of {one_of(WEEKDAYS)} with {_INTERVALS}")
    days.close()
    return weekly


def _special_days(table: Table) -> dict[SpecialDay, tuple[Interval, ...]]:
    days = table.table("special_days", optional=True)
    if days is None:
        return {}
    special = {day: _intervals(days, day) for day in SpecialDay if days.has(day)}
    days.close()
    return special


def _intervals(table: Table, day: str) -> tuple[Interval, ...]:
    texts = table.texts(day, allowed=_INTERVALS, optional=True) or ()
    intervals = [interval for text in texts if (interval := _interval(table, day, text))]
    for earlier, later in pairwise(intervals):
        found = f'"{_written(earlier)}" before "{_written(later)}"'
        if later.opens < earlier.opens:
            table.problem(day, found, "intervals in the order of the day")
        elif later.opens < earlier.closes:
            table.problem(day, f"{found}, which overlap", "intervals that don't overlap")
        elif later.opens == earlier.closes:
            joined = f'"{earlier.opens:%H:%M}-{later.closes:%H:%M}"'
            table.problem(day, f"{found}, without a break between them", f"one interval, {joined}")
    return tuple(intervals)


def _interval(table: Table, day: str, text: str) -> Interval | None:
    parts = text.split("-")
    if [bool(_TIME.fullmatch(part)) for part in parts] != [True, True]:
        table.problem(day, shown(text), _INTERVALS)
        return None
    opens, closes = map(time.fromisoformat, parts)
    if opens >= closes:
        table.problem(day, shown(text), "an interval that closes after it opens, on the same day")
        return None
    return Interval(opens, closes)


def _written(interval: Interval) -> str:
    return f"{interval.opens:%H:%M}-{interval.closes:%H:%M}"


def _rotas(table: Table) -> tuple[Rota, ...]:
    listed = table.listed_tables("rota", name="key")
    if listed is None:
        return ()
    tiers = [one.given("tier", "", optional=True) for one in listed]
    if Tier.PRIMARY not in tiers:
        table.problem("rota", "no rota of the primary tier", 'at least one [[rota]] with tier = "primary"')
    return tuple(rota for one in listed if (rota := _rota(one)))


def _rota(table: Table) -> Rota | None:
    key = table.text("key", allowed=A_KEY, form=KEY, longest=LONGEST_KEY)
    tier = table.choice("tier", Tier)
    unit = table.choice("unit", RotaUnit)
    length = table.whole("length", low=1, high=_MOST_UNITS)
    weekdays = _rota_weekdays(table)
    handover = table.text("handover", allowed=_A_TIME, form=_TIME)
    handover_weekday = _handover_weekday(table, unit)
    at_once = table.whole("at_once", low=1, high=_MOST_AT_ONCE)
    anchor = table.day("anchor")
    window = _window(table, unit, handover)
    table.close()
    if not (key and tier and unit and length and weekdays and handover and at_once and anchor):
        return None
    if handover_weekday is None or (window is None and table.has("window")):
        return None
    changes_at = time.fromisoformat(handover)
    return Rota(RotaKey(key), tier, unit, length, weekdays, changes_at, handover_weekday, at_once, anchor, window)


def _window(table: Table, unit: RotaUnit | None, handover: str | None) -> Window | None:
    """``None`` when there is none, and when it is wrong."""
    written = table.text("window", allowed=_A_WINDOW, form=_WINDOW, optional=True)
    if written is None:
        return None
    begins, _, ends = written.partition("-")
    if begins == ends:
        table.problem("window", shown(written), "a window that ends at another time than it begins")
        return None
    if unit is RotaUnit.HOUR and handover and handover != begins:
        allowed = f'"{begins}", when the window begins: a rota with unit = "hour" counts its hours from there'
        table.problem("handover", shown(handover), allowed)
        return None
    return Window(time.fromisoformat(begins), time.fromisoformat(ends))


def _rota_weekdays(table: Table) -> frozenset[int] | None:
    allowed = f"a list of one or more of {one_of(WEEKDAYS)}, each once"
    names = table.texts("weekdays", allowed=allowed)
    if names is None:
        return None
    wrong = [name for name in names if name not in WEEKDAYS or names.count(name) > 1]
    for name in dict.fromkeys(wrong):
        table.problem("weekdays", shown(name), allowed + ("" if name in WEEKDAYS else suggestion(name, WEEKDAYS)))
    if not names:
        table.problem("weekdays", "an empty list", allowed)
    return None if wrong or not names else frozenset(map(WEEKDAYS.index, names))


def _handover_weekday(table: Table, unit: RotaUnit | None) -> int | None:
    """Monday for daily and hourly rotas, which have no say in it."""
    has_one = unit is None or unit is RotaUnit.WEEK
    if not has_one and table.has("handover_weekday"):
        found = shown(table.given("handover_weekday", ""))
        table.problem(
            "handover_weekday", found, 'nothing: only rotas with unit = "week" change on a weekday of their own'
        )
        return None
    name = table.named("handover_weekday", WEEKDAYS, "a weekday", optional=unit is not RotaUnit.WEEK)
    if name is None:
        return None if has_one else 0
    return WEEKDAYS.index(name)
