"""The page of one record, and what it sends without a script: one form, saved by a button."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.cases import CHECK_TABLE
from app.domain.errors import NotFound, RejectedInput
from app.domain.permissions import Permission, allowed
from app.domain.taxonomy import NOTE
from app.services.callback import callback_by_hand
from app.services.record import by_hand, consultations, record_pages
from app.services.record.consultations import Conflict, Edit
from app.storage.base import db
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.case.case_words import TOO_FEW, WRONG_DIGITS
from app.web.desk.record.case_panel import may_follow_up, panel_of
from app.web.desk.record.record_saving import theirs_in_words
from app.web.desk.record.record_shown import ASIDES, page_of
from app.web.desk.record_answers import changes_of
from app.web.desk.record_words import ATTEMPTS, CHANNELS, COMPETENCES, FOUND, OUTCOMES, REFUSED, SPOKEN, why_not
from app.web.desk.stale import digest
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from werkzeug import Response

    from app.services.record.consultations import Saved
    from app.web.desk.record.case_panel import Answered
    from app.web.desk.record_answers import Tokens

COMPLETE = "complete"
_WORDS = {
    "attempts": ATTEMPTS,
    "channels": CHANNELS,
    "competences": COMPETENCES,
    "found": FOUND,
    "outcomes": OUTCOMES,
    "spoken": SPOKEN,
}


@desk.get("/records/<int(max=2147483647):record>")
@needs(Permission.READ_RECORDS)
def record(record: int) -> str:
    """The record: to be filled in, or to be read."""
    return page(record)


@desk.post("/records/<int(max=2147483647):record>")
@needs(Permission.WRITE_RECORDS)
def save_record(record: int) -> Response | tuple[str, int]:
    """What the form sends without a script: only what was changed in it is saved."""
    then = request.form.get("then", "")
    refused = stored_form(record, then)
    if refused is not None:
        return refused
    flash(gettext("Marked as complete.") if then == COMPLETE else gettext("Saved."), "success")
    return redirect(url_for("desk.record", record=record), code=HTTPStatus.SEE_OTHER)


def stored_form(record: int, then: str) -> tuple[str, int] | None:
    """Store what the record's form sends, and commit; where not all of it can be stored, the page that says so.

    ``then``: ``COMPLETE`` marks the record as complete.
    """
    now, policy = datetime.now(UTC), setup().policy
    note = request.form.get(NOTE)
    if not request.form.get("version", "").isdecimal() or len(request.form["version"]) > len("2147483647") - 1:
        abort(HTTPStatus.BAD_REQUEST)
    # What nobody touched here follows the record: sent along, it would undo what others did meanwhile.
    changed = {key: words for key, words in _typed().items() if words != request.form.getlist(f"was-{key}")}
    if note is not None and digest(_one_line_end(note)) == request.form.get(f"was-{NOTE}"):
        note = None
    try:
        edit = Edit(changes_of(policy.taxonomy, changed), note)
        done = consultations.save(db.session(), policy, actor(), record, edit, int(request.form["version"]), now)
        wants_complete = then == COMPLETE and _is_all_saved(done)
        left = consultations.complete(db.session(), policy, actor(), record, now) if wants_complete else ()
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except RejectedInput as refused:
        db.session.rollback()
        return _refused(record, refused, changed, note)
    db.session.commit()
    if isinstance(done, Conflict):
        return page(record, typed=changed, note=note, met=done), HTTPStatus.CONFLICT
    errors = _errors(done, left)
    if errors:
        return page(record, typed=changed, note=note, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    return None


def _is_all_saved(done: Saved | Conflict) -> bool:
    """Nobody looks again at a record that is complete: what wasn't saved would be lost."""
    return not isinstance(done, Conflict) and not done.note_refused


def _refused(record: int, refused: RejectedInput, typed: Tokens, note: str | None) -> tuple[str, int]:
    _, form = record_pages.frame_of(db.session(), setup().policy, actor(), record)
    errors = {one.key: [why_not(form, one.key, typed.get(one.key, []))] for one in refused.problems}
    db.session.rollback()
    return page(record, typed=typed, note=note, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY


def _errors(done: Saved, left: Any) -> Mapping[str, list[str]]:  # noqa: ANN401 - keys of groups, in order
    errors = {key: [gettext("Still needs an answer.")] for key in left}
    return {**errors, NOTE: [str(REFUSED[done.note_refused])]} if done.note_refused else errors


def page(
    record: int,
    *,
    typed: Tokens | None = None,
    note: str | None = None,
    errors: Mapping[str, list[str]] | None = None,
    met: Conflict | None = None,
    case: Answered | None = None,
) -> str:
    """The record's page, noted as read. What was sent and isn't stored stands in it, and what is wrong with it."""
    now, policy, asking = datetime.now(UTC), setup().policy, actor()
    try:
        opened = consultations.open_for(db.session(), policy, asking, record, now)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    zone = zone_of(opened.form.line.key)
    shown = page_of(opened, zone, typed=typed, note=note, errors=errors)
    call = record_pages.call_beside(db.session(), policy, asking, opened.consultation)
    may_write = allowed(asking, Permission.WRITE_RECORDS)
    may_note_back = may_write and callback_by_hand.why_not(db.session(), policy, asking, record, now) is None
    panel = panel_of(opened.consultation, now, case)
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    return render_template(
        "desk/record.html",
        page=shown,
        call=call,
        case=panel,
        may_follow_up=may_follow_up(),
        digits=CHECK_TABLE,
        reference_words={"few": TOO_FEW, "wrong": WRONG_DIGITS},
        may_write=may_write,
        may_note_back=may_note_back,
        may_observe=allowed(asking, Permission.WRITE_OBSERVATIONS),
        may_withdraw=by_hand.may_withdraw(asking, opened.consultation),
        account=asking.account_id,
        stale=theirs_in_words(opened.form, met, typed or {}, note or "") if met else (),
        now=language.clock(now, zone),
        words=_WORDS,
        asides=ASIDES,
    )


def _typed() -> Tokens:
    """What stands in the form, by group. A group that the form didn't show isn't there."""
    shown = request.form.getlist("shown")
    asked = [key for key in setup().policy.taxonomy.groups if key in shown]
    return {key: [word for word in request.form.getlist(key) if word] for key in asked}


def _one_line_end(note: str) -> str:
    """Browsers send two signs for one line end."""
    return note.replace("\r\n", "\n")
