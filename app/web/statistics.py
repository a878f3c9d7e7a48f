"""The page of yearly figures that is for everybody, and the same numbers as files.

Nobody signs in for it, no cookie is set or asked for but that of the language, and no script runs. What is shown was
published once and for all (``services.numbers.public_statistics``): nothing here would have to be withheld.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, render_template, request

from app.domain.lines import LineKey
from app.services.numbers import public_statistics as services
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language, statistics_files
from app.web.setup import setup
from app.web.shelf import Shelf
from app.web.statistics_shown import page_of
from app.web.statistics_words import CAVEAT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask.blueprints import BlueprintSetupState

    from app.services.numbers.public_statistics import OfLine
    from app.web.shelf import Body

statistics = Blueprint("statistics", __name__)

_FRESH_FOR = timedelta(hours=1)
_SHELF = "radrum-statistics"
_LINE = "line"


@statistics.record
def _put_up_a_shelf(state: BlueprintSetupState) -> None:
    state.app.extensions[_SHELF] = Shelf()


@statistics.get("/statistik")
def page() -> Response:
    """What was published, of all lines that chose it, or of one."""
    answer = _answer(_kept(f"page {language.spoken()}", _page))
    answer.vary.add("Cookie")  # which has the language
    return answer


@statistics.get("/statistik.csv")
def as_csv() -> Response:
    """The same numbers, for spreadsheets."""
    answer = _for_other_sites(_answer(_kept("csv", _csv)))
    answer.headers["Content-Disposition"] = 'attachment; filename="radrum-statistik.csv"'
    return answer


@statistics.get("/statistik.json")
def as_json() -> Response:
    """The same numbers, for programs; each column is described."""
    return _for_other_sites(_answer(_kept("json", _json)))


def _kept(form: str, make: Callable[[Sequence[OfLine]], tuple[str, str]]) -> Body:
    asked = _asked_line()
    shelf: Shelf = current_app.extensions[_SHELF]
    return shelf.get((form, asked), datetime.now(UTC), lambda: make(_found(asked)))


def _asked_line() -> LineKey | None:
    """The one line that is asked for; ``None`` for all. What mail and others hang on an address means nothing."""
    lines = [line.key for line in services.public_lines(setup().policy)]
    asked = request.args.getlist(_LINE)
    if not lines or asked not in [[], *([key] for key in lines)]:
        abort(HTTPStatus.NOT_FOUND)
    return LineKey(asked[0]) if asked else None


def _found(asked: LineKey | None) -> Sequence[OfLine]:
    begin_read_only(db.session())
    lines = services.of_lines(db.session(), setup().policy)
    db.session.rollback()
    return [one for one in lines if asked in {None, one.line.key}]


def _page(lines: Sequence[OfLine]) -> tuple[str, str]:
    shown = [page_of(setup().policy, one) for one in lines]
    is_one = request.args.get(_LINE) is not None
    page = render_template("statistics.html", lines=shown, is_one=is_one, caveat=CAVEAT)
    return page, "text/html; charset=utf-8"


def _csv(lines: Sequence[OfLine]) -> tuple[str, str]:
    return statistics_files.csv_of(setup().policy, lines), "text/csv; charset=utf-8"


def _json(lines: Sequence[OfLine]) -> tuple[str, str]:
    return statistics_files.json_of(setup().policy, lines), "application/json"


def _answer(body: Body) -> Response:
    answer = Response(body.content, content_type=body.content_type)
    # Weak: it may travel compressed or not.
    answer.set_etag(body.digest, weak=True)
    answer.cache_control.public = True
    answer.cache_control.max_age = int(_FRESH_FOR.total_seconds())
    answer.make_conditional(request)
    return answer


def _for_other_sites(answer: Response) -> Response:
    """Open data: a page of somebody else's may read it too."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
