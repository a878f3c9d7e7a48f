"""The list of cases: whose each is and how it stands; nothing of what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.finding import ListName
from app.domain.permissions import Permission
from app.services.keeping import audit
from app.services.record import lists
from app.storage.base import db
from app.web.desk.access import actor
from app.web.desk.lists.list_file import Columns
from app.web.desk.lists.list_pages import ListPage, register
from app.web.desk.lists.list_rows import case_address, clock_cell, name_of, written, zone_or_utc
from app.web.desk.lists.list_words import CASE_ENDS, CASE_STATES
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.finding import Sought
    from app.services.record.lists import Asked, CaseRow, Page


def _show(asked: Asked) -> tuple[Mapping[str, object], Page[CaseRow]]:
    page = lists.cases(db.session(), setup().policy, actor(), asked)
    audit.note_list(db.session(), actor(), "cases", {one.id for one in page.rows}, datetime.now(UTC))
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    rows = [
        {
            "one": one,
            "reference": written(one.reference),
            "address": case_address(one.reference, one.record),
            "line": name_of(one.line),
            "zone": zone_or_utc(one.line),
            "state": _state(one),
        }
        for one in page.rows
    ]
    return {"rows": rows, "has_lines": len(actor().lines) > 1}, page


def _state(one: CaseRow) -> str:
    return str(CASE_ENDS[one.ended_as]) if one.ended_as else gettext("Open")


def _columns(sought: Sought) -> Columns:
    del sought
    heads = [gettext("Case"), gettext("Began"), gettext("Line"), gettext("Responsible"), gettext("Consultations")]
    return Columns([*heads, gettext("State")], _cells)


def _cells(one: CaseRow) -> Sequence[str]:
    began = clock_cell(one.opened_at, one.line)
    return [written(one.reference), began, name_of(one.line), one.responsible, str(one.consultations), _state(one)]


register(
    ListPage(
        name=ListName.CASES,
        path="/cases",
        endpoint="cases",
        permission=Permission.LIST_CASES,
        template="desk/cases.html",
        fields=("line", "first", "last", "state", "staff"),
        states=CASE_STATES,
        show=_show,
        columns=_columns,
    )
)
