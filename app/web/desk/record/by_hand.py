"""A consultation without a call: its record is opened by hand, and taken back if that was a mistake."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from app.domain.channels import Channel
from app.domain.errors import NoSpecialist, NotFound, RejectedInput
from app.domain.lines import LineKey
from app.domain.permissions import Permission
from app.services.record import by_hand
from app.services.record.by_hand import NotEmpty, Opening
from app.storage.base import db
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.record.by_hand_forms import OpeningForm
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response


@desk.get("/records/new")
@needs(Permission.WRITE_RECORDS)
def new_record() -> str:
    """Which line, how, and on which day."""
    return _page(OpeningForm().prepared(actor(), datetime.now(UTC)))


@desk.post("/records/new")
@needs(Permission.WRITE_RECORDS)
def open_record() -> Response | tuple[str, int]:
    """Open the record, and go there."""
    now, asking, form = datetime.now(UTC), actor(), OpeningForm().prepared(actor(), datetime.now(UTC))
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    opening = Opening(LineKey(form.line.data), Channel(form.channel.data), form.day.data, form.token.data)
    try:
        record = by_hand.open_record(db.session(), setup().policy, asking, opening, setup().source, now)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except RejectedInput:
        db.session.rollback()
        form.refuse_day()
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    except NoSpecialist:
        form.form_errors.append(gettext("Your account is no specialist's, so no consultation can be yours."))
        return _page(form), HTTPStatus.CONFLICT
    db.session.commit()
    return redirect(url_for("desk.record", record=record), code=HTTPStatus.SEE_OTHER)


@desk.post("/records/<int(max=2147483647):record>/withdraw")
@needs(Permission.WRITE_RECORDS)
def withdraw_record(record: int) -> Response:
    """Take back a record that was opened by mistake."""
    try:
        by_hand.withdraw(db.session(), actor(), record, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except NotEmpty:
        db.session.rollback()
        flash(gettext("The record stays: something stands in it, or it is somebody else's."), "error")
        return redirect(url_for("desk.record", record=record), code=HTTPStatus.SEE_OTHER)
    db.session.commit()
    flash(gettext("The record is withdrawn. Its number stays in the register, and stands for nothing."), "success")
    return redirect(url_for("desk.records"), code=HTTPStatus.SEE_OTHER)


def _page(form: OpeningForm) -> str:
    return render_template("desk/new_record.html", form=form)
