"""Coordinators keep the list of referrals: change, add, retire, put back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import format_date, gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.help import referrals
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web import language
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.help.referral_forms import ReferralForm
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from werkzeug import Response

    from app.domain.referrals import Referral
    from app.services.help.referrals import Stale

_TEXTS = ("name", "number", "hours", "whom", "note")


@desk.get("/referrals/new")
@needs(Permission.EDIT_REFERRALS)
def new_referral() -> str:
    """A form for an entry of one's own."""
    begin_read_only(db.session())
    form = ReferralForm(position=referrals.next_position(db.session(), setup().policy.referrals, actor()))
    return render_template("desk/referral_form.html", form=form, entry=None, stale=())


@desk.post("/referrals/new")
@needs(Permission.EDIT_REFERRALS)
def add_referral() -> Response | tuple[str, int]:
    """Add it."""
    now, form = datetime.now(UTC), ReferralForm()
    form.today = today(now)
    if not form.validate():
        page = render_template("desk/referral_form.html", form=form, entry=None, stale=())
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    referrals.add(db.session(), actor(), form.typed(), now)
    db.session.commit()
    return _back(gettext("Added."))


@desk.get("/referrals/<key>/edit")
@needs(Permission.EDIT_REFERRALS)
def edit_referral(key: str) -> str:
    """A form for an entry."""
    begin_read_only(db.session())
    found = _entry(key)
    words = {name: getattr(found.words, name) for name in _TEXTS}
    form = ReferralForm(**words, position=found.position, verified_on=found.verified_on, version=str(found.version))
    return render_template("desk/referral_form.html", form=form, entry=found, stale=())


@desk.post("/referrals/<key>/edit")
@needs(Permission.EDIT_REFERRALS)
def save_referral(key: str) -> Response | tuple[str, int]:
    """Store what was changed, unless somebody else was quicker."""
    now, form, shipped = datetime.now(UTC), ReferralForm(), setup().policy.referrals
    form.today = today(now)
    found = _entry(key)
    if not form.validate():
        page = render_template("desk/referral_form.html", form=form, entry=found, stale=())
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    met = referrals.save(
        db.session(),
        shipped,
        actor(),
        key,
        form.typed(),
        language.spoken(),
        now,
    )
    db.session.commit()
    if met is not None:
        form.version.data = str(met.now.version)
        page = render_template("desk/referral_form.html", form=form, entry=found, stale=_changes(form, met))
        return page, HTTPStatus.CONFLICT
    return _back(gettext("Saved."))


@desk.post("/referrals/<key>/retire")
@needs(Permission.EDIT_REFERRALS)
def retire_referral(key: str) -> Response:
    """Take an entry off the list."""
    _do(referrals.retire, key)
    return redirect(url_for("desk.referrals", undo=key), code=HTTPStatus.SEE_OTHER)


@desk.post("/referrals/<key>/restore")
@needs(Permission.EDIT_REFERRALS)
def restore_referral(key: str) -> Response:
    """Put it back."""
    _do(referrals.restore, key)
    return _back(gettext("Put back."))


@desk.post("/referrals/<key>/reset")
@needs(Permission.EDIT_REFERRALS)
def reset_referral(key: str) -> Response:
    """Have it say again what the program says."""
    _do(referrals.reset, key)
    return _back(gettext("The shipped text stands there again."))


def _do(change: Callable[..., None], key: str) -> None:
    try:
        change(db.session(), setup().policy.referrals, actor(), key, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()


def _entry(key: str) -> Referral:
    try:
        return referrals.entry(db.session(), setup().policy.referrals, actor(), key, language.spoken())
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _back(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("desk.referrals"), code=HTTPStatus.SEE_OTHER)


def _changes(form: ReferralForm, met: Stale[Referral]) -> Sequence[dict[str, str]]:
    theirs = {name: getattr(met.now.words, name) for name in _TEXTS}
    theirs |= {"verified_on": met.now.verified_on, "position": met.now.position}
    return changes_of(form, theirs, met.by)


def changes_of(form: ReferralForm, theirs: dict[str, object], by: str) -> Sequence[dict[str, str]]:
    """Where what stands there differs from what was typed, for the page."""
    return [
        {
            "label": str(form[name].label.text),
            "who": by or gettext("Somebody"),
            "theirs": _written(value),
            "yours": _written(form[name].data),
        }
        for name, value in theirs.items()
        if value != form[name].data
    ]


def _written(value: object) -> str:
    if isinstance(value, date):
        return str(format_date(value, "d MMMM y"))
    return str(value) if value else gettext("nothing")
