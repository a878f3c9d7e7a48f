"""One page that shows every part that pages are made of, in the real application; for tests and for our own eyes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, g, render_template, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.serving import make_server
from wtforms import BooleanField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.accounts.cookie import signed_in
from app.web.frame import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

STYLE = "/style"
WITH_ERRORS = "/style?wrong=1"
STALE = "/style?stale=1"
TOO_LATE = "/style/late"
FOR_STAFF = "/style/for-staff"
SIGNED_OUT = "/style/signed-out"
BROKEN = "/style/broken"
FORBIDDEN = "/style/forbidden"
ERROR = "/style/error/"
"""Followed by the status of an error page."""

style = Blueprint("style", __name__, template_folder="templates")


class SomeForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A field of each kind."""

    name = StringField("Rubrik", [InputRequired(), Length(max=40)], description="Några ord, så att andra hittar det.")
    time = StringField("Klockslag", [Regexp(r"\d\d:\d\d", message="Skriv timmar och minuter så här: 14:05.")])
    secret = PasswordField("Lösenord", [InputRequired()])
    kind = SelectField("Slag", choices=[SelectChoice("call", "Samtal"), SelectChoice("mail", "Brev")])
    theme = RadioField(
        "Tema",
        [InputRequired()],
        choices=[SelectChoice("a", "Kontroll"), SelectChoice("b", "Hot"), SelectChoice("c", "Bortförande")],
    )
    advice = SelectMultipleField(
        "Råd",
        choices=[SelectChoice("a", "Ring igen"), SelectChoice("b", "Polisanmälan"), SelectChoice("c", "Orosanmälan")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField("Anteckning", [Length(max=30)])
    agreed = BooleanField("Jag har läst det", [InputRequired()])


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    who: str
    theirs: str
    yours: str


@style.before_app_request
def leads_everywhere() -> None:
    g.ways = frozenset(way.path for way in WAYS)


@style.route(STYLE, methods=["GET", "POST"])
def shown() -> str:
    form = SomeForm()
    form.validate_on_submit()
    if "wrong" in request.args:
        form = SomeForm(time="kvart i två", note="Det här är för långt för fältet.")
        form.validate()
    elif request.method == "GET" and "quiet" not in request.args:
        flash("Sparat.", "success")
        flash("Linjen stänger om tio minuter.", "warning")
    changes = [Change("Tema", "Rådgivare 2", "Hot", "Kontroll"), Change("Anteckning", "Rådgivare 2", "kort", "lång")]
    picture = Markup('<svg viewBox="0 0 100 20" role="img" aria-label="3, 5"><path d="M0 20V8h40v12z"/></svg>')
    return render_template("style.html", form=form, changes=changes if "stale" in request.args else [], picture=picture)


@style.route(TOO_LATE, methods=["GET", "POST"])
def too_late() -> str:
    if request.method == "GET":
        return render_template("writing.html")
    raise CSRFError


@style.route(FOR_STAFF, methods=["GET", "POST"])
def for_staff() -> str:
    if signed_in() is None:
        abort(401)
    return request.form.get("note") or render_template("writing.html")


@style.post(SIGNED_OUT)
def signed_out() -> Response:
    abort(401)


@style.get(BROKEN)
def broken() -> Response:
    message = "so that there is an error to show"
    raise RuntimeError(message)


@style.get(FORBIDDEN)
def forbidden() -> Response:
    abort(403)


@style.get(f"{ERROR}<int:status>")
def erring(status: int) -> Response:
    abort(status)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which ``app`` answers, until the end of the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
