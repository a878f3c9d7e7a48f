"""The list of follow-ups: what is due first, or those that are over. Nothing of what they are about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.domain.finding import FollowUpsOf, ListName
from app.domain.permissions import Permission
from app.services.keeping import audit
from app.services.record import lists
from app.storage.base import db
from app.web.desk.access import actor
from app.web.desk.lists.list_file import Columns
from app.web.desk.lists.list_pages import ListPage, register
from app.web.desk.lists.list_rows import case_address, clock_cell, name_of, written, zone_or_utc
from app.web.desk.lists.list_words import FOLLOW_UP_ENDS, FOLLOW_UP_LOOKS, FOLLOW_UP_STATES, FOLLOW_UPS_OF
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.finding import Sought
    from app.services.case.followups import Listed
    from app.services.record.lists import Asked, EndedRow, Page


def _show(asked: Asked) -> tuple[Mapping[str, object], Page[EndedRow] | None]:
    if asked.sought.state == FollowUpsOf.ENDED:
        page = lists.ended(db.session(), setup().policy, actor(), asked)
        _note(one.id for one in page.rows)
        rows = [_ended_row(one) for one in page.rows]
        return {"rows": rows, "are_over": True, "has_lines": len(actor().lines) > 1}, page
    to_do = _to_do(asked.sought)
    _note(one.id for one in to_do)
    return {"rows": [_row(one) for one in to_do], "are_over": False, "has_lines": len(actor().lines) > 1}, None


def _note(ids: Iterable[int]) -> None:
    """Whoever reads is in the log before they see anything."""
    audit.note_list(db.session(), actor(), "follow_up", set(ids), datetime.now(UTC))
    db.session.commit()


def _to_do(sought: Sought) -> Sequence[Listed]:
    return lists.to_do(db.session(), setup().policy, actor(), sought, datetime.now(UTC))


def _row(one: Listed) -> Mapping[str, object]:
    return {
        "one": one,
        "reference": written(one.reference),
        "address": case_address(one.reference, None),
        "line": name_of(one.line),
        "state": str(FOLLOW_UP_STATES[one.state]),
        "look": FOLLOW_UP_LOOKS.get(one.state, ""),
    }


def _ended_row(one: EndedRow) -> Mapping[str, object]:
    return {
        "one": one,
        "reference": written(one.reference),
        "address": case_address(one.reference, one.record),
        "line": name_of(one.line),
        "zone": zone_or_utc(one.line),
        "state": str(FOLLOW_UP_ENDS[one.ended_as]),
    }


def _columns(sought: Sought) -> Columns:
    case, line, responsible, state = gettext("Case"), gettext("Line"), gettext("Responsible"), gettext("State")
    if sought.state == FollowUpsOf.ENDED:
        return Columns([case, gettext("Promised"), line, responsible, state, gettext("Ended")], _ended_cells)
    return Columns([case, gettext("Due"), line, responsible, state, gettext("Tried in vain")], _cells, _to_do(sought))


def _cells(one: Listed) -> Sequence[str]:
    state = str(FOLLOW_UP_STATES[one.state])
    return [written(one.reference), one.due.isoformat(), name_of(one.line), one.responsible, state, str(one.tried)]


def _ended_cells(one: EndedRow) -> Sequence[str]:
    promised, ended = clock_cell(one.promised_at, one.line), clock_cell(one.ended_at, one.line)
    state = str(FOLLOW_UP_ENDS[one.ended_as])
    return [written(one.reference), promised, name_of(one.line), one.responsible, state, ended]


register(
    ListPage(
        name=ListName.FOLLOW_UPS,
        path="/follow-ups",
        endpoint="follow_ups",
        permission=Permission.LIST_CASES,
        template="desk/follow_ups.html",
        fields=("line", "state"),
        states=FOLLOW_UPS_OF,
        show=_show,
        columns=_columns,
    )
)
