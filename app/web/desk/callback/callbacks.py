"""Ringing back: the list of those who wait, one of them, and what a specialist does about it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from app.domain.callbacks import Closing, NotNow
from app.domain.errors import NotFound, Unavailable
from app.domain.lines import StaffId
from app.domain.permissions import Permission
from app.services.callback import callback_list, callback_pages
from app.services.callback.ring_back import ring_back
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, asks_by_itself, needs
from app.web.desk.blueprint import desk
from app.web.desk.callback import callback_shown
from app.web.desk.callback.callback_forms import ClosingForm, ExposedForm, PassingForm
from app.web.desk.callback.callback_shown import Action, Forms, Refusal
from app.web.desk.callback.callback_words import BUSY, UNREACHABLE
from app.web.desk.polling import conditional
from app.web.desk.ringing import Busy, place_to_ring
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Response
    from werkzeug import Response as AnyResponse

    from app.services.callback.callback_list import Colleague

    Answer = AnyResponse | tuple[str, int]

_ONE = "/callbacks/<int(max=2147483647):callback>"


@desk.get("/callbacks")
@needs(Permission.RING_BACK)
def callbacks() -> str:
    """Who waits to be rung back, the longest wait first. No number, and nothing of a record."""
    now = datetime.now(UTC)
    begin_read_only(db.session())
    waiting = callback_list.work_list(db.session(), actor(), now)
    return render_template(
        "desk/callbacks.html",
        rows=callback_shown.rows(waiting, now),
        is_cut_off=len(waiting) == callback_list.MOST_LISTED,
    )


@desk.get(_ONE)
@needs(Permission.RING_BACK)
def callback(callback: int) -> str:
    """One of them."""
    return _page(callback)


@desk.get(f"{_ONE}/ringing")
@needs(Permission.RING_BACK)
@asks_by_itself
def ringing(callback: int) -> Response:
    """How the try that goes on stands; asked by its page every few seconds."""
    begin_read_only(db.session())
    try:
        opened = callback_pages.look_at(db.session(), setup().policy, actor(), callback, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    live = callback_shown.live(opened)
    panel = render_template("desk/_callback_ringing.html", live=live) if live else ""
    return conditional({"is_over": live is None, "said": live.said if live else "", "panel": panel})


@desk.post(f"{_ONE}/ring")
@needs(Permission.RING_BACK)
def ring(callback: int) -> Answer:
    """My phone, and then the caller's."""

    def order(now: datetime) -> None:
        known = setup()
        with place_to_ring():
            ring_back(db.session(), known.policy, actor(), callback, known.telephone, now, public_url=known.public_url)

    return _done(callback, Action.RING, order, "")


@desk.post(f"{_ONE}/take")
@needs(Permission.RING_BACK)
def take_callback(callback: int) -> Answer:
    """It is mine."""
    said = gettext("You have it now. Nobody else rings while you have it, for four hours.")
    return _done(callback, Action.TAKE, lambda now: callback_list.take(db.session(), actor(), callback, now), said)


@desk.post(f"{_ONE}/give-back")
@needs(Permission.RING_BACK)
def give_callback_back(callback: int) -> Answer:
    """Anybody may have it."""
    said = gettext("Nobody has it now: anybody of the line may take it.")
    return _done(
        callback, Action.GIVE_BACK, lambda now: callback_list.give_back(db.session(), actor(), callback, now), said
    )


@desk.post(f"{_ONE}/pass-on")
@needs(Permission.RING_BACK)
def pass_callback_on(callback: int) -> Answer:
    """Somebody else is to have it."""
    form = PassingForm()
    form.offers(_colleagues(callback))
    if not form.validate_on_submit():
        return _page(callback, forms=Forms(passing=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    to = StaffId(form.colleague.data)
    said = gettext("It is handed on. Your colleague finds it in the list of call-backs.")
    return _done(
        callback, Action.PASS_ON, lambda now: callback_list.pass_on(db.session(), actor(), callback, to, now), said
    )


@desk.post(f"{_ONE}/close")
@needs(Permission.RING_BACK)
def close_callback(callback: int) -> Answer:
    """It is over."""
    form = ClosingForm()
    if not form.validate_on_submit():
        return _page(callback, forms=Forms(closing=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    how = Closing(form.closing.data)
    said = gettext("It is closed, and the number is erased.")
    return _done(
        callback, Action.CLOSE, lambda now: callback_list.close(db.session(), actor(), callback, how, now), said
    )


@desk.post(f"{_ONE}/exposed")
@needs(Permission.RING_BACK)
def note_exposed(callback: int) -> Answer:
    """It is an exposed person or a relative, who may be rung in these hours or never."""
    form = ExposedForm()
    if not form.validate_on_submit():
        return _page(callback, forms=Forms(exposed=form)), HTTPStatus.UNPROCESSABLE_ENTITY
    safe = form.hours
    said = gettext("Noted: safe in these hours alone.") if safe else gettext("Noted: it is never rung.")
    return _done(
        callback,
        Action.EXPOSED,
        lambda now: callback_list.note_exposed(db.session(), actor(), callback, safe, now, seen=form.seen.data or ""),
        said,
        Forms(exposed=form),
    )


def _colleagues(callback: int) -> Sequence[Colleague]:
    try:
        return callback_list.colleagues(db.session(), actor(), callback)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _done(
    callback: int, action: Action, change: Callable[[datetime], object], said: str, forms: Forms | None = None
) -> Answer:
    """Do it and show the page anew; or say by the button why not, and keep what was typed."""
    try:
        change(datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    except NotNow as refused:
        db.session.rollback()
        return _page(callback, refusal=Refusal(action, why=refused.why), forms=forms), HTTPStatus.CONFLICT
    except Unavailable as error:
        db.session.rollback()
        words = BUSY if isinstance(error, Busy) else UNREACHABLE
        return _page(callback, refusal=Refusal(action, words=str(words))), HTTPStatus.SERVICE_UNAVAILABLE
    db.session.commit()
    if said:
        flash(said, "success")
    return redirect(url_for("desk.callback", callback=callback), code=HTTPStatus.SEE_OTHER)


def _page(callback: int, *, refusal: Refusal | None = None, forms: Forms | None = None) -> str:
    now, policy, asking = datetime.now(UTC), setup().policy, actor()
    try:
        opened = callback_pages.open_one(db.session(), policy, asking, callback, now)
        page = callback_shown.page_of(opened, now, refusal=refusal)
        people = _colleagues(callback) if Action.PASS_ON in page.actions else ()
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    # Whoever reads is in the log before they see anything.
    db.session.commit()
    return render_template(
        "desk/callback.html",
        page=page,
        live=page.live,
        forms=(forms or Forms()).filled(opened, people, refusal),
    )
