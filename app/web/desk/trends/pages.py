"""The trends: how the need grows, where, and what is lacking. And each question's numbers as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, render_template

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.keeping import audit
from app.services.numbers import time_notes
from app.services.numbers import trends as services
from app.services.numbers.asked_period import NoSuchPeriod
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.freshening import freshen
from app.web.desk.trends import period_form, trend_address, trends_file, trends_shown
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from app.domain.time_notes import TimeNote
    from app.services.numbers.asked_period import Asked
    from app.services.numbers.trends import Trends


@desk.get("/trends")
@needs(Permission.SEE_FIGURES)
def trends() -> str | tuple[str, int]:
    """The trends of the lines in reach."""
    left = freshen()
    asked = trend_address.asked()
    try:
        found = _found(asked)
    except NoSuchPeriod as error:
        refused = period_form.refused(error)
        return render_template("desk/trends.html", form=refused, page=None), HTTPStatus.UNPROCESSABLE_ENTITY
    page = trends_shown.page_of(found, asked, notes_of(found)) if found else None
    form = period_form.filled(found.kind, found.period, found.in_reach, found.lines) if found else None
    return render_template("desk/trends.html", form=form, page=page, left=left)


@desk.get("/trends/<part>.csv")
@needs(Permission.SEE_FIGURES)
def trends_csv(part: str) -> Response:
    """One question's numbers as a file."""
    if part not in trends_file.PARTS:
        abort(HTTPStatus.NOT_FOUND)
    freshen()
    found = found_of(trend_address.asked())
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    name = f"{part}-{found.period.first}-{found.period.last}"
    answer = csv_answer(f"radrum-{name}", trends_file.rows_of(found, part))
    lines = frozenset(line.key for line in found.lines)
    db.session.rollback()
    audit.note_export(db.session(), actor(), f"trends:{name}", lines, datetime.now(UTC))
    db.session.commit()
    return answer


def found_of(asked: Asked) -> Trends | None:
    """What was counted, read only; 404 for what is out of reach, and for a period that can't be shown."""
    try:
        return _found(asked)
    except NoSuchPeriod:
        abort(HTTPStatus.NOT_FOUND)


def notes_of(found: Trends) -> Sequence[TimeNote]:
    """The notes on the time axis of a period."""
    keys = [line.key for line in found.lines]
    return time_notes.between(db.session(), actor(), keys, found.now.period)


def _found(asked: Asked) -> Trends | None:
    """The same. Raises ``NoSuchPeriod``."""
    begin_read_only(db.session())
    try:
        return services.of(db.session(), setup().policy, actor(), asked, datetime.now(UTC))
    except NoSuchPeriod:
        raise
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
