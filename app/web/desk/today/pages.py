"""Today: what goes on, what is waiting, and what its reader can do about it; and the same again once it has changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, abort, jsonify, redirect, render_template, request, url_for

from app.domain.errors import NotFound
from app.domain.permissions import Permission, allowed
from app.services.line import missed_calls
from app.services.today.today_calls import day_began
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.storage.queries.today import signs_of_change
from app.web import language
from app.web.desk.access import actor, asks_by_itself, needs
from app.web.desk.blueprint import desk
from app.web.desk.today.today_shown import Typed, shown
from app.web.desk.today.today_words import WORDS
from app.web.setup import setup

if TYPE_CHECKING:
    from werkzeug import Response as Redirect

    from app.domain.permissions import Actor


def page(actor: Actor, now: datetime, typed: Typed | None = None) -> str:
    """The first page of whoever is signed in. The caller has begun the transaction."""
    mark = mark_of(actor, now)
    content = shown(db.session(), setup().policy, actor, now, typed or Typed())
    may_write = allowed(actor, Permission.WRITE_RECORDS)
    return render_template("desk/today.html", today=content, mark=mark, may_write=may_write, **WORDS)


@desk.get("/today/now")
@needs(Permission.SEE_TODAY)
@asks_by_itself
def today_now() -> Response:
    """What an open page asks every few seconds: nothing new (304), or all of it."""
    now, asking = datetime.now(UTC), actor()
    begin_read_only(db.session())
    mark = mark_of(asking, now)
    if request.if_none_match.contains_weak(mark):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        content = shown(db.session(), setup().policy, asking, now, Typed())
        response = jsonify(
            {"at": content.clock, "content": render_template("desk/_today.html", today=content, **WORDS)}
        )
    response.set_etag(mark)
    response.headers["Cache-Control"] = "no-store"
    return response


@desk.get("/today/pause")
@desk.get("/today/resume")
@needs(Permission.SEE_TODAY)
def back() -> Redirect:
    """To the page, for whoever loads the address of a form again."""
    return redirect("/", code=HTTPStatus.SEE_OTHER)


@desk.get("/today/calls")
@needs(Permission.DEAL_WITH_CALLS)
def missed_calls_of_today() -> Redirect:
    """To the calls that nobody took; mail leads here."""
    return redirect(url_for("home.lines", _anchor="tasks"), code=HTTPStatus.SEE_OTHER)


@desk.get("/today/follow-ups")
@needs(Permission.FOLLOW_UP)
def follow_ups_of_today() -> Redirect:
    """To one's own follow-ups; mail leads here."""
    return redirect(url_for("home.lines", _anchor="follow-ups"), code=HTTPStatus.SEE_OTHER)


@desk.get("/today/absent")
@needs(Permission.HAND_OVER)
def absent_of_today() -> Redirect:
    """To what absent colleagues have; mail leads here."""
    return redirect(url_for("home.lines", _anchor="absent"), code=HTTPStatus.SEE_OTHER)


@desk.get("/today/lines/<line>")
@needs(Permission.SEE_TODAY)
def line_of_today(line: str) -> Redirect:
    """To who is on duty on a line; mail leads here."""
    if line not in actor().lines:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("home.lines", _anchor=f"line-{line}"), code=HTTPStatus.SEE_OTHER)


@desk.get("/today/calls/<int(max=2147483647):call>")
@needs(Permission.DEAL_WITH_CALLS)
def missed_call(call: int) -> Redirect:
    """To a call that nobody took, among the tasks."""
    begin_read_only(db.session())
    try:
        missed_calls.missed(db.session(), actor(), call)
    except NotFound:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(url_for("home.lines", _anchor=f"task-{call}"), code=HTTPStatus.SEE_OTHER)


def mark_of(asking: Actor, now: datetime) -> str:
    """Another one as soon as the page would show something else; and each minute, for what only time changes."""
    policy = setup().policy
    signs = signs_of_change(db.session(), asking, now, day_began(policy, asking, now))
    parts = (asking.account_id, language.spoken(), sorted(asking.roles), int(now.timestamp() // 60), *signs)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
