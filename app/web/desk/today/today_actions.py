"""What the first page's forms do: pause, take calls again, say what was done about a call."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request
from flask_babel import gettext

from app.domain.errors import Conflict, NoSpecialist, NotFound
from app.domain.missed_calls import DealtAs
from app.domain.permissions import Permission
from app.domain.today import PauseReason
from app.services.line import missed_calls
from app.services.line.missed_calls import AlreadyDealt
from app.services.today import own_state
from app.services.today.own_state import PauseChanged
from app.services.today.today_duty import duty_now
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.today.pages import page
from app.web.desk.today.today_forms import DealtForm, PauseForm, seen_pause
from app.web.desk.today.today_shown import Typed
from app.web.desk.wall_clocks import zone_of
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response


@desk.post("/today/pause")
@needs(Permission.TAKE_CALLS)
def pause() -> Response | tuple[str, int]:
    """Take no calls from now on."""
    now, asking, form = datetime.now(UTC), actor(), PauseForm()
    is_whole = form.validate()
    until = form.ends(now, zone_of(min(asking.lines))) if asking.lines else None
    if not is_whole or form.until.errors:
        return _again(Typed(pause=form), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        reason, seen = PauseReason(form.reason.data), seen_pause(form.seen.data)
        own_state.pause(db.session(), setup().policy, asking, reason, until, seen=seen, now=now)
    except PauseChanged as changed:
        return _again(Typed(pause=form, changed=changed), HTTPStatus.CONFLICT)
    except Conflict:
        return _again(Typed(pause=form), HTTPStatus.CONFLICT)
    alone = _left_alone(now)
    db.session.commit()
    if alone:
        flash(gettext("You take no calls now, and nobody else is left: %(lines)s.", lines=alone), "warning")
    else:
        flash(gettext("You take no calls now."), "success")
    return redirect("/", code=HTTPStatus.SEE_OTHER)


@desk.post("/today/resume")
@needs(Permission.TAKE_CALLS)
def resume() -> Response | tuple[str, int]:
    """Take calls again."""
    try:
        seen = seen_pause(request.form.get("seen"))
        had_paused = own_state.resume(db.session(), actor(), seen=seen, now=datetime.now(UTC))
    except PauseChanged as changed:
        return _again(Typed(changed=changed), HTTPStatus.CONFLICT)
    except NoSpecialist:
        return _again(Typed(), HTTPStatus.CONFLICT)
    db.session.commit()
    flash(gettext("You take calls again.") if had_paused else gettext("You take calls already."), "success")
    return redirect("/", code=HTTPStatus.SEE_OTHER)


@desk.post("/today/calls/<int(max=2147483647):call>")
@needs(Permission.DEAL_WITH_CALLS)
def deal_with(call: int) -> Response | tuple[str, int]:
    """Say what was done about a call that nobody took."""
    form = DealtForm(prefix=f"call-{call}-")
    try:
        missed_calls.missed(db.session(), actor(), call)
        if not form.validate():
            return _again(Typed(call=call, dealt=form), HTTPStatus.UNPROCESSABLE_ENTITY)
        missed_calls.deal_with(db.session(), actor(), call, DealtAs(form.dealt_as.data), datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except AlreadyDealt as quicker:
        return _again(Typed(already=quicker.dealt), HTTPStatus.CONFLICT)
    db.session.commit()
    flash(gettext("Noted. The call is dealt with."), "success")
    return redirect("/", code=HTTPStatus.SEE_OTHER)


def _again(typed: Typed, status: HTTPStatus) -> tuple[str, int]:
    """The page as it is now, with what was sent and what came of it. Nothing of it is stored."""
    db.session.rollback()
    begin_read_only(db.session())
    return page(actor(), datetime.now(UTC), typed), status


def _left_alone(now: datetime) -> str:
    """The lines of the reader that nobody answers now, and until when."""
    asking = actor()
    duty = duty_now(db.session(), setup().policy, asking, now)
    return ", ".join(
        gettext("%(line)s until %(time)s", line=one.line.name, time=language.clock(one.gap_until, one.zone))
        for one in duty.lines
        if one.gap_until and any(person.staff == asking.staff_id for person in one.people)
    )
