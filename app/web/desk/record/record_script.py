"""What the script of an open record asks: to save, to close, what in a note could say who somebody is."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, abort, request
from flask_wtf.csrf import generate_csrf

from app.domain.errors import NotFound, RejectedInput
from app.domain.identities import Certainty, holds_personal_number, identities
from app.domain.permissions import Permission
from app.services.record import consultations, record_pages
from app.services.record.consultations import Conflict
from app.services.today.standby import is_on_call
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.accounts.cookie import stay_signed_in
from app.web.desk.access import actor, asks_by_itself, needs
from app.web.desk.blueprint import desk
from app.web.desk.polling import conditional
from app.web.desk.record.record_saving import asked_edit, conflict_json, saved_json
from app.web.desk.record_words import FOUND, why_not
from app.web.setup import setup

if TYPE_CHECKING:
    from app.domain.consultations import Form
    from app.services.record.record_pages import Live
    from app.storage.models import Consultation

Json = dict[str, Any]
_LONGEST_CHECKED = 2_000
"""Of a note that is longer than it may be, so much is looked through."""


@desk.post("/records/<int(max=2147483647):record>/save")
@needs(Permission.WRITE_RECORDS)
def autosave(record: int) -> tuple[Json, int]:
    """Save what changed in an open page. 409: somebody else changed the same; 422: it can't be answered so."""
    now, policy = datetime.now(UTC), setup().policy
    consultation, form = _frame(record)
    try:
        edit, version = asked_edit(policy.taxonomy)
        done = consultations.save(db.session(), policy, actor(), record, edit, version, now)
    except NotFound:  # pragma: no cover - it was there a moment ago
        abort(HTTPStatus.NOT_FOUND)
    except RejectedInput as refused:
        db.session.rollback()
        return _refused(form, refused), HTTPStatus.UNPROCESSABLE_ENTITY
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST)
    is_complete = consultation.closed_at is not None
    db.session.commit()
    if isinstance(done, Conflict):
        return conflict_json(form, done), HTTPStatus.CONFLICT
    return saved_json(form, done, now, is_complete=is_complete), HTTPStatus.OK


@desk.post("/records/<int(max=2147483647):record>/complete")
@needs(Permission.WRITE_RECORDS)
def complete(record: int) -> Json:
    """Mark a record as complete, or say what is left."""
    try:
        left = consultations.complete(db.session(), setup().policy, actor(), record, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    return {"left": list(left), "is_complete": not left}


@desk.post("/records/marks")
@needs(Permission.WRITE_RECORDS)
def marks() -> list[Json]:
    """What in a text could say who somebody is. Nothing is stored, and no database is asked."""
    sent = request.get_json(silent=True)
    note = sent.get("note") if isinstance(sent, dict) else None
    if not isinstance(note, str):
        abort(HTTPStatus.BAD_REQUEST)
    found = identities(note[:_LONGEST_CHECKED], setup().policy.municipalities.words)
    return [
        {
            "begin": one.begin,
            "end": one.end,
            "kind": one.kind,
            "label": str(FOUND[one.kind]),
            "is_certain": one.certainty is Certainty.CERTAIN,
            "blocks": holds_personal_number((one,)),
        }
        for one in found
    ]


@desk.get("/records/token")
@needs(Permission.WRITE_RECORDS)
@asks_by_itself
def token() -> Json:
    """Who is signed in, and what their pages prove themselves by: asked by a page whose session has ended."""
    return {"token": generate_csrf(), "account": actor().account_id}


@desk.get("/records/mine")
@needs(Permission.TAKE_CALLS)
@asks_by_itself
def mine() -> Response:
    """Whether a call became mine since. ``since``: what the last answer said; without it, that it just became mine.

    ``stay``: the page is looked at. It keeps its reader signed in while calls come to them.
    """
    now, asking = datetime.now(UTC), actor()
    begin_read_only(db.session())
    found = record_pages.live(db.session(), asking)
    since = request.args.get("since", "")
    known = int(since) if since.isascii() and since.isdecimal() and len(since) < len("1" * 18) else None
    latest = max(found.attempt if found else 0, known or 0)
    is_news = found is not None and _is_news(found, known, now)
    stays = "stay" in request.args and is_on_call(db.session(), setup().policy, asking, now)
    db.session.rollback()
    if stays:
        stay_signed_in(now)
    return conditional({"since": latest, "record": found.record if found and is_news else None})


def _is_news(taken: Live, known: int | None, now: datetime) -> bool:
    if known is not None:
        return taken.attempt > known
    return record_pages.opens_by_itself(db.session(), actor(), taken, now)


def _frame(record: int) -> tuple[Consultation, Form]:
    try:
        return record_pages.frame_of(db.session(), setup().policy, actor(), record)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _refused(form: Form, refused: RejectedInput) -> Json:
    sent = request.get_json()["fields"]
    return {
        "state": "refused",
        "errors": [
            {"field": one.key, "words": why_not(form, one.key, sent.get(one.key, []))} for one in refused.problems
        ],
    }
