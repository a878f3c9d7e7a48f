"""Staffing: how many callers are expected to meet all specialists busy, and what one more or fewer would do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, render_template, request

from app.domain.errors import NotFound
from app.domain.lines import LineKey
from app.domain.permissions import Permission
from app.services.numbers import staffing as services
from app.services.numbers.staffing import Asked
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.figures import staffing_shown
from app.web.desk.freshening import freshen
from app.web.setup import setup

if TYPE_CHECKING:
    from app.services.numbers.staffing import Staffing

_LONGEST_WRAP_UP: Final = 60
_SPANS: Final = {span.value: span for span in staffing_shown.SPANS}


@desk.get("/trends/staffing")
@needs(Permission.SEE_FIGURES)
def staffing() -> str:
    """One line, hour by hour of the week."""
    left = freshen()
    begin_read_only(db.session())
    asked = _asked()
    found = _found(asked)
    page = staffing_shown.page_of(found, asked, setup().policy) if found else None
    return render_template("desk/staffing.html", page=page, left=left)


def _found(asked: Asked) -> Staffing | None:
    try:
        return services.of(db.session(), setup().policy, actor(), asked, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _asked() -> Asked:
    """What the address says; what can't be read in it is as if it weren't there."""
    usual = Asked()
    minutes = request.args.get("wrap_up", "")
    is_read = minutes.isascii() and minutes.isdecimal() and len(minutes) <= len(str(_LONGEST_WRAP_UP))
    return Asked(
        line=LineKey(request.args["line"]) if request.args.get("line") else None,
        span=_SPANS.get(request.args.get("span", ""), usual.span),
        wrap_up=timedelta(minutes=min(int(minutes), _LONGEST_WRAP_UP)) if is_read else usual.wrap_up,
    )
