"""Calling a saved view something else, and deleting it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from flask_babel import gettext

from app.domain.errors import NotFound
from app.domain.permissions import Permission, allowed
from app.services.record import lists, saved_views
from app.storage.base import db
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.lists.list_forms import NameForm
from app.web.desk.lists.list_pages import PAGES, Asking, naming_done, rendered
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response

    from app.web.desk.lists.list_pages import ListPage


@desk.post("/views/<view>/rename")
@needs(Permission.LIST_CALLS)  # whoever has a list has that of calls
def rename_view(view: str) -> Response | tuple[str, int]:
    """Another name; a wrong one is said by the field."""
    page = _page_of(view)
    naming = NameForm()
    done = None
    if naming.validate():
        done = naming_done(
            naming, lambda: saved_views.rename(db.session(), setup().policy, actor(), view, naming.name.data)
        )
    if done is None:
        found = saved_views.find(db.session(), actor(), page.name, view)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        people = lists.aliases(db.session(), actor())
        asking = Asking(page, people, found.sought, found, is_gone=False, before=None, after=None)
        return rendered(asking, naming=naming), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(gettext("Renamed."), "success")
    return redirect(url_for(f"desk.{page.endpoint}", view=view), code=HTTPStatus.SEE_OTHER)


@desk.post("/views/<view>/delete")
@needs(Permission.LIST_CALLS)  # whoever has a list has that of calls
def delete_view(view: str) -> Response:
    """Only the view goes; what it showed stays."""
    page = _page_of(view)
    saved_views.delete(db.session(), actor(), view)
    db.session.commit()
    flash(gettext("The view is deleted. What it showed is still there."), "success")
    return redirect(url_for(f"desk.{page.endpoint}"), code=HTTPStatus.SEE_OTHER)


def _page_of(view: str) -> ListPage:
    try:
        page = PAGES[saved_views.list_of(db.session(), actor(), view)]
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    return page if allowed(actor(), page.permission) else abort(HTTPStatus.NOT_FOUND)
