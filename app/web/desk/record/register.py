"""The chronological register, and the extract of it that anybody may have."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, render_template, request
from flask_babel import gettext, lazy_gettext

from app.domain.permissions import Permission, allowed
from app.domain.register import SWEDEN, RecordKind
from app.services.record import register as services
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.csv_answer import csv_answer
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from app.domain.lines import LineKey
    from app.services.record.register import Entry

KINDS: Final = {
    RecordKind.CALL: lazy_gettext("Consultation by telephone"),
    RecordKind.EMAIL: lazy_gettext("Consultation by e-mail"),
    RecordKind.MEETING: lazy_gettext("Consultation in a meeting"),
    RecordKind.VISIT: lazy_gettext("Consultation at a visit"),
    RecordKind.OTHER: lazy_gettext("Consultation"),
}
_YEAR = re.compile(r"(19|2[0-9])[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@desk.get("/register")
@needs(Permission.READ_REGISTER)
def register() -> str:
    """A page of one year's register, the latest first."""
    begin_read_only(db.session())
    before = _whole(_NUMBER, "before")
    page = services.page(db.session(), actor(), _whole(_YEAR, "year"), before)
    return render_template(
        "desk/register.html",
        page=page,
        is_first=before is None,
        kinds=KINDS,
        line_name=line_name,
        has_lines=len(actor().lines) > 1,
        may_open=allowed(actor(), Permission.READ_RECORDS),
        may_decide=allowed(actor(), Permission.SET_RETENTION),
    )


@desk.get("/register/extract")
@needs(Permission.READ_REGISTER)
def register_extract() -> str:
    """A year's extract, to be printed."""
    now = datetime.now(UTC)
    year, entries = _extract(now)
    return render_template(
        "desk/register_extract.html",
        year=year,
        entries=entries,
        kinds=KINDS,
        line_name=line_name,
        today=now.astimezone(SWEDEN).date(),
    )


@desk.get("/register.csv")
@needs(Permission.READ_REGISTER)
def register_csv() -> Response:
    """The same as a file."""
    year, entries = _extract(datetime.now(UTC))
    heads = [gettext("Serial number"), gettext("Date"), gettext("Kind"), gettext("Line")]
    rows = [[one.serial, one.on.isoformat(), str(KINDS[one.kind]), line_name(one.line)] for one in entries]
    return csv_answer(f"register-{year}", [heads, *rows])


def line_name(line: LineKey) -> str:
    """What a line is called; its key, when it isn't configured any more."""
    found = setup().policy.lines.get(line)
    return found.name if found else line


def _extract(now: datetime) -> tuple[int, Sequence[Entry]]:
    year = _whole(_YEAR, "year")
    if year is None:
        if request.args.get("year"):
            abort(HTTPStatus.NOT_FOUND)
        year = services.page(db.session(), actor(), None, None).year or services.year_of(now)
    entries = services.extract(db.session(), actor(), year, now)
    # Who has it handed out is in the log before anybody sees it.
    db.session.commit()
    return year, entries


def _whole(form: re.Pattern[str], name: str) -> int | None:
    """What the address says, if it can be one; else as if it weren't there."""
    sent = request.args.get(name, "")
    return int(sent) if form.fullmatch(sent) else None
