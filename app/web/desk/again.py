"""The password once more, before something leaves: asked for so that nothing that was typed is lost by it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app.web import whose
from app.web.accounts import fresh
from app.web.kept import AGAIN

if TYPE_CHECKING:
    from werkzeug import Response


def asked_again() -> Response | tuple[str, int] | None:
    """Whatever asks for the password; ``None`` once it was given.

    A page is led back to, as in the account's own pages. A form is kept in the answer and sent again with the password.
    """
    if fresh.is_fresh():
        return None
    if request.method != "POST":
        flash(gettext("Give your password again before you hand something out."), "info")
        back = request.full_path.removesuffix("?")
        return redirect(url_for("security.verify", next=back), code=HTTPStatus.SEE_OTHER)
    form = fresh.form_again()
    if fresh.is_given(form):
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in {whose.TOKEN, AGAIN}]
    return render_template("desk/again.html", form=form, sent=sent), HTTPStatus.UNPROCESSABLE_ENTITY
