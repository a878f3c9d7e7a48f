"""The list of records, and the way to the one that is being made."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext

from app.domain.consultations import value_of
from app.domain.finding import FOUND_BY, ListName
from app.domain.permissions import Permission, allowed
from app.domain.taxonomy import Code, GroupKey
from app.services.keeping import audit
from app.services.record import lists, record_pages
from app.services.record.lists import Asked
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.lists.list_file import Columns
from app.web.desk.lists.list_pages import ListPage, register
from app.web.desk.lists.list_rows import clock_cell, name_of, zone_or_utc
from app.web.desk.lists.list_words import RECORD_STATES
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from app.domain.finding import Sought
    from app.services.record.lists import Page
    from app.services.record.record_pages import Listed

_SHOWN = (GroupKey("service"), GroupKey("type"))


@desk.get("/records/current")
@needs(Permission.TAKE_CALLS)
def current() -> Response:
    """To the record of the call that I am in; else to my oldest that isn't complete; else to the list."""
    begin_read_only(db.session())
    live = record_pages.live(db.session(), actor())
    mine = () if live else record_pages.untagged(db.session(), actor())
    number = live.record if live else mine[0].id if mine else None
    where = url_for("desk.records") if number is None else url_for("desk.record", record=number)
    return redirect(where, code=HTTPStatus.SEE_OTHER)


def _show(asked: Asked) -> tuple[Mapping[str, object], Page[Listed]]:
    """My records that aren't complete, on the first page of everything; and everybody's latest."""
    session, asking = db.session(), actor()
    page = lists.records(session, setup().policy, asking, asked)
    is_all = asked == Asked(asked.sought) and not asked.sought.to_json()
    mine = record_pages.untagged(session, asking) if is_all else ()
    audit.note_list(session, asking, "consultation", {one.id for one in (*mine, *page.rows)}, datetime.now(UTC))
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    may_write = allowed(asking, Permission.WRITE_RECORDS)
    rows = {"mine": _rows(mine), "latest": _rows(page.rows)}
    return {**rows, "has_lines": len(asking.lines) > 1, "may_write": may_write}, page


def _columns(sought: Sought) -> Columns:
    del sought
    heads = [gettext("Record"), gettext("Began"), gettext("Line"), gettext("Service"), gettext("Type"), gettext("By")]
    return Columns([*heads, gettext("State")], _cells)


def _cells(one: Listed) -> Sequence[str]:
    began = clock_cell(one.opened_at, one.line)
    state = gettext("Complete") if one.is_complete else gettext("To be completed")
    return [str(one.id), began, name_of(one.line), *_said(one), one.alias or "", state]


def _rows(listed: Sequence[Listed]) -> list[Mapping[str, object]]:
    return [
        {"one": one, "line": name_of(one.line), "zone": zone_or_utc(one.line), "said": _said(one)} for one in listed
    ]


def _said(one: Listed) -> list[str]:
    policy, spoken = setup().policy, language.spoken()
    groups = [policy.taxonomy.groups[key] for key in _SHOWN if key in policy.taxonomy.groups]
    answers = [(group, _codes(value_of(group, one.answers))) for group in groups]
    return [", ".join(group.label_of(Code(code), spoken) for code in codes) for group, codes in answers]


def _codes(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


register(
    ListPage(
        name=ListName.RECORDS,
        path="/records",
        endpoint="records",
        permission=Permission.READ_RECORDS,
        template="desk/records.html",
        fields=("line", "first", "last", "state", "staff", *FOUND_BY, "municipality"),
        states=RECORD_STATES,
        show=_show,
        columns=_columns,
    )
)
