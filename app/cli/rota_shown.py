"""Duty on a terminal: final schedules, time on duty, and what was agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from app.domain.lines import StaffId
from app.services.rota.rota_changes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from app.domain.timetable import DutySpan, FinalSchedule
    from app.services.rota.final_schedule import Agreed

_MINUTE = timedelta(minutes=1)
# How ``why`` of app.domain.rosters tells them.
_BETWEEN, _INSTEAD_OF = " · ", "instead of "


def duty_rows(schedule: FinalSchedule, names: Mapping[StaffId, str], zone: ZoneInfo) -> list[tuple[str, ...]]:
    """A row for each person of each span, in ringing order; the times stand beside the first."""
    header = ("from", "to", "on duty", "tier", "why")
    return [header, *(row for span in schedule.spans for row in _span_rows(span, names, zone))]


def time_rows(schedule: FinalSchedule, names: Mapping[StaffId, str]) -> list[tuple[str, ...]]:
    """How long each person is on duty, the longest first."""
    times = sorted(schedule.time_on_duty.items(), key=lambda one: (-one[1], names.get(one[0], "")))
    return [("alias", "time on duty"), *((names.get(staff, staff), _hours(time)) for staff, time in times)]


def agreed_rows(found: Iterable[Agreed], zone: ZoneInfo) -> list[tuple[str, ...]]:
    """What lies over the rotas; the kind and the id are those that `withdraw` takes."""
    return [
        ("kind", "id", "from", "to", "what"),
        *(
            (
                one.kind,
                str(one.number),
                _wall(one.begins, zone),
                _wall(one.ends, zone) if one.ends else "-",
                in_words(one),
            )
            for one in found
        ),
    ]


def in_words(one: Agreed) -> str:
    """Who, instead of whom, and in which rota."""
    people = ", ".join(one.people) or "nobody"
    match one.kind:
        case Kind.TEMPORARY:
            return f"{people} instead of the rota {one.rota}"
        case Kind.COVER:
            place = f"instead of {one.instead_of}" if one.instead_of else "beside the others"
            return f"{people} {place} in the rota {one.rota}"
        case Kind.ABSENCE:
            return f"{people} is away"
        case Kind.PAUSE:
            return f"{people} takes no calls"
        case _:
            assert_never(one.kind)


def when(begins: datetime, zone: ZoneInfo) -> str:
    """``from 2026-12-04 09:00``, on the wall clock."""
    return f"from {_wall(begins, zone)}"


def until(ends: datetime | None, zone: ZoneInfo) -> str:
    """``to 2026-12-04 09:00``, or that there is no end."""
    return f"to {_wall(ends, zone)}" if ends else "until further notice"


def _span_rows(span: DutySpan, names: Mapping[StaffId, str], zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    begins, ends = span.begins.astimezone(zone), span.ends.astimezone(zone)
    to = f"{ends:%H:%M}" if ends.date() == begins.date() else _wall(ends, zone)
    times = (f"{begins:%a %Y-%m-%d %H:%M}", to)
    if not span.on_duty:
        yield (*times, "nobody", "", "")
    for person in span.on_duty:
        yield (*times, names.get(person.staff, person.staff), person.tier, _with_aliases(person.why, names))
        times = ("", "")


def _with_aliases(why: str, names: Mapping[StaffId, str]) -> str:
    parts = [part.partition(_INSTEAD_OF) for part in why.split(_BETWEEN)]
    return _BETWEEN.join(f"{start}{words}{names.get(StaffId(rest), rest)}" for start, words, rest in parts)


def _hours(time: timedelta) -> str:
    hours, minutes = divmod(time // _MINUTE, 60)
    return f"{hours}:{minutes:02}"


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
