"""Calls and held consultations by week: as chart and table, and as a file for a spreadsheet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, render_template, request, url_for
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.lines import LineKey
from app.domain.permissions import Permission, allowed
from app.domain.trends import Span
from app.services.keeping import audit
from app.services.numbers import figures as services
from app.services.numbers.figures import Asked
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.figures import figures_destroyed, figures_file, figures_kept, figures_shown
from app.web.desk.freshening import freshen
from app.web.setup import setup

if TYPE_CHECKING:
    from flask import Response

    from app.services.numbers.figures import Figures

_EARLIEST, _LATEST = 2000, 2200


@desk.get("/figures")
@needs(Permission.SEE_FIGURES)
def figures() -> str:
    """The figures of the lines in reach."""
    left = freshen()
    begin_read_only(db.session())
    asked = _asked()
    found = _found(asked)
    page = figures_shown.page_of(found, asked) if found else None
    kept = figures_kept.rows_of(found) if found else ()
    gone = figures_destroyed.gone_of(found) if found else None
    return render_template("desk/figures.html", page=page, gathers=_gathers(), kept=kept, gone=gone, left=left)


@desk.get("/figures.csv")
@needs(Permission.SEE_FIGURES)
def figures_csv() -> Response:
    """The same numbers as a file."""
    freshen()
    found = _found(_asked())
    answer = figures_file.answer(found)
    if found:
        taken = (one.line.key for one in found.lines)
        audit.note_export(db.session(), actor(), figures_file.named(found), frozenset(taken), datetime.now(UTC))
        db.session.commit()
    return answer


def _gathers() -> list[dict[str, str]]:
    """Pages of other units, which no figure here counts."""
    ways = [
        (Permission.SEE_FIGURES, "desk.staffing", gettext("Staffing")),
        (Permission.READ_TRAINING, "desk.training", gettext("Training occasions")),
        (Permission.READ_OBSERVATIONS, "desk.observations", gettext("Gaps and good examples")),
    ]
    return [{"url": url_for(page), "label": label} for needed, page, label in ways if allowed(actor(), needed)]


def _found(asked: Asked) -> Figures | None:
    try:
        return services.of(db.session(), setup().policy, actor(), asked, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _asked() -> Asked:
    """What the address says; what can't be read in it is as if it weren't there."""
    spans = {span.value: span for span in Span}
    return Asked(
        span=spans.get(request.args.get("span", ""), Span.WEEKS_13),
        until=_week(request.args.get("until", "")),
        lines=frozenset(map(LineKey, request.args.getlist("line"))),
    )


def _week(token: str) -> date | None:
    """The Monday of a week as ``2026-W48``."""
    try:
        monday = datetime.strptime(f"{token}-1", "%G-W%V-%u").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    return monday if _EARLIEST <= monday.year < _LATEST else None
