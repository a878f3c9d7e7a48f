"""What rows of lists have in common: names of lines, wall clocks, and the way to a case."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from flask import current_app, url_for

from app.domain.permissions import allowed
from app.web.desk.access import actor, needed_by
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from app.domain.lines import LineKey

_CASE = "desk.case"


def name_of(line: LineKey) -> str:
    """Its name; of a line that isn't configured any more its key."""
    known = setup().policy.lines.get(line)
    return known.name if known else line


def zone_or_utc(line: LineKey) -> tzinfo:
    """The line's wall clock."""
    return zone_of(line) if line in setup().policy.schedules else UTC


def clock_cell(at: datetime, line: LineKey) -> str:
    """An instant as spreadsheets take it, on the line's wall clock: 2026-11-30 10:05."""
    return at.astimezone(zone_or_utc(line)).strftime("%Y-%m-%d %H:%M")


def written(reference: str) -> str:
    """A reference as it is read out: 412 537 9."""
    return f"{reference[:3]} {reference[3:6]} {reference[6:]}"


def case_address(reference: str, record: int | None) -> str:
    """Where whoever asks reads of a case: its page, or else its record; empty where there is nothing for them."""
    for endpoint, values in ((_CASE, {"reference": reference}), ("desk.record", {"record": record})):
        needed = needed_by(current_app, endpoint) if endpoint in current_app.view_functions else None
        if needed is not None and allowed(actor(), needed) and None not in values.values():
            return url_for(endpoint, **values)
    return ""
