"""What becomes of the callers of a line that nobody there answers: in words, with what is doubtful about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.hours import open_spans
from app.domain.lines import Audience
from app.reading import read_municipalities

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from app.domain.hours import OpeningHours, Span
    from app.domain.lines import Line
    from app.domain.policy import Policy

_LOOK_AHEAD_DAYS = 120
_MOST_NAMED = 3
_WHO = {Audience.PROFESSIONAL: "professionals", Audience.EXPOSED: "exposed persons or relatives"}


def overflow_in_words(policy: Policy, line: Line) -> str:
    """Who is passed on where."""
    if line.overflow is None:
        return "none: callers whom nobody here answers are passed on to nobody"
    other = policy.lines[line.overflow]
    common = [audience for audience in Audience if audience in line.serves & other.serves]
    who = "" if line.serves <= other.serves else f", but only for callers who say that they are {_kinds(common)}"
    return f"the staff of {other.key} are rung after this line's own{who}; whoever answers keeps the record"


def overflow_doubts(policy: Policy, line: Line, today: date) -> Iterator[str]:
    """Callers who are passed on to nobody, or to a line that isn't theirs."""
    if line.overflow is None:
        return
    other = policy.lines[line.overflow]
    hours = policy.schedules[line.key].hours
    gap = _first_gap(hours, policy.schedules[other.key].hours, today)
    if gap:
        local = gap.astimezone(hours.zone)
        yield (
            f"line.{line.key}.overflow: {other.key} is closed at times when {line.key} is open, first on"
            f" {local:%a %Y-%m-%d} at {local:%H:%M}: nobody is rung there then"
        )
    beyond = sorted(line.catchment - other.catchment)
    if beyond:
        names = ", ".join(read_municipalities().by_code[code].name for code in beyond[:_MOST_NAMED])
        more = f" and {len(beyond) - _MOST_NAMED} more" if len(beyond) > _MOST_NAMED else ""
        yield (
            f"line.{line.key}.overflow: {other.key} doesn't serve {names}{more}: nobody is asked where they call from,"
            " so callers from there are passed on all the same"
        )


def _kinds(audiences: Sequence[Audience]) -> str:
    return " or ".join(_WHO[one] for one in audiences)


def _first_gap(hours: OpeningHours, others: OpeningHours, today: date) -> datetime | None:
    """The first instant, by the rules of the files, at which the one is open and the other isn't."""
    theirs = _spans(others, today)
    for span in _spans(hours, today):
        reached = span.opens
        for other in theirs:
            if other.opens <= reached < other.closes:
                reached = other.closes
        if reached < span.closes:
            return reached
    return None


def _spans(hours: OpeningHours, today: date) -> list[Span]:
    days = (today + timedelta(days=number) for number in range(_LOOK_AHEAD_DAYS))
    return sorted(span for day in days if hours.calendar.covers(day) for span in open_spans(hours, {}, day))
