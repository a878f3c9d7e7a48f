"""What all lists have: looking for something, keeping that under a name, pages, and a file.

What says something of what records hold stands in no address, and so in no log: it is sent in a form and kept in a row
of the account's own, and addresses name the row (docs/decisions/0030).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial, update_wrapper
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.domain.errors import Conflict, RejectedInput
from app.domain.finding import ListName, key_of, open_part, sought_of
from app.services.record import lists, saved_views
from app.services.record.lists import Asked
from app.storage.base import db
from app.web.desk.access import actor, needs
from app.web.desk.blueprint import desk
from app.web.desk.lists import list_file
from app.web.desk.lists.list_forms import NameForm, filter_form, within
from app.web.desk.lists.list_words import chips, counted
from app.web.setup import setup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from werkzeug import Response

    from app.domain.finding import Key, Sought
    from app.domain.permissions import Permission
    from app.services.record.lists import Page
    from app.services.record.saved_views import View
    from app.web.desk.lists.list_file import Columns
    from app.web.desk.lists.list_forms import FilterForm

    Answer = Response | str | tuple[str, int]

_DETAILS = ("before", "after")


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list. ``show`` reads what there is to see of what is asked, notes it, and says it in the template's words."""

    name: ListName
    path: str
    endpoint: str
    permission: Permission
    template: str
    fields: tuple[str, ...]
    """What it can be looked for by."""
    states: Mapping[str, object]
    show: Callable[[Asked], tuple[Mapping[str, object], Page[Any] | None]]
    """What the template shows besides, and the page, where the list has pages."""
    columns: Callable[[Sought], Columns]
    """Of its file."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for what: by an address, or by what a form has sent along."""

    page: ListPage
    people: Mapping[str, str]
    sought: Sought
    view: View | None
    is_gone: bool
    """The address names a filter that isn't kept any more."""
    before: Key | None
    after: Key | None

    def address(self, **more: str) -> str:
        """Of this list, looked through in the same way."""
        named: dict[str, Any] = self.named | more
        return url_for(f"desk.{self.page.endpoint}", **named)

    @property
    def named(self) -> dict[str, str]:
        """How addresses and forms name what is looked for."""
        return {"view": self.view.id} if self.view else open_part(self.sought).to_json()


@dataclass(frozen=True, slots=True)
class Shown:
    """What every list shows around its rows."""

    asking: Asking
    form: FilterForm
    naming: NameForm
    is_open: bool
    """Whether the form stands open: something in it needs to be mended."""
    chips: Sequence[tuple[str, str]]
    views: Sequence[View]
    counted: str
    page: Page[Any] | None
    zone: Any

    @property
    def newer(self) -> str:
        """The address of the page before this one."""
        at = self.page.newer if self.page else None
        return self.asking.address(after=at.token) if at else ""

    @property
    def older(self) -> str:
        """The address of the page after this one."""
        at = self.page.older if self.page else None
        return self.asking.address(before=at.token) if at else ""

    @property
    def file(self) -> str:
        """The address of all of it as a file."""
        named: dict[str, Any] = self.asking.named
        return url_for(f"desk.{self.asking.page.endpoint}_csv", **named)


def register(page: ListPage) -> None:
    """Give the list its addresses."""
    for path, endpoint, view, methods in (
        (page.path, page.endpoint, _look, ["GET"]),
        (f"{page.path}.csv", f"{page.endpoint}_csv", _file, ["GET"]),
        (f"{page.path}/filter", f"filter_{page.endpoint}", _choose, ["POST"]),
        (f"{page.path}/views", f"save_{page.endpoint}_view", _save, ["POST"]),
    ):
        of_page = needs(page.permission)(update_wrapper(partial(view, page), view))
        desk.add_url_rule(path, endpoint, of_page, methods=methods)
    PAGES[page.name] = page


PAGES: dict[ListName, ListPage] = {}


def rendered(asking: Asking, *, form: FilterForm | None = None, naming: NameForm | None = None) -> str:
    """The list, with a form that needs to be mended where there is one."""
    page = asking.page
    session = db.session()
    views = saved_views.named(session, actor(), page.name)
    context, found = page.show(Asked(asking.sought, asking.before, asking.after))
    named = asking.view.name if asking.view else None
    shown = Shown(
        asking=asking,
        form=form or filter_form(page.fields, page.states, asking.people, asking.sought),
        naming=naming or NameForm(formdata=None, data={"name": named}),
        is_open=form is not None,
        chips=chips(asking.sought, page.states, asking.people),
        views=views,
        counted=counted(found.count) if found else "",
        page=found,
        zone=zone_of_all(),
    )
    return render_template(page.template, list=shown, **context)


def zone_of_all() -> Any:  # noqa: ANN401 - a zone
    """The wall clock of whoever asks: of one of their lines."""
    policy = setup().policy
    return next((policy.schedules[key].hours.zone for key in sorted(actor().lines) if key in policy.schedules), UTC)


def _look(page: ListPage) -> str:
    return rendered(_asking(page, request.args))


def _file(page: ListPage) -> Response:
    asking = _asking(page, request.args)
    return list_file.answer(page.name, asking.sought, page.columns(asking.sought), datetime.now(UTC))


def _choose(page: ListPage) -> Answer:
    """To the list of what was chosen; tags are kept under an id first."""
    people = lists.aliases(db.session(), actor())
    sent = MultiDict((key, value) for key, value in request.form.items() if key != request.form.get("without"))
    form = filter_form(page.fields, page.states, people, sought_of({}), sent)
    if not form.validate():
        asking = Asking(page, people, sought_of({}), None, is_gone=False, before=None, after=None)
        return rendered(asking, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    sought = form.sought
    named = sought.to_json()
    if sought.is_secret:
        named = {"view": saved_views.keep_for_a_while(db.session(), actor(), page.name, sought, datetime.now(UTC))}
    db.session.commit()
    return redirect(url_for(f"desk.{page.endpoint}", **named), code=HTTPStatus.SEE_OTHER)


def _save(page: ListPage) -> Answer:
    """Keep what is looked for under a name."""
    asking = _asking(page, request.form)
    naming = NameForm()
    view = None
    if naming.validate():
        now, policy = datetime.now(UTC), setup().policy
        view = naming_done(
            naming,
            lambda: saved_views.save(db.session(), policy, actor(), page.name, asking.sought, naming.name.data, now),
        )
    if view is None:
        return rendered(asking, naming=naming), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    flash(gettext("Saved. It stands above the list whenever you come back."), "success")
    return redirect(url_for(f"desk.{page.endpoint}", view=view), code=HTTPStatus.SEE_OTHER)


def naming_done(naming: NameForm, keep: Callable[[], Any]) -> Any:  # noqa: ANN401 - what ``keep`` gives
    """What ``keep`` gives; ``None`` when the name can't be taken, and the form says why."""
    try:
        return keep()
    except Conflict:
        problem = gettext("You have a view of this list by that name already.")
    except RejectedInput as refused:
        is_full = refused.problems[0].found.endswith("views")
        problem = (
            gettext("You have as many views of this list as there can be: delete one first.")
            if is_full
            else gettext("Give a short name, without a number of a person.")
        )
    db.session.rollback()
    naming.name.errors = [problem]
    return None


def _asking(page: ListPage, said: Mapping[str, str]) -> Asking:
    session, asking = db.session(), actor()
    people = lists.aliases(session, asking)
    named = said.get("view", "")
    view = saved_views.find(session, asking, page.name, named) if named else None
    sought = view.sought if view else open_part(sought_of(dict(said.items())))
    before, after = (key_of(said.get(name, "")) for name in _DETAILS)
    return Asking(
        page=page,
        people=people,
        sought=within(sought, page.fields, page.states, people),
        view=view,
        is_gone=bool(named) and view is None,
        before=before,
        after=None if before else after,
    )
