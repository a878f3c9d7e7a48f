"""What was counted, period by period and line by line, from the stored tallies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import abort, request

from app.domain.calendar_periods import Kind, Step, parts_of
from app.domain.errors import NotFound
from app.domain.lines import LineKey
from app.services.export import left_tallies
from app.services.numbers import tallies
from app.services.numbers.asked_period import Asked, period_asked
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.api import access, asked, shown
from app.web.api.blueprint import api
from app.web.desk.export.tally_words import labels
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.domain.trends import Period
    from app.services.numbers.trends import Counted
    from app.web.api.shown import Json

_DAYS_COUNTED = 5
"""That changed just now; what else did is counted within a minute, by the jobs."""


@api.get("/trends")
def trends_() -> Json:
    """The numbers of periods of one kind, on each line that is asked for: by line, and then in the order of time."""
    asked.only("line", "kind", "day", "last", "step", "lang", "cursor", "limit", several=frozenset({"line"}))
    lines, step = _lines(), asked.one_of("step", Step)
    period = _period(lines)
    spoken, after, most = _language(), asked.period_after(), asked.limit()
    _count_what_changed()
    periods = parts_of(step, period) if step else (period,)
    wanted = [(line, one) for line in lines for one in periods if after is None or (line, one.first) > after]
    page, more = wanted[:most], len(wanted) > most
    label = labels(setup().policy, spoken)
    items = [shown.counted(line, since, one, label) for line, since, one in _counted(page)]
    return {
        "items": items,
        "next_cursor": asked.next_cursor(page[-1][0], page[-1][1].first.isoformat()) if more else None,
    }


def _counted(page: Sequence[tuple[LineKey, Period]]) -> list[tuple[LineKey, date | None, Counted]]:
    """Each line and period with the day since which the line is counted, and with what was counted."""
    policy, session, found = setup().policy, db.session(), []
    for line in dict.fromkeys(line for line, _ in page):
        periods = [one for of, one in page if of == line]
        actor = access.actor_of(policy.lines[line].organisation)
        since = left_tallies.counted_since(session, actor, line)
        found += [(line, since, one) for one in left_tallies.counted(session, policy, actor, line, periods)]
    return found


def _count_what_changed() -> None:
    """A few days, if any: the reader who comes first counts them."""
    session = db.session()
    if tallies.is_stale(session):
        session.rollback()
        tallies.refresh(session, setup().policy, _DAYS_COUNTED)
        session.commit()
        begin_read_only(session)


def _lines() -> list[LineKey]:
    """Those that are named, one or several; without a name all that the reader sees."""
    named, seen = request.args.getlist("line"), access.lines()
    for one in named:
        if one not in seen:
            asked.refuse("line", one, ", ".join(seen) or "none")
    return sorted(LineKey(key) for key in seen if not named or key in named)


def _period(lines: Sequence[LineKey]) -> Period:
    """By itself the last one that is over, on the wall clock of the first line."""
    kind, day, last = asked.one_of("kind", Kind) or Kind.MONTH, asked.day("day"), asked.day("last")
    is_own = day is not None and last is not None and day <= last
    if is_own != (kind is Kind.OWN) or (last is not None and not is_own):
        abort(400, "day and last: both are given with kind=own, in this order, and last with nothing else")
    zones = setup().policy.schedules
    today = datetime.now(zones[lines[0]].hours.zone if lines else UTC).date()
    try:
        return period_asked(Asked(kind, day, last), today)
    except NotFound as error:
        abort(400, f"day: {error}")


def _language() -> str:
    """That is asked for, else the first of ours that the reader takes."""
    given = request.args.get("lang")
    if given is not None and given not in language.LANGUAGES:
        asked.refuse("lang", given, ", ".join(language.LANGUAGES))
    return given or request.accept_languages.best_match(list(language.LANGUAGES)) or next(iter(language.LANGUAGES))
