"""The session of a browser: a signed cookie that carries little, and a row that says whether it still counts.

The row is the session. Nothing but signing in inserts one, so a request in flight can't bring back what was ended; a
cookie without its row is nobody's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flask import current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security.utils import set_request_attr
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.domain.permissions import AccountId, Actor
from app.services.account import web_sessions
from app.services.account.accounts import actor_of
from app.storage.base import db
from app.storage.engine import begin_read_only
from app.storage.scope import narrow
from app.web import whose
from app.web.accounts import noting
from app.web.accounts.model import DeskAccount
from app.web.setup import setup

if TYPE_CHECKING:
    from flask import Flask, Request, Response

NAME: Final = "sid"
"""Where the cookie names its row."""
SECURITY: Final = "security"
"""Flask-Security's blueprint."""
OPEN_TO_ALL: Final = frozenset({"practice"})
"""Blueprints that show the same to everybody, signed in or not."""
MACHINES = ("/twilio/", "/api/", "/healthz", "/readyz", "/metrics", "/prompts/", "/static/")
NOBODY_IN_PARTICULAR: Final = ("/statistik",)
"""Pages that are the same for everybody, and kept by whatever lies between: who asks isn't asked."""
_WITHOUT_SESSION: Final = (*MACHINES, *NOBODY_IN_PARTICULAR)


class DeskSessions(SecureCookieSessionInterface):
    """Signed cookies for people. Machines get none, and theirs aren't read."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; nothing where no person is, or who it is makes no difference."""
        if request.path.startswith(_WITHOUT_SESSION):
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:  # type: ignore[override] # ours is the only kind
        """Into the cookie, for people."""
        if not request.path.startswith(_WITHOUT_SESSION):
            super().save_session(app, session, response)


def config(public_url: str) -> dict[str, object]:
    """How the cookie travels: to us alone, over https where there is any, and unseen by scripts."""
    is_secure = public_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "__Host-radrum" if is_secure else "radrum",
        "SESSION_COOKIE_SECURE": is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": web_sessions.ABSOLUTE,
    }


def install(app: Flask) -> None:
    """Have a new session begin whenever somebody signs in."""
    app.session_interface = DeskSessions()
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)


def load_account(uniquifier: str) -> DeskAccount | None:
    """Whom the cookie of this request signs in; ``g.actor`` says what they may do.

    Pages other than Flask-Security's get an account that is cut off from the database, so that each can begin its own
    transaction, to read or to write.
    """
    now = datetime.now(UTC)
    begin_read_only(db.session())
    account = _account(uniquifier, now)
    is_due = account is not None and _is_somebody_there() and web_sessions.is_due(db.session(), session[NAME], now)
    if account is not None:
        g.actor = actor_of(account, setup().policy)
        whose.sign_pages(g.actor.account_id)
        db.session.expunge(account)
    db.session.rollback()
    if is_due:
        _note_presence(now)
    if account is not None and request.blueprint == SECURITY:
        db.session.add(account)
        set_request_attr("fs_authn_via", "session")
        set_request_attr("fs_paa", session.get("fs_paa", 0))
    elif account is not None and request.blueprint not in OPEN_TO_ALL:
        narrow(db.session(), g.actor)
    return account


def signed_in() -> Actor | None:
    """Who asks; ``None`` for whoever isn't signed in."""
    return g.get("actor") if current_user.is_authenticated else None


def stay_signed_in(now: datetime) -> None:
    """A page that asks by itself says that somebody is there. Begins a transaction of its own."""
    begin_read_only(db.session())
    is_due = web_sessions.is_due(db.session(), session[NAME], now)
    db.session.rollback()
    if is_due:
        _note_presence(now)


def _account(uniquifier: str, now: datetime) -> DeskAccount | None:
    found = select(DeskAccount).where(DeskAccount.fs_uniquifier == uniquifier, DeskAccount.active)
    account = db.session.scalar(found)
    name = session.get(NAME)
    if account is None or not isinstance(name, str):
        return None
    return account if web_sessions.is_alive(db.session(), name, AccountId(account.id), now) else None


def _is_somebody_there() -> bool:
    """Whether a person asked, and not a page by itself."""
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "asks_by_itself", False)


def _note_presence(now: datetime) -> None:
    try:
        web_sessions.note_presence(db.session(), session[NAME], now)
        db.session.commit()
    except OperationalError:  # somebody else writes; the next request notes it
        db.session.rollback()


def _begin(app: Flask, user: DeskAccount) -> None:
    """A new session for whoever just signed in, by whatever way; of the one before nothing is left but where to go."""
    del app
    if isinstance(before := session.get(NAME), str):
        web_sessions.end(db.session(), before)
    # Whoever planted the cookie of before knows its token. "Remember me" would outlive the session.
    for known in ("csrf_token", "_remember"):
        session.pop(known, None)
    g.pop("csrf_token", None)
    now = datetime.now(UTC)
    session[NAME] = web_sessions.begin(db.session(), AccountId(user.id), now)
    user.signed_in_at = now
    db.session.add(user)
    noting.came(user)


def _end(app: Flask, user: DeskAccount) -> None:
    del app
    if isinstance(name := session.pop(NAME, None), str):
        web_sessions.end(db.session(), name)
        noting.went(user)
        db.session.commit()
    g.pop("actor", None)
