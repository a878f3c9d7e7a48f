"""One's own account: how one signs in, which language the pages speak, and whether single keys do something."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.permissions import Permission
from app.services.account.accounts import use_single_keys, ways_in
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk

if TYPE_CHECKING:
    from werkzeug import Response


@desk.get("/account")
@needs(Permission.OWN_ACCOUNT)
def account() -> str:
    """Password, codes, passkeys, language."""
    begin_read_only(db.session())
    return render_template("desk/account.html", ways_in=ways_in(db.session(), actor()))


@desk.post("/account/keys")
@needs(Permission.OWN_ACCOUNT)
def keys() -> Response:
    """Turn single keys on or off, on every page and for good."""
    use_single_keys(db.session(), actor(), are_on=request.form.get("single_keys") == "on", now=datetime.now(UTC))
    db.session.commit()
    if "tell" in request.form:
        flash(gettext("Saved."), "success")
    return redirect(url_for("desk.account"), code=HTTPStatus.SEE_OTHER)
