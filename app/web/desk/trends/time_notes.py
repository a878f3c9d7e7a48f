"""Notes on the time axis: the list of them, and writing, changing and deleting one."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission, allowed
from app.services.numbers import time_notes as services
from app.services.numbers.time_notes import Noted
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.stale import changes_between
from app.web.desk.tokens import version_of
from app.web.desk.trends.time_note_forms import TimeNoteForm
from app.web.desk.wall_clocks import today
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from app.domain.time_notes import TimeNote

_FIELDS = ("day", "line", "text")


@desk.get("/trends/notes")
@needs(Permission.SEE_FIGURES)
def time_notes() -> str:
    """All of them, the latest first."""
    begin_read_only(db.session())
    policy, asker = setup().policy, actor()
    may_write = allowed(asker, Permission.WRITE_TIME_NOTES)
    rows = [
        {
            "id": one.id,
            "day": one.note.day,
            "text": one.note.text,
            "line": _line_name(one.note),
            "may_change": may_write and services.may_change(policy, asker, one.note),
        }
        for one in services.listed(db.session(), asker)
    ]
    return render_template("desk/time_notes.html", rows=rows, may_write=may_write)


@desk.get("/trends/notes/new")
@needs(Permission.WRITE_TIME_NOTES)
def new_time_note() -> str:
    """A form for a note."""
    day = today(datetime.now(UTC))
    form = TimeNoteForm().prepared(day)
    form.day.data = day
    return _page(form)


@desk.post("/trends/notes/new")
@needs(Permission.WRITE_TIME_NOTES)
def add_time_note() -> Response | tuple[str, int]:
    """Keep it, once its words have been looked through."""
    now = datetime.now(UTC)
    form = TimeNoteForm().prepared(today(now))
    if not form.validate() or (marks := form.asks()):
        return _page(form, marks=() if form.errors else marks), HTTPStatus.UNPROCESSABLE_ENTITY
    services.add(db.session(), setup().policy, actor(), form.typed(), form.token.data, today(now), now)
    db.session.commit()
    return _back(gettext("The note is kept."))


@desk.get("/trends/notes/<int(max=2147483647):time_note>/edit")
@needs(Permission.WRITE_TIME_NOTES)
def edit_time_note(time_note: int) -> str:
    """A form for what stands there."""
    begin_read_only(db.session())
    found = _noted(time_note)
    return _page(TimeNoteForm().prepared(today(datetime.now(UTC))).shows(found), found)


@desk.post("/trends/notes/<int(max=2147483647):time_note>/edit")
@needs(Permission.WRITE_TIME_NOTES)
def save_time_note(time_note: int) -> Response | tuple[str, int]:
    """Store what was changed, unless somebody else was quicker."""
    now, found = datetime.now(UTC), _noted(time_note)
    form = TimeNoteForm().prepared(today(now))
    if not form.validate() or (marks := form.asks()):
        return _page(form, found, marks=() if form.errors else marks), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Noted(time_note, form.seen_version, form.typed())
    met = services.save(db.session(), setup().policy, actor(), wanted, today(now), now)
    db.session.commit()
    if met is not None:
        theirs = TimeNoteForm(formdata=None).prepared(today(now)).shows(met.now)
        form.version.data = str(met.now.version)
        return _page(form, met.now, stale=changes_between(form, theirs, _FIELDS, met.by)), HTTPStatus.CONFLICT
    return _back(gettext("Saved."))


@desk.post("/trends/notes/<int(max=2147483647):time_note>/delete")
@needs(Permission.WRITE_TIME_NOTES)
def delete_time_note(time_note: int) -> Response | tuple[str, int]:
    """Delete it, as it was shown."""
    now, seen = datetime.now(UTC), version_of(request.form.get("version"))
    try:
        met = services.delete(db.session(), setup().policy, actor(), time_note, seen, now)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    db.session.commit()
    if met is not None:
        form = TimeNoteForm(formdata=None).prepared(today(now)).shows(met.now)
        form.form_errors.append(gettext("Somebody else changed it meanwhile. Read it again before you delete it."))
        return _page(form, met.now), HTTPStatus.CONFLICT
    return _back(gettext("The note is deleted."))


def _line_name(note: TimeNote) -> str:
    """Empty for the whole organisation."""
    line = setup().policy.lines.get(note.line) if note.line is not None else None
    return line.name if line else ""


def _page(
    form: TimeNoteForm,
    noted: Noted | None = None,
    *,
    marks: Sequence[str] = (),
    stale: Sequence[dict[str, str]] = (),
) -> str:
    return render_template("desk/time_note_form.html", form=form, noted=noted, marks=marks, stale=stale)


def _noted(time_note: int) -> Noted:
    try:
        return services.noted(db.session(), setup().policy, actor(), time_note)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)


def _back(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("desk.time_notes"), code=HTTPStatus.SEE_OTHER)
