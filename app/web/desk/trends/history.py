"""The long curve of a line: what was published before beside what was counted here; taking such figures in and away."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from app.domain.errors import NotFound
from app.domain.history import SeriesUnit
from app.domain.lines import LineKey
from app.domain.permissions import Permission, allowed
from app.services.keeping import audit
from app.services.numbers import history as services
from app.services.numbers import history_import
from app.services.numbers.figure_files import HISTORY
from app.services.numbers.figure_rows import Refused
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.figure_file_words import imported_in_words, mistakes_in_words
from app.web.desk.freshening import freshen
from app.web.desk.sent_file import text_of_file
from app.web.desk.trends import history_shown
from app.web.desk.trends.history_shown import UNITS
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Response
    from werkzeug import Response as Answer

    from app.services.numbers.history import History


@desk.get("/trends/history")
@needs(Permission.SEE_FIGURES)
def history() -> str:
    """A line by the year."""
    return _page()


@desk.get("/trends/history.csv")
@needs(Permission.SEE_FIGURES)
def history_csv() -> Response:
    """The same as a file: what was published at its own grain, what was counted here by the year."""
    freshen()
    found = _found()
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    heads = [
        gettext("Line"),
        gettext("Unit"),
        gettext("Origin"),
        gettext("From"),
        gettext("To"),
        gettext("Number"),
        gettext("Source"),
    ]
    answer = csv_answer(f"radrum-{gettext('history')}-{found.line.key}", [heads, *_rows(found)])
    db.session.rollback()
    audit.note_export(db.session(), actor(), f"history:{found.line.key}", {found.line.key}, datetime.now(UTC))
    db.session.commit()
    return answer


@desk.post("/trends/history")
@needs(Permission.IMPORT_FIGURES)
def import_history() -> Answer | tuple[str, int]:
    """Take in a file of published figures: all of it, or nothing."""
    now, policy = datetime.now(UTC), setup().policy
    take_in = history_import.replace_by_file if request.form.get("replace") else history_import.import_file
    done = take_in(db.session(), policy, actor(), text_of_file(), today(now), now)
    if isinstance(done, Refused):
        db.session.rollback()
        return _page(mistakes_in_words(done.mistakes, HISTORY)), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(imported_in_words(done), "success")
    return redirect(url_for("desk.history", line=_line()), code=HTTPStatus.SEE_OTHER)


@desk.post("/trends/history/<line>/<unit>/remove")
@needs(Permission.IMPORT_FIGURES)
def remove_history(line: str, unit: str) -> Answer:
    """Take away what was taken in of a line and a unit."""
    units = {one.value: one for one in SeriesUnit}
    if unit not in units:
        abort(HTTPStatus.NOT_FOUND)
    try:
        gone = history_import.take_away(
            db.session(), setup().policy, actor(), LineKey(line), units[unit], datetime.now(UTC)
        )
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    flash(
        ngettext("%(num)d published figure was taken away.", "%(num)d published figures were taken away.", gone),
        "success",
    )
    return redirect(url_for("desk.history", line=line), code=HTTPStatus.SEE_OTHER)


def _page(mistakes: Sequence[str] = ()) -> str:
    left = freshen()
    found = _found()
    return render_template(
        "desk/history.html",
        page=history_shown.page_of(found) if found else None,
        mistakes=mistakes,
        left=left,
        may_import=allowed(actor(), Permission.IMPORT_FIGURES),
    )


def _found() -> History | None:
    begin_read_only(db.session())
    try:
        return services.of(db.session(), setup().policy, actor(), _line(), datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _line() -> LineKey | None:
    given = request.args.get("line", "")
    return LineKey(given) if given else None


def _rows(found: History) -> Iterator[list[str]]:
    for series in found.series:
        named = [found.line.key, str(UNITS[series.unit])]
        for one in series.figures:
            days = [one.period.first.isoformat(), one.period.last.isoformat()]
            yield [*named, gettext("published"), *days, str(one.number), one.source]
        for year in series.years:
            if year.own:
                days = [year.own.period.first.isoformat(), year.own.period.last.isoformat()]
                yield [*named, gettext("counted here"), *days, str(year.own.number), ""]
