"""What the panel "Case" of a record sends: open one, put the record into one, take it out again.

Without a script the record's own form comes along, and is stored first. A script sends the panel's part alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext

from app.domain.cases import CHECK_TABLE, typed_reference
from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.followups import WITHIN_DAYS
from app.domain.permissions import Permission
from app.services.case import cases, followups
from app.services.record import record_pages
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.case.case_words import TOO_FEW, UNKNOWN, WRONG_DIGITS
from app.web.desk.record.case_panel import Answered, panel_of
from app.web.desk.record.pages import page, stored_form
from app.web.setup import setup

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString
    from werkzeug import Response as Redirect

    Answer = Redirect | tuple[str, int] | tuple[dict[str, Any], int]

_WHERE = "/records/<int(max=2147483647):record>/case"
_LONGEST_TYPED = 40
_DIGITS = 7


class Press(StrEnum):
    """Which button."""

    OPEN = "open"
    JOIN = "join"
    LEAVE = "leave"
    PROMISE = "promise"
    """A follow-up; a case is opened along with it."""
    ENTER = "enter"
    """None: somebody pressed Enter in a field of the page. Then what is typed is stored."""


_OPENED: Final = lazy_gettext("The record is in a case. Read its reference to the caller.")
_JOINED: Final = lazy_gettext("The record is in the case.")
_LEFT: Final = lazy_gettext("The record is in no case any more.")
_PROMISED: Final = lazy_gettext("The follow-up is promised. Read the reference of the case to the caller.")
_SAVED: Final = lazy_gettext("Saved.")
_NO_SUCH_DAYS: Final = lazy_gettext("A follow-up is promised within 1 to 14 days.")
_ELSEWHERE: Final = lazy_gettext("The record is in another case already. Take it out of that one first.")
_CONFLICTS: Final = {
    Press.OPEN: lazy_gettext("Nobody has held this consultation, so nobody would be responsible for the case."),
    Press.PROMISE: lazy_gettext("No follow-up can be promised: nobody held the consultation, or its case has ended."),
    Press.LEAVE: lazy_gettext(
        "The record stays: a follow-up was promised in it, or it is the only one of the case. End the case instead."
    ),
}


@desk.get(_WHERE)
@needs(Permission.FOLLOW_UP)
def back_to_record(record: int) -> Redirect:
    """To the record, for whoever loads the address of the panel again."""
    begin_read_only(db.session())
    _assert_there(record)
    return redirect(url_for("desk.record", record=record), code=HTTPStatus.SEE_OTHER)


@desk.post(_WHERE)
@needs(Permission.FOLLOW_UP)
def record_case(record: int) -> Answer:
    """Do what was pressed, and show the record again; a script is answered with the panel alone."""
    _assert_there(record)
    is_script = request.accept_mimetypes.best == "application/json"
    refused = None if is_script or "version" not in request.form else stored_form(record, "save")
    if refused is not None:
        return refused
    press = next((one for one in Press if one == request.form.get("case")), Press.ENTER)
    answered, status = _done(record, press, _typed(), datetime.now(UTC))
    if is_script:
        return _panel(record, answered), status
    if status != HTTPStatus.OK:
        return page(record, case=answered), status
    flash(answered.said, "success")
    return redirect(url_for("desk.record", record=record), code=HTTPStatus.SEE_OTHER)


def _typed() -> Answered:
    """What stands in the panel's fields."""
    reference, days = (request.form.get(name, "")[:_LONGEST_TYPED] for name in ("reference", "days"))
    return Answered(reference, days=days)


def _done(record: int, press: Press, typed: Answered, now: datetime) -> tuple[Answered, HTTPStatus]:
    try:
        said = _do(record, press, typed, now)
    except RejectedInput:
        db.session.rollback()
        return _with_error(typed, press, _why(press, typed.typed)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict:
        db.session.rollback()
        return _with_error(typed, press, str(_CONFLICTS.get(press, _ELSEWHERE))), HTTPStatus.CONFLICT
    db.session.commit()
    return Answered(said=str(said)), HTTPStatus.OK


def _with_error(typed: Answered, press: Press, error: str) -> Answered:
    """What was typed, with what is wrong by the field that it is about."""
    return replace(typed, not_promised=error) if press is Press.PROMISE else replace(typed, error=error)


def _do(record: int, press: Press, typed: Answered, now: datetime) -> LazyString:
    if press is Press.OPEN:
        cases.open_case(db.session(), actor(), record, now)
        return _OPENED
    if press is Press.PROMISE:
        followups.promise(db.session(), actor(), record, now, _days(typed.days))
        return _PROMISED
    if press is Press.LEAVE:
        cases.leave(db.session(), actor(), record, now)
        return _LEFT
    if press is Press.JOIN or typed.typed.strip():
        cases.join(db.session(), actor(), record, typed.typed, now)
        return _JOINED
    return _SAVED


def _days(typed: str) -> int:
    """Within how many days; without a word, two weeks. What is no such number is none of the days to choose from."""
    if not typed:
        return WITHIN_DAYS
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(WITHIN_DAYS)) else 0


def _why(press: Press, typed: str) -> str:
    """What is wrong. A reference that nobody has, and one of others, are the same."""
    if press is Press.PROMISE:
        return str(_NO_SUCH_DAYS)
    if typed_reference(typed) is not None:
        return str(UNKNOWN)
    digits = "".join(sign for sign in typed if sign.isdecimal())
    return str(WRONG_DIGITS if len(digits) == _DIGITS else TOO_FEW)


def _panel(record: int, answered: Answered) -> dict[str, Any]:
    now = datetime.now(UTC)
    consultation, _ = record_pages.frame_of(db.session(), setup().policy, actor(), record)
    panel = panel_of(consultation, now, answered)
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    html = render_template(
        "desk/_record_case.html", page=consultation, case=panel, may_follow_up=True, digits=CHECK_TABLE
    )
    return {"panel": html, "is_done": not (answered.error or answered.not_promised)}


def _assert_there(record: int) -> None:
    try:
        record_pages.frame_of(db.session(), setup().policy, actor(), record)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
