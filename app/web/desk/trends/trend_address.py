"""What the address of a page of trends says: which period, which lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from flask import request, url_for
from flask_babel import lazy_gettext

from app.domain.calendar_periods import Kind
from app.domain.lines import LineKey
from app.services.numbers.asked_period import Asked
from app.web.forms import Option

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.domain.lines import Line
    from app.domain.trends import Period

_LATEST: Final = date(9990, 12, 31)
"""Periods around the last year that there is can't be reckoned."""
KINDS: Final = {
    Kind.WEEK: lazy_gettext("Week"),
    Kind.MONTH: lazy_gettext("Month"),
    Kind.QUARTER: lazy_gettext("Quarter"),
    Kind.HALF_YEAR: lazy_gettext("Half-year"),
    Kind.YEAR: lazy_gettext("Year"),
    Kind.OWN: lazy_gettext("From one day to another"),
}


def asked() -> Asked:
    """The period and the lines; what can't be read in the address is as if it weren't there."""
    kinds = {kind.value: kind for kind in Kind}
    return Asked(
        kind=kinds.get(request.args.get("kind", ""), Kind.QUARTER),
        day=day_called("day"),
        last=day_called("last"),
        lines=frozenset(map(LineKey, request.args.getlist("line"))),
    )


def address_of(what: Asked) -> dict[str, object]:
    """The parts of an address by which ``asked`` finds the same again."""
    return {
        "kind": what.kind.value,
        "day": what.day.isoformat() if what.day else None,
        "last": what.last.isoformat() if what.last else None,
        "line": sorted(what.lines) or None,
    }


def address(kind: Kind, period: Period, asked: Asked, endpoint: str = "desk.trends", part: str | None = None) -> str:
    """Where a period of these lines is shown; ``part``: the file of one question."""
    last = period.last.isoformat() if kind is Kind.OWN else None
    lines = sorted(asked.lines)
    return url_for(endpoint, kind=kind.value, day=period.first.isoformat(), last=last, line=lines, part=part)


def day_called(name: str) -> date | None:
    """A day as 2026-07-01, or the last one that can be reckoned with; ``None`` for anything else."""
    try:
        return min(date.fromisoformat(request.args.get(name, "")), _LATEST)
    except ValueError:
        return None


def line_options(in_reach: Sequence[Line], chosen: Collection[LineKey]) -> list[Option]:
    """The lines, where there is a choice."""
    options = [Option(line.key, line.name, line.key in chosen) for line in in_reach]
    return options if len(options) > 1 else []
