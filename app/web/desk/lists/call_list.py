"""The list of calls: when they came, what became of them, and who took them. No number, and nothing of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.finding import ListName
from app.domain.permissions import Permission, allowed
from app.services.record import lists
from app.storage.base import db
from app.web.desk.access import actor
from app.web.desk.lists.list_file import Columns
from app.web.desk.lists.list_pages import ListPage, register
from app.web.desk.lists.list_rows import clock_cell, name_of, zone_or_utc
from app.web.desk.lists.list_words import CALL_STATES
from app.web.desk.record_words import OUTCOMES
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.finding import Sought
    from app.services.record.lists import Asked, CallRow, Page


def _show(asked: Asked) -> tuple[Mapping[str, object], Page[CallRow]]:
    page = lists.calls(db.session(), setup().policy, actor(), asked)
    db.session.commit()
    rows = [
        {
            "one": one,
            "line": name_of(one.line),
            "zone": zone_or_utc(one.line),
            "outcome": OUTCOMES[one.outcome],
            "waited": lasted(one.wait_seconds),
            "talked": lasted(one.talk_seconds),
        }
        for one in page.rows
    ]
    reads = allowed(actor(), Permission.READ_RECORDS)
    return {"rows": rows, "has_lines": len(actor().lines) > 1, "reads_records": reads}, page


def lasted(seconds: int | None) -> str:
    """Minutes and seconds; empty where it isn't known."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def _columns(sought: Sought) -> Columns:
    del sought
    heads = [gettext("Rang"), gettext("Line"), gettext("Outcome"), gettext("Waited"), gettext("Talked"), gettext("By")]
    return Columns([*heads, gettext("Record")], _cells)


def _cells(one: CallRow) -> Sequence[str]:
    times = (lasted(one.wait_seconds), lasted(one.talk_seconds))
    record = str(one.record) if one.record and allowed(actor(), Permission.READ_RECORDS) else ""
    began = clock_cell(one.started_at, one.line)
    return [began, name_of(one.line), str(OUTCOMES[one.outcome]), *times, one.alias or "", record]


register(
    ListPage(
        name=ListName.CALLS,
        path="/calls",
        endpoint="calls",
        permission=Permission.LIST_CALLS,
        template="desk/calls.html",
        fields=("line", "first", "last", "state"),
        states=CALL_STATES,
        show=_show,
        columns=_columns,
    )
)
