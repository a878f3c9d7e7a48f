"""The questions that the API answers."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flask import Response, abort

from app.domain.calls import CallSid
from app.services.keeping import audit
from app.services.rota import duty as duties
from app.storage.base import db
from app.storage.queries.api_pages import call_with, calls_page, consultations_page
from app.web.api import access, asked, shown
from app.web.api.blueprint import api
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.storage.queries.exported import Record
    from app.web.api.shown import Json

_Item = TypeVar("_Item")
_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
_DOCUMENT = Path(__file__).with_name("openapi.json").read_bytes()


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this API; open to all, for it holds no data."""
    asked.only()
    return Response(_DOCUMENT, content_type="application/json")


@api.get("/lines")
def lines() -> Json:
    """The lines that the reader sees."""
    asked.only("cursor", "limit")
    after, most = asked.name_after(), asked.limit()
    found = [line for key, line in access.lines().items() if key > after]
    return _page(found, most, lambda one: shown.line(setup().policy, one), lambda one: (one.key,))


@api.get("/lines/<key>/hours")
def hours(key: str) -> Json:
    """Whether a line is open, why not, and when it closes or opens."""
    asked.only("at")
    line, at = access.line(key), asked.at()
    with _within_the_calendar():
        opening = duties.opening(db.session(), setup().policy, line.key, at)
        return shown.hours(setup().policy, line, opening)


@api.get("/lines/<key>/duty")
def duty(key: str) -> Json:
    """Who is on duty on a line, in ringing order."""
    asked.only("at")
    line, at = access.line(key), asked.at()
    with _within_the_calendar():
        persons = duties.duty_at(db.session(), setup().policy, line.key, at)
        return shown.duty(setup().policy, line, at, persons)


@api.get("/calls")
def calls() -> Json:
    """Calls, newest first."""
    asked.only("line", "since", "until", "outcome", "cursor", "limit")
    most = asked.limit()
    found = calls_page(db.session(), asked.which(), asked.outcome(), asked.key_after(), most + 1)
    return _page(
        found,
        most,
        lambda one: shown.call(setup().policy, one, access.reader()),
        lambda one: (one.call.started_at.isoformat(), one.call.id),
    )


@api.get("/calls/<sid>")
def call(sid: str) -> Json:
    """One call."""
    asked.only()
    found = call_with(db.session(), CallSid(sid)) if _SID.fullmatch(sid) else None
    if found is None or not shown.is_seen(found, access.reader()):
        abort(404, "there is no such call")
    return shown.call(setup().policy, found, access.reader())


@api.get("/consultations")
def consultations() -> Json:
    """Consultations, newest first, as they leave the team. What is shown is in the read log before it is."""
    asked.only("line", "since", "until", "held", "cursor", "limit")
    most, held_alone = asked.limit(), asked.is_true("held")
    found = consultations_page(db.session(), asked.which(), asked.key_after(), most + 1, held_alone=held_alone)
    page = _page(
        found,
        most,
        lambda one: shown.consultation(setup().policy, one),
        lambda one: (one.opened_at.isoformat(), one.id),
    )
    _note(found[:most])
    return page


def _note(records: Sequence[Record]) -> None:
    """One entry for each organisation whose consultations are shown; the token's name says what for."""
    session, now = db.session(), datetime.now(UTC)
    session.rollback()
    for organisation in sorted({one.organisation for one in records}):
        theirs = [one for one in records if one.organisation == organisation]
        actor = access.actor_of(organisation)
        lines = {one.line for one in theirs}
        audit.note_taken(session, actor, "consultation", [one.id for one in theirs], lines, now)
    session.commit()


def _page(
    found: Sequence[_Item], most: int, show: Callable[[_Item], Json], key: Callable[[_Item], tuple[object, ...]]
) -> Json:
    """The first ``most`` items; a cursor if there are more."""
    items = found[:most]
    more = len(found) > most
    return {"items": [show(one) for one in items], "next_cursor": asked.next_cursor(*key(items[-1])) if more else None}


@contextmanager
def _within_the_calendar() -> Iterator[None]:
    """An instant that the calendar of holidays doesn't cover is refused, and not guessed at."""
    try:
        yield
    except ValueError as error:
        abort(400, f"at: {error}")
