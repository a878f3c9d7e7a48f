"""Taking files out: what, of when, and what for; made as it leaves, in the same memory whatever its size."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, abort, render_template
from flask_babel import gettext

from app.domain.columns import Dataset
from app.domain.columns import Form as FileForm
from app.domain.errors import NotFound, RejectedInput
from app.domain.permissions import Permission
from app.domain.register import SWEDEN
from app.services.export import export_log, export_slots
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, asks_by_itself, needs
from app.web.desk.blueprint import desk
from app.web.desk.export.column_words import DATASETS, UNITS, dictionary_of
from app.web.desk.export.export_forms import FORMS, ExportForm
from app.web.desk.export.export_stream import file_of
from app.web.setup import setup

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@desk.get("/exports")
@needs(Permission.TAKE_EXPORTS)
def exports() -> str:
    """The form, the files that were taken before, and what the columns mean."""
    begin_read_only(db.session())
    today = datetime.now(SWEDEN).date()
    return _page(ExportForm(first=today.replace(month=1, day=1), last=today).prepared())


@desk.post("/exports")
@needs(Permission.TAKE_EXPORTS)
def take_export() -> ResponseReturnValue:
    """The file. It is noted before the first row leaves, and while another is made nobody waits for it."""
    form, now = ExportForm().prepared(), datetime.now(UTC)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    slot = export_slots.take(setup().exports, actor())
    if slot is None:
        form.form_errors.append(gettext("Another export is running. Wait until it is done, and send this again."))
        return _page(form), HTTPStatus.SERVICE_UNAVAILABLE
    try:
        wanted, kind = form.wanted(), FileForm(form.form.data)
        number = export_log.begin(db.session(), setup().policy, actor(), wanted, kind, form.purpose.data, now)
        db.session.commit()
    except RejectedInput:
        slot.release()
        form.purpose.errors = [gettext("Write it without anybody's number or address.")]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    except BaseException as error:
        slot.release()
        if isinstance(error, NotFound):
            abort(HTTPStatus.NOT_FOUND)
        raise
    return file_of(wanted, kind, number, slot)


@desk.get("/exports/progress")
@needs(Permission.TAKE_EXPORTS)
@asks_by_itself
def export_progress() -> Response:
    """How far the asker's file has come, in words; empty when there is none. A script asks."""
    found = export_slots.progress(setup().exports, actor(), time.time())
    if found is None:
        words = ""
    elif found.of is None:
        words = gettext("%(rows)s rows have come.", rows=found.rows)
    else:
        words = gettext("%(rows)s of about %(of)s rows have come.", rows=found.rows, of=max(found.of, found.rows))
    answer = Response(words, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(form: ExportForm) -> str:
    return render_template(
        "desk/exports.html",
        form=form,
        has_lines=len(form.lines.choices) > 1,
        taken=export_log.latest(db.session(), actor()),
        datasets=DATASETS,
        units=UNITS,
        forms=FORMS,
        dictionary={what: dictionary_of(what) for what in Dataset},
        lines=setup().policy.lines,
        zone=SWEDEN,
    )
