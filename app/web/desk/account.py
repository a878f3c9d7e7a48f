"""One's own account: how one signs in, and which language the pages speak."""

from __future__ import annotations

from flask import render_template

from app.domain.permissions import Permission
from app.services.accounts import ways_in
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk


@desk.get("/account")
@needs(Permission.OWN_ACCOUNT)
def account() -> str:
    """Password, codes, passkeys, language."""
    begin_read_only(db.session())
    return render_template("desk/account.html", ways_in=ways_in(db.session(), actor()))
