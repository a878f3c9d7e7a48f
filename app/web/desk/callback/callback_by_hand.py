"""Noting that somebody exposed wants to be rung back: from the record of a call that goes on or has just ended."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.callbacks import NotNoted, WhyNot
from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.callback import callback_by_hand
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.callback.callback_forms import ByHandForm
from app.web.desk.callback.callback_words import NOT_NOTED
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response

_LONGEST = len("2147483647") - 1


@desk.get("/callbacks/new")
@needs(Permission.RING_BACK)
def new_callback() -> str:
    """A form for the call of a record; or why it can't be noted there, and what to do instead."""
    begin_read_only(db.session())
    record = _number(request.args.get("record", ""))
    if record is None:
        return _page(None, why=WhyNot.NOT_SERVED)
    try:
        why = callback_by_hand.why_not(db.session(), setup().policy, actor(), record, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    return _page(record, ByHandForm(formdata=None, record=str(record)), why)


@desk.post("/callbacks/new")
@needs(Permission.RING_BACK)
def note_callback() -> Response | tuple[str, int]:
    """Put the caller on the list."""
    policy, form = setup().policy, ByHandForm()
    form.is_fine = partial(callback_by_hand.may_be_noted, policy)
    record = _number(form.record.data or "")
    if record is None:
        abort(HTTPStatus.BAD_REQUEST)
    if not form.validate() or form.phone is None:
        return _page(record, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        callback_by_hand.note(db.session(), policy, actor(), record, form.phone, form.hours, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except NotNoted as refused:
        db.session.rollback()
        return _page(record, form, refused.why), HTTPStatus.CONFLICT
    db.session.commit()
    flash(
        gettext("Noted: to be rung back in these hours alone. The number is sealed and isn't shown again."), "success"
    )
    return redirect(url_for("desk.record", record=record), code=HTTPStatus.SEE_OTHER)


def _page(record: int | None, form: ByHandForm | None = None, why: WhyNot | None = None) -> str:
    said = NOT_NOTED[why] if why else ""
    return render_template("desk/callback_by_hand.html", record=record, form=form, why_not=said)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else None
