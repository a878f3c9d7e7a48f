"""The page of one case: what happened in it, and handing it over, ending it, opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.cases import CaseEnd, Reopening
from app.domain.errors import Conflict, NotFound, RejectedInput
from app.domain.lines import LineKey, StaffId
from app.domain.permissions import Permission, allowed
from app.services.case import case_pages, cases, hand_overs
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.case.case_follow_up_shown import Sent, follow_up_in
from app.web.desk.case.case_forms import EndForm, HandOverForm, ReopenForm
from app.web.desk.case.case_shown import page_of
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response as Redirect

    from app.storage.models import Case
    from app.web.desk.case.case_shown import Page

    Answer = Redirect | tuple[str, int]

_ONE = "/cases/<string(length=7):reference>"


@dataclass
class _Sent:
    """What came with a form that wasn't taken; the others are empty."""

    moving: HandOverForm | None = None
    ending: EndForm | None = None
    reopening: ReopenForm | None = None
    refused: str = ""
    """Why what was asked can't be done as things stand now."""


@desk.get(_ONE)
@needs(Permission.SEE_CASES)
def case(reference: str) -> str:
    """One case."""
    return page(reference)


@desk.get(f"{_ONE}/hand-over")
@desk.get(f"{_ONE}/end")
@desk.get(f"{_ONE}/reopen")
@needs(Permission.SEE_CASES)
def back_to_case(reference: str) -> Redirect:
    """To the case, for whoever loads the address of a form again."""
    begin_read_only(db.session())
    _found(reference)
    return _back(reference)


@desk.post(f"{_ONE}/hand-over")
@needs(Permission.MOVE_CASES)
def hand_case_over(reference: str) -> Answer:
    """Somebody else is responsible from now on."""
    now, one, form = datetime.now(UTC), _found(reference), HandOverForm()
    whose = StaffId(request.form.get("whose", ""))
    _offer(form, StaffId(one.staff_id), LineKey(one.line), now)
    if not form.validate_on_submit():
        return page(reference, _Sent(moving=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        cases.hand_over(db.session(), setup().policy, actor(), [one.id], form.asked(whose), now)
    except RejectedInput as refused:
        db.session.rollback()
        form.refuse(refused)
        return page(reference, _Sent(moving=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    except cases.ChangedMeanwhile:
        db.session.rollback()
        words = gettext("Somebody handed the case over or ended it meanwhile. Nothing was handed over now.")
        return page(reference, _Sent(moving=form, refused=words)), HTTPStatus.CONFLICT
    db.session.commit()
    flash(gettext("The case is handed over. Your colleague finds it on Today."), "success")
    return _back(reference)


@desk.post(f"{_ONE}/end")
@needs(Permission.FOLLOW_UP)
def end_case(reference: str) -> Answer:
    """It is over."""
    one, form = _found(reference), EndForm()
    if not form.validate_on_submit():
        return page(reference, _Sent(ending=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        is_done = cases.end(db.session(), actor(), one.id, CaseEnd(form.how.data), datetime.now(UTC))
    except Conflict:
        db.session.rollback()
        words = gettext("A follow-up is promised in this case: do it, or drop it, before the case is ended.")
        return page(reference, _Sent(ending=form, refused=words)), HTTPStatus.CONFLICT
    db.session.commit()
    if is_done:
        flash(gettext("The case is ended. A call with its reference still leads here."), "success")
    else:
        flash(gettext("Somebody had ended the case already; their reason stands."), "warning")
    return _back(reference)


@desk.post(f"{_ONE}/reopen")
@needs(Permission.FOLLOW_UP)
def reopen_case(reference: str) -> Answer:
    """It isn't over after all."""
    one, form = _found(reference), ReopenForm()
    if not form.validate_on_submit():
        return page(reference, _Sent(reopening=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    is_done = cases.reopen(db.session(), actor(), one.id, Reopening(form.why.data), datetime.now(UTC))
    db.session.commit()
    if is_done:
        flash(gettext("The case is open again."), "success")
    else:
        flash(gettext("Somebody had opened the case already."), "warning")
    return _back(reference)


def _found(reference: str) -> Case:
    try:
        return cases.of_digits(db.session(), actor(), reference)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _back(reference: str) -> Redirect:
    return redirect(url_for("desk.case", reference=reference), code=HTTPStatus.SEE_OTHER)


def _offer(form: HandOverForm, whose: StaffId, line: LineKey, now: datetime) -> None:
    zone = setup().policy.schedules[line].hours.zone
    form.offers(hand_overs.takers(db.session(), actor(), {line}, now), whose, {line}, zone)


def page(reference: str, sent: _Sent | None = None, *, follow: Sent | None = None) -> str:
    """The page of a case, noted as read. What was sent and isn't taken stands in it, and what is wrong with it."""
    sent, follow = sent or _Sent(), follow or Sent()
    now, asking = datetime.now(UTC), actor()
    try:
        opened = case_pages.open_one(db.session(), asking, reference, now)
        shown = page_of(opened, now, request.args.get("order", ""))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    moving = _moving(shown, sent, now)
    following = follow_up_in(shown.head, now, follow)
    tried = (sent.moving, sent.ending, sent.reopening, follow.moving, follow.dropping)
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    return render_template(
        "desk/case.html",
        page=shown,
        follow=following,
        moving=moving,
        ending=sent.ending or EndForm(formdata=None),
        reopening=sent.reopening or ReopenForm(formdata=None),
        failed=next((one for one in tried if one and one.errors), None),
        refused=sent.refused or follow.refused,
        reads=allowed(asking, Permission.READ_RECORDS),
        follows_up=allowed(asking, Permission.FOLLOW_UP),
    )


def _moving(page: Page, sent: _Sent, now: datetime) -> HandOverForm | None:
    """The form to hand the case over, for whoever may; and for whoever tried, so that what they wrote isn't lost."""
    head = page.head
    may_move = allowed(actor(), Permission.MOVE_CASES) and hand_overs.may_choose(actor(), head.staff_id)
    if sent.moving is None and (head.ended_at is not None or not may_move):
        return None
    form = sent.moving or HandOverForm(formdata=None)
    _offer(form, head.staff_id, head.line, now)
    return form
