"""Notes on gaps and good examples are written, changed and deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.services.gathered import observations as services
from app.services.gathered.observations import Noted
from app.storage.base import db
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.gathered.observation_forms import ObservationForm
from app.web.desk.stale import changes_between
from app.web.desk.tokens import version_of
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

_FIELDS = ("code", "note", "service", "county")


@desk.get("/observations/new")
@needs(Permission.WRITE_OBSERVATIONS)
def new_observation() -> str:
    """A form for a note."""
    return _page(ObservationForm().prepared())


@desk.post("/observations/new")
@needs(Permission.WRITE_OBSERVATIONS)
def add_observation() -> Response | tuple[str, int]:
    """Keep it, once its words have been looked through."""
    now, form = datetime.now(UTC), ObservationForm().prepared()
    is_whole, marks = form.validate(), form.refuses()
    if not is_whole or form.note.errors or marks:
        return _page(form, marks=marks), HTTPStatus.UNPROCESSABLE_ENTITY
    services.add(db.session(), setup().policy, actor(), form.typed(today(now)), form.token.data, now)
    db.session.commit()
    return _back(gettext("The note is kept."), today(now).year)


@desk.get("/observations/<int(max=2147483647):observation>/edit")
@needs(Permission.WRITE_OBSERVATIONS)
def edit_observation(observation: int) -> str:
    """A form for what stands there."""
    found = _noted(observation)
    page = _page(ObservationForm().prepared(found).shows(found), found)
    db.session.commit()
    return page


@desk.post("/observations/<int(max=2147483647):observation>/edit")
@needs(Permission.WRITE_OBSERVATIONS)
def save_observation(observation: int) -> Response | tuple[str, int]:
    """Store what was changed, unless somebody else was quicker."""
    now, found = datetime.now(UTC), _noted(observation)
    form = ObservationForm().prepared(found)
    is_whole, marks = form.validate(), form.refuses()
    if not is_whole or form.note.errors or marks:
        return _page(form, found, marks=marks), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Noted(observation, form.seen_version, form.typed(found.observation.noted_on))
    met = services.save(db.session(), setup().policy, actor(), wanted, now)
    db.session.commit()
    if met is not None:
        theirs = ObservationForm(formdata=None).prepared(met.now).shows(met.now)
        form.version.data = str(met.now.version)
        return _page(form, met.now, stale=changes_between(form, theirs, _FIELDS, met.by)), HTTPStatus.CONFLICT
    return _back(gettext("Saved."), wanted.observation.noted_on.year)


@desk.post("/observations/<int(max=2147483647):observation>/delete")
@needs(Permission.WRITE_OBSERVATIONS)
def delete_observation(observation: int) -> Response | tuple[str, int]:
    """Delete it, as it was shown."""
    now, seen = datetime.now(UTC), version_of(request.form.get("version"))
    try:
        met = services.delete(db.session(), actor(), observation, seen, now)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    if met is not None:
        form = ObservationForm(formdata=None).prepared(met.now).shows(met.now)
        form.form_errors.append(gettext("Somebody else changed it meanwhile. Read it again before you delete it."))
        return _page(form, met.now), HTTPStatus.CONFLICT
    return _back(gettext("The note is deleted."), None)


def _page(
    form: ObservationForm,
    noted: Noted | None = None,
    *,
    marks: Sequence[str] = (),
    stale: Sequence[dict[str, str]] = (),
) -> str:
    return render_template("desk/observation_form.html", form=form, noted=noted, marks=marks, stale=stale)


def _noted(observation: int) -> Noted:
    """What stands there. It is read, so the request ends with a commit."""
    try:
        return services.noted(db.session(), actor(), observation, datetime.now(UTC))
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _back(words: str, year: int | None) -> Response:
    flash(words, "success")
    return redirect(url_for("desk.observations", year=year), code=HTTPStatus.SEE_OTHER)
