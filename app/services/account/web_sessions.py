"""Who is signed in, and until when. A row that is gone never comes back: nothing but signing in inserts one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from app.storage.models import WebSession

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.domain.permissions import AccountId

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
"""A page that is read writes this often at most."""


def begin(session: Session, account: AccountId, now: datetime) -> str:
    """Sign in: the name of the new session, which is kept as a digest alone. Clears away what has run out."""
    session.execute(delete(WebSession).where(_has_run_out(now)))
    name = secrets.token_urlsafe(32)
    session.add(WebSession(digest=_digest(name), account_id=account, began_at=now, seen_at=now))
    return name


def is_alive(session: Session, name: str, account: AccountId, now: datetime) -> bool:
    """Whether that session is the account's, hasn't been ended, and hasn't run out."""
    found = select(WebSession.digest).where(
        WebSession.digest == _digest(name), WebSession.account_id == account, ~_has_run_out(now)
    )
    return session.scalar(found) is not None


def is_due(session: Session, name: str, now: datetime) -> bool:
    """Whether it is time to note again that somebody is there."""
    seen = session.scalar(select(WebSession.seen_at).where(WebSession.digest == _digest(name)))
    return seen is not None and seen <= now - _SEEN_EVERY


def note_presence(session: Session, name: str, now: datetime) -> None:
    """Somebody is there: the idle time begins anew, if the session still exists."""
    session.execute(
        update(WebSession).where(WebSession.digest == _digest(name), ~_has_run_out(now)).values(seen_at=now)
    )


def end(session: Session, name: str) -> None:
    """Sign out."""
    session.execute(delete(WebSession).where(WebSession.digest == _digest(name)))


def end_all(session: Session, account: AccountId) -> None:
    """Sign an account out everywhere."""
    session.execute(delete(WebSession).where(WebSession.account_id == account))


def _has_run_out(now: datetime) -> ColumnElement[bool]:
    return or_(WebSession.began_at <= now - ABSOLUTE, WebSession.seen_at <= now - IDLE)


def _digest(name: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()
