"""Training occasions are noted, changed and deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.gathered import training as services
from app.services.gathered.training import Noted
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.gathered.training_forms import TrainingForm
from app.web.desk.stale import changes_between
from app.web.desk.tokens import version_of
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

_FIELDS = ("held_on", "kind", "participants", "hours", "services", "place")


@desk.get("/training/new")
@needs(Permission.WRITE_TRAINING)
def new_training() -> str:
    """A form for an occasion."""
    day = today(datetime.now(UTC))
    form = TrainingForm().prepared(day)
    form.held_on.data = day
    return _page(form)


@desk.post("/training/new")
@needs(Permission.WRITE_TRAINING)
def add_training() -> Response | tuple[str, int]:
    """Note it."""
    now = datetime.now(UTC)
    form = TrainingForm().prepared(today(now))
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    typed = form.typed()
    services.add(db.session(), setup().policy, actor(), typed, form.token.data, today(now), now)
    db.session.commit()
    return _back(gettext("The occasion is noted."), typed.held_on.year)


@desk.get("/training/<int(max=2147483647):training>/edit")
@needs(Permission.WRITE_TRAINING)
def edit_training(training: int) -> str:
    """A form for what stands there."""
    begin_read_only(db.session())
    found = _noted(training)
    return _page(TrainingForm().prepared(today(datetime.now(UTC)), found).shows(found), found)


@desk.post("/training/<int(max=2147483647):training>/edit")
@needs(Permission.WRITE_TRAINING)
def save_training(training: int) -> Response | tuple[str, int]:
    """Store what was changed, unless somebody else was quicker."""
    now, found = datetime.now(UTC), _noted(training)
    form = TrainingForm().prepared(today(now), found)
    if not form.validate():
        return _page(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Noted(training, form.seen_version, form.typed())
    met = services.save(db.session(), setup().policy, actor(), wanted, today(now), now)
    db.session.commit()
    if met is not None:
        theirs = TrainingForm(formdata=None).prepared(today(now), met.now).shows(met.now)
        form.version.data = str(met.now.version)
        return _page(form, met.now, changes_between(form, theirs, _FIELDS, met.by)), HTTPStatus.CONFLICT
    return _back(gettext("Saved."), wanted.occasion.held_on.year)


@desk.post("/training/<int(max=2147483647):training>/delete")
@needs(Permission.WRITE_TRAINING)
def delete_training(training: int) -> Response | tuple[str, int]:
    """Delete it, as it was shown."""
    now, found, seen = datetime.now(UTC), _noted(training), version_of(request.form.get("version"))
    met = services.delete(db.session(), actor(), training, seen, now)
    db.session.commit()
    if met is not None:
        form = TrainingForm(formdata=None).prepared(today(now), met.now).shows(met.now)
        form.form_errors.append(gettext("Somebody else changed it meanwhile. Read it again before you delete it."))
        return _page(form, met.now), HTTPStatus.CONFLICT
    return _back(gettext("The occasion is deleted."), found.occasion.held_on.year)


def _page(form: TrainingForm, noted: Noted | None = None, stale: Sequence[dict[str, str]] = ()) -> str:
    return render_template("desk/training_form.html", form=form, noted=noted, stale=stale)


def _noted(training: int) -> Noted:
    try:
        return services.noted(db.session(), actor(), training)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _back(words: str, year: int) -> Response:
    flash(words, "success")
    return redirect(url_for("desk.training", year=year), code=HTTPStatus.SEE_OTHER)
