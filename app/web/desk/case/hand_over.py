"""Handing several cases over at once: whose, which, to whom, and why. Nothing of what is in a case stands here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from app.domain.cases import CaseId
from app.domain.errors import NotFound, RejectedInput
from app.domain.lines import StaffId
from app.domain.permissions import Permission, allowed
from app.services.case import cases, hand_overs
from app.storage.base import db
from app.storage.models import Staff
from app.storage.queries.scoped import found
from app.web.desk import ages
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.case.case_forms import HandOverForm
from app.web.desk.case.case_shown import line_name
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from werkzeug import Response as Redirect

    from app.services.case.hand_overs import Holder, NowElsewhere, ToHand

    Answer = Redirect | tuple[str, int]

_LARGEST_ID = 2**31 - 1
_ALL, _NONE = "all", "none"


@dataclass
class _Sent:
    """What came with a form, and what stood in its way."""

    form: HandOverForm | None = None
    ticked: frozenset[CaseId] = frozenset()
    elsewhere: Sequence[NowElsewhere] = ()
    """Those that somebody else has by now, or that have ended."""
    error: str = field(default="")
    """What is wrong with what was ticked."""


@desk.get("/hand-over")
@needs(Permission.MOVE_CASES)
def hand_over() -> str:
    """Whose cases, and which."""
    return _page(_whose(request.args.get("from")), _Sent())


@desk.post("/hand-over")
@needs(Permission.MOVE_CASES)
def hand_cases_over() -> Answer:
    """Hand over what is ticked; or tick all, or none, and show the page again with all that was typed."""
    now, whose, form = datetime.now(UTC), _whose(request.form.get("whose")), HandOverForm()
    if whose is None:
        abort(HTTPStatus.BAD_REQUEST)
    ticked, then = _ticked(), request.form.get("then", "")
    if then in {_ALL, _NONE}:
        shown, _ = hand_overs.cases_of(db.session(), setup().policy, actor(), whose, now)
        return _page(whose, _Sent(form, frozenset(one.id for one in shown if then == _ALL))), HTTPStatus.OK
    _offer(form, whose, now)
    is_valid = form.validate_on_submit()
    error = "" if ticked else gettext("Tick the cases that are to be handed over.")
    if error or not is_valid:
        return _page(whose, _Sent(form, ticked, error=error)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        changed = cases.hand_over(db.session(), setup().policy, actor(), ticked, form.asked(whose), now)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except RejectedInput as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(whose, _Sent(form, ticked)), HTTPStatus.UNPROCESSABLE_ENTITY
    except cases.ChangedMeanwhile as met:
        db.session.rollback()
        elsewhere = hand_overs.now_elsewhere(db.session(), actor(), met.cases)
        return _page(whose, _Sent(form, ticked - set(met.cases), elsewhere)), HTTPStatus.CONFLICT
    db.session.commit()
    taker = found(db.session(), Staff, form.to.data, actor()).alias
    flash(
        ngettext(
            "One case is handed over to %(who)s.", "%(num)d cases are handed over to %(who)s.", len(changed), who=taker
        ),
        "success",
    )
    return redirect(url_for("desk.hand_over"), code=HTTPStatus.SEE_OTHER)


def _whose(asked: str | None) -> StaffId | None:
    """Whose cases are looked at: the one who is asked for, else, of whoever hands over their own alone, theirs."""
    own = None if allowed(actor(), Permission.HAND_OVER) else actor().staff_id
    if not asked:
        return own
    try:
        whose = StaffId(found(db.session(), Staff, asked, actor()).id)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    return whose if hand_overs.may_choose(actor(), whose) else abort(HTTPStatus.NOT_FOUND)


def _ticked() -> frozenset[CaseId]:
    sent = (
        one
        for one in request.form.getlist("case")
        if one.isascii() and one.isdecimal() and len(one) <= len("2147483647")
    )
    return frozenset(CaseId(int(one)) for one in sent if int(one) <= _LARGEST_ID)


def _offer(form: HandOverForm, whose: StaffId, now: datetime) -> None:
    open_ones = hand_overs.lines_of(db.session(), actor(), whose)
    lines = open_ones or actor().lines
    form.offers(hand_overs.takers(db.session(), actor(), lines, now), whose, open_ones, _zone())


def _page(whose: StaffId | None, sent: _Sent) -> str:
    now, asking = datetime.now(UTC), actor()
    chooses = allowed(asking, Permission.HAND_OVER)
    people = hand_overs.holders(db.session(), asking, now) if chooses else ()
    form = sent.form or HandOverForm(formdata=None)
    shown: Sequence[ToHand] = ()
    is_cut_off, alias = False, ""
    if whose is not None:
        _offer(form, whose, now)
        alias = found(db.session(), Staff, whose, asking).alias
        shown, is_cut_off = hand_overs.cases_of(db.session(), setup().policy, asking, whose, now)
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    return render_template(
        "desk/hand_over.html",
        people=[_person(one, now) for one in people],
        chooses=chooses,
        whose=whose,
        alias=alias,
        is_mine=whose is not None and whose == asking.staff_id,
        rows=[_row(one, now) for one in shown],
        is_cut_off=is_cut_off,
        form=form,
        ticked=sent.ticked,
        elsewhere=sent.elsewhere,
        error=sent.error,
    )


def _person(one: Holder, now: datetime) -> Mapping[str, object]:
    until = ages.when(one.absent_until, now, _zone()) if one.absent_until else ""
    return {"one": one, "until": until}


def _row(one: ToHand, now: datetime) -> Mapping[str, object]:
    zone = zone_of(one.line)
    return {"one": one, "line": line_name(one.line), "age": ages.ago(one.opened_at, now, zone), "zone": zone}


def _zone() -> ZoneInfo:
    """The wall clock of the reader's lines."""
    return zone_of(min(actor().lines & setup().policy.schedules.keys()))
