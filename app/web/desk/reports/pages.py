"""Reports: which there are, and one of them as a page to print and as files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, render_template, request, url_for
from flask_babel import gettext

from app.domain import calendar_periods as calendar
from app.domain.lines import LineKey
from app.domain.permissions import Permission, allowed
from app.services.keeping import audit
from app.services.numbers import reports as services
from app.services.numbers.asked_period import Asked
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.desk.freshening import freshen
from app.web.desk.reports import report_book, report_file, report_shown
from app.web.desk.trends import trends_words
from app.web.desk.trends.pages import found_of, notes_of
from app.web.desk.trends.trend_address import address
from app.web.desk.trends.trends_words import begin
from app.web.setup import setup

if TYPE_CHECKING:
    from flask import Response

    from app.domain.calendar_periods import Kind
    from app.domain.trends import Period
    from app.services.numbers.reports import Report, Shelf
    from app.services.numbers.trends import Trends
    from app.web.desk.reports.report_shown import ReportPage

_KINDS = {kind.value: kind for kind in services.KINDS}


@desk.get("/reports")
@needs(Permission.SEE_FIGURES)
def reports() -> str:
    """All there are."""
    freshen()
    begin_read_only(db.session())
    shelves = services.shelves(db.session(), setup().policy, actor(), datetime.now(UTC))
    return render_template("desk/reports.html", shelves=[_shelf(one) for one in shelves])


@desk.get("/reports/<kind>/<first>")
@needs(Permission.SEE_FIGURES)
def report(kind: str, first: str) -> str:
    """One report, to read and to print."""
    asked = _asked(kind, first)
    left = freshen()
    found = _found(asked)
    page = report_shown.page_of(found, asked, notes_of(found))
    zone = setup().policy.schedules[found.lines[0].key].hours.zone
    return render_template(
        "desk/report.html",
        page=page,
        left=left,
        made=language.moment(datetime.now(UTC), zone),
        files={one: _address(found.kind, found.period, asked, f"desk.report_{one}") for one in ("csv", "xlsx")},
        trends_url=address(found.kind, found.period, asked),
        spoken_by=language.LANGUAGES,
        may_write=allowed(actor(), Permission.WRITE_TIME_NOTES),
    )


@desk.get("/reports/<kind>/<first>.csv")
@needs(Permission.SEE_FIGURES)
def report_csv(kind: str, first: str) -> Response:
    """All its tables as one."""
    freshen()
    found = _found(_asked(kind, first))
    answer = csv_answer(_name(found), report_file.csv_rows(found))
    _note(found, "csv")
    return answer


@desk.get("/reports/<kind>/<first>.xlsx")
@needs(Permission.SEE_FIGURES)
def report_xlsx(kind: str, first: str) -> Response:
    """All its tables as a workbook."""
    asked = _asked(kind, first)
    freshen()
    found = _found(asked)
    page = report_shown.page_of(found, asked, notes_of(found))
    answer = report_book.answer(found, _name(found), _about(page))
    _note(found, "xlsx")
    return answer


def _asked(kind: str, first: str) -> Asked:
    """What the address says; 404 for what isn't the first day of such a period."""
    try:
        period = calendar.period_with(_KINDS[kind], date.fromisoformat(first))
    except (KeyError, ValueError):
        abort(HTTPStatus.NOT_FOUND)
    if period.first.isoformat() != first:
        abort(HTTPStatus.NOT_FOUND)
    return Asked(_KINDS[kind], period.first, lines=frozenset(map(LineKey, request.args.getlist("line"))))


def _found(asked: Asked) -> Trends:
    found = found_of(asked)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _about(page: ReportPage) -> list[tuple[str, str]]:
    return [
        (gettext("Report"), f"{page.name} ({page.days})"),
        (gettext("Organisation"), page.who),
        (gettext("Lines"), ", ".join(page.lines)),
        (gettext("What it can't say"), page.caveat),
        *((language.LANGUAGES[code], text) for code, text in page.texts.items()),
    ]


def _note(found: Trends, form: str) -> None:
    """Whoever takes a file out is in the log before they have it."""
    of = f"report:{form}-{found.kind}-{found.period.first}"
    db.session.rollback()
    audit.note_export(db.session(), actor(), of, {line.key for line in found.lines}, datetime.now(UTC))
    db.session.commit()


def _name(found: Trends) -> str:
    report_word = gettext("report")
    return f"radrum-{report_word}-{found.kind}-{found.period.first}"


def _address(kind: Kind, period: Period, asked: Asked, endpoint: str = "desk.report") -> str:
    return url_for(endpoint, kind=kind.value, first=period.first.isoformat(), line=sorted(asked.lines))


def _shelf(shelf: Shelf) -> dict[str, object]:
    asked = Asked(lines=frozenset({shelf.line.key}) if shelf.line else frozenset())

    def way(one: Report) -> dict[str, object]:
        name = begin(trends_words.named(one.kind, one.period))
        return {"name": name, "url": _address(one.kind, one.period, asked), "is_over": one.is_over}

    years = [
        {
            "year": year.year,
            "kinds": [[way(one) for one in year.reports if one.kind is kind] for kind in services.KINDS],
        }
        for year in shelf.years
    ]
    return {"line": shelf.line.name if shelf.line else "", "years": years}
