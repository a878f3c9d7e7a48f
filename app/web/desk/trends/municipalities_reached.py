"""Equal access: which municipalities turn to a line and which don't, and how many people live there."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission, allowed
from app.domain.reach import MOST_SILENT_MONTHS
from app.services.keeping import audit
from app.services.numbers import equal_access, population
from app.services.numbers.asked_period import NoSuchPeriod
from app.services.numbers.equal_access import AskedReach
from app.services.numbers.figure_files import POPULATION
from app.services.numbers.figure_rows import Refused
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.figure_file_words import imported_in_words, mistakes_in_words
from app.web.desk.freshening import freshen
from app.web.desk.number_words import decimal
from app.web.desk.sent_file import text_of_file
from app.web.desk.trends import county_map, period_form, reached_shown, trend_address
from app.web.desk.trends.reached_shown import COLUMNS, Sorting
from app.web.desk.trends.reached_words import OFTEN, apart_of
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Response
    from werkzeug import Response as Answer

    from app.services.numbers.equal_access import Reach

_USUAL_MONTHS = 6


@desk.get("/trends/municipalities")
@needs(Permission.SEE_FIGURES)
def municipalities_reached() -> tuple[str, int]:
    """Every municipality of the lines' catchment."""
    return _page()


@desk.get("/trends/municipalities.csv")
@needs(Permission.SEE_FIGURES)
def municipalities_reached_csv() -> Response:
    """The same as a file."""
    freshen()
    try:
        found = _found()
    except NoSuchPeriod:
        abort(HTTPStatus.NOT_FOUND)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    days = f"{found.period.first}_{found.period.last}"
    rows = _rows(found) if found.is_counted else ()
    answer = csv_answer(f"radrum-{gettext('municipalities')}-{days}", [_heads(), *rows])
    lines = frozenset(line.key for line in found.lines)
    db.session.rollback()
    audit.note_export(db.session(), actor(), f"municipalities:{days}", lines, datetime.now(UTC))
    db.session.commit()
    return answer


@desk.post("/trends/municipalities")
@needs(Permission.IMPORT_FIGURES)
def import_population() -> Answer | tuple[str, int]:
    """Take in how many people live in each municipality: all of a file, or nothing."""
    now = datetime.now(UTC)
    known = setup().policy.municipalities
    done = population.import_own(db.session(), known, actor(), text_of_file(), today(now), now)
    if isinstance(done, Refused):
        db.session.rollback()
        return _page(mistakes_in_words(done.mistakes, POPULATION))
    db.session.commit()
    flash(imported_in_words(done), "success")
    return redirect(url_for("desk.municipalities_reached", **_parts()), code=HTTPStatus.SEE_OTHER)


def _page(mistakes: Sequence[str] = ()) -> tuple[str, int]:
    """With its status: a file or a period that is refused is told on the page."""
    left, asked = freshen(), _asked()
    page, form, since = None, None, request.args.get("since", "")
    try:
        found = _found()
    except NoSuchPeriod as error:
        form = period_form.refused(error)
    else:
        if found:
            page = reached_shown.page_of(found, asked, _sorting(), only_silent=_only_silent())
            form = period_form.filled(found.kind, found.period, found.in_reach, found.lines)
            since = found.since.isoformat()
    text = render_template(
        "desk/municipalities_reached.html",
        shares=county_map.SHARES,
        page=page,
        form=form,
        silent_months=reached_shown.silent_options(asked.silent_months),
        since=since,
        mistakes=mistakes,
        left=left,
        may_import=allowed(actor(), Permission.IMPORT_FIGURES),
        address=_parts(),
    )
    is_refused = mistakes or (form and form.errors)
    return text, HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def _found() -> Reach | None:
    """What was counted. Raises ``NoSuchPeriod``; 404 for lines out of reach."""
    begin_read_only(db.session())
    try:
        return equal_access.of(db.session(), setup().policy, actor(), _asked(), datetime.now(UTC))
    except NoSuchPeriod:
        raise
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _asked() -> AskedReach:
    """What the address says; what can't be read in it is as if it weren't there."""
    months = {str(one): one for one in range(1, MOST_SILENT_MONTHS + 1)}
    return AskedReach(
        trend_address.asked(),
        months.get(request.args.get("silent", ""), _USUAL_MONTHS),
        trend_address.day_called("since"),
    )


def _sorting() -> Sorting:
    column = request.args.get("sort", "")
    is_known = column in {one.key for one in COLUMNS}
    return Sorting(column if is_known else "name", is_known and request.args.get("order") == "descending")


def _only_silent() -> bool:
    return request.args.get("only") == "silent"


def _parts() -> dict[str, Any]:
    return reached_shown.address_parts(_asked(), _sorting(), only_silent=_only_silent())


def _heads() -> list[str]:
    return [
        gettext("Code"),
        gettext("Municipality"),
        gettext("County"),
        gettext("Held consultations"),
        gettext("Inhabitants"),
        gettext("Inhabitants of the year"),
        gettext("Per 10,000 inhabitants"),
        gettext("How often"),
        gettext("Last in"),
        gettext("Whole months since"),
    ]


def _rows(found: Reach) -> Iterator[list[str]]:
    """All municipalities, as the page sorts them; then what is counted apart, so that the column is whole."""
    for one in reached_shown.in_chosen_order(found.silent if _only_silent() else found.rows, _sorting()):
        year, people = one.population or ("", "")
        rate = one.per_10_000
        yield [
            one.municipality.code,
            one.municipality.name,
            one.municipality.county_name,
            str(one.held),
            str(people),
            str(year),
            "" if rate is None else decimal(rate),
            str(OFTEN[one.often]),
            one.last.isoformat()[:7] if one.last else "",
            str(one.quiet_months),
        ]
    apart = found.apart
    counted = (apart.elsewhere, apart.county, apart.whole_county, apart.abroad, apart.unknown, apart.not_noted)
    for (words, _), number in zip(apart_of(found)[1:-1], counted, strict=True):
        yield ["", words, "", str(number), "", "", "", "", "", ""]
