"""Who may see which page. Every view of the desk names a permission; one that doesn't is shown to nobody.

    @desk.get("/figures")
    @needs(Permission.SEE_FIGURES)
    def figures() -> str:
        found = services.figures.of(db.session(), actor(), now)

What a permission doesn't say is whose records are reached: the queries know that from the actor, and what is out of
reach is 404.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

from flask import abort, current_app, g, redirect, request, url_for

from app.domain.permissions import Permission, allowed
from app.web.accounts.cookie import signed_in
from app.web.desk.again import asked_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug import Response

    from app.domain.permissions import Actor

    View = TypeVar("View", bound=Callable[..., object])

_WAYS: Final = {
    "/": Permission.SEE_TODAY,
    "/records": Permission.READ_RECORDS,
    "/cases": Permission.LIST_CASES,
    "/follow-ups": Permission.LIST_CASES,
    "/callbacks": Permission.RING_BACK,
    "/hand-over": Permission.HAND_OVER,
    "/calls": Permission.LIST_CALLS,
    "/referrals": Permission.READ_REFERRALS,
    "/trends": Permission.SEE_FIGURES,
    "/figures": Permission.SEE_FIGURES,
    "/exports": Permission.TAKE_EXPORTS,
    "/register": Permission.READ_REGISTER,
    "/account": Permission.OWN_ACCOUNT,
}
"""The pages that the top of every page leads to, and what it takes to be led there."""


def needs(permission: Permission) -> Callable[[View], View]:
    """Show a page to those alone who may do that."""

    def mark(view: View) -> View:
        view.needed = permission  # type: ignore[attr-defined] # found again by its endpoint
        return view

    return mark


def asks_by_itself(view: View) -> View:
    """Mark what a page asks again and again without anybody doing something: it keeps no session alive."""
    view.asks_by_itself = True  # type: ignore[attr-defined] # found again by its endpoint
    return view


def asks_for_password(view: View) -> View:
    """Mark what is shown only to those who gave their password lately. Nothing that they typed is lost by it."""
    view.asks_for_password = True  # type: ignore[attr-defined] # found again by its endpoint
    return view


def actor() -> Actor:
    """Who asks, on a page that needs a permission."""
    found: Actor = g.actor
    return found


def install(app: Flask) -> None:
    """Guard the desk's pages, and lead to those that are open to whoever asks; know for whom calls come in."""
    app.before_request(_lead)
    app.before_request(_guard)


def needed_by(app: Flask, endpoint: str) -> Permission | None:
    """What the page at an endpoint needs; ``None`` where it names nothing."""
    found: Permission | None = getattr(app.view_functions[endpoint], "needed", None)
    return found


def _guard() -> Response | tuple[str, int] | None:
    if request.blueprint != "desk":
        return None
    permission = needed_by(current_app, request.endpoint or "")
    if permission is None:
        abort(HTTPStatus.NOT_FOUND)
    asking = signed_in()
    if asking is not None:
        if not allowed(asking, permission):
            abort(HTTPStatus.FORBIDDEN)
        view = current_app.view_functions[request.endpoint or ""]
        return asked_again() if getattr(view, "asks_for_password", False) else None
    if request.method != "GET" or not request.accept_mimetypes.accept_html:
        abort(HTTPStatus.UNAUTHORIZED)
    back = request.full_path.removesuffix("?")
    return redirect(url_for("security.login", next=back), code=HTTPStatus.SEE_OTHER)


def _lead() -> None:
    asking = signed_in()
    if asking is not None:
        there = {rule.rule for rule in current_app.url_map.iter_rules()}
        g.takes_calls = allowed(asking, Permission.TAKE_CALLS)
        g.ways = {path for path, permission in _WAYS.items() if path in there and allowed(asking, permission)}
