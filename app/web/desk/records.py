"""The list of records, and the way to the one that is being made."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.domain.consultations import value_of
from app.domain.permissions import Permission, allowed
from app.domain.taxonomy import Code, GroupKey
from app.services import audit, record_pages
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.record_saving import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Response

    from app.services.record_pages import Listed

_LARGEST_ID = 2**31 - 1
_SHOWN = (GroupKey("service"), GroupKey("type"))


@desk.get("/records")
@needs(Permission.READ_RECORDS)
def records() -> str:
    """My records that aren't complete, and everybody's latest."""
    before = _place(request.args.get("before", ""))
    latest, has_older = record_pages.latest(db.session(), actor(), before)
    mine = () if before else record_pages.untagged(db.session(), actor())
    audit.note_list(db.session(), actor(), "consultation", {one.id for one in (*mine, *latest)}, datetime.now(UTC))
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    return render_template(
        "desk/records.html",
        mine=_rows(mine),
        latest=_rows(latest),
        older=_token(latest[-1]) if has_older else "",
        is_first=before is None,
        has_lines=len(actor().lines) > 1,
        may_write=allowed(actor(), Permission.WRITE_RECORDS),
    )


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


def _rows(listed: Sequence[Listed]) -> list[Mapping[str, object]]:
    policy, spoken = setup().policy, language.spoken()
    rows: list[Mapping[str, object]] = []
    for one in listed:
        groups = [policy.taxonomy.groups[key] for key in _SHOWN if key in policy.taxonomy.groups]
        answers = [(group, _codes(value_of(group, one.answers))) for group in groups]
        said = [", ".join(group.label_of(Code(code), spoken) for code in codes) for group, codes in answers]
        line = policy.lines.get(one.line)
        zone = zone_of(one.line) if line else UTC
        rows.append({"one": one, "line": line.name if line else one.line, "zone": zone, "said": said})
    return rows


def _codes(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _token(last: Listed) -> str:
    return f"{last.opened_at.astimezone(UTC).isoformat()}_{last.id}"


def _place(token: str) -> tuple[datetime, int] | None:
    """Where a page begins; anything else is the first page."""
    at, _, number = token.rpartition("_")
    try:
        instant, last = datetime.fromisoformat(at), int(number)
        is_ours = instant.tzinfo is not None and 0 <= last <= _LARGEST_ID
        return (instant.astimezone(UTC), last) if is_ours else None
    except (ValueError, OverflowError):  # a day before the first one, on another wall clock
        return None
