"""Tokens of the JSON API: who may read what. A token is shown once, when it is made; only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Conflict, NotFound, Problem, RejectedInput
from app.storage.insert import insert_once
from app.storage.models import ApiToken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.domain.lines import OrganisationKey

LONGEST_NAME = 64
_BYTES = 32


def add(session: Session, name: str, organisation: OrganisationKey | None, now: datetime) -> str:
    """Make a token and return it. It reads the records of ``organisation``; without one, all.

    A revoked token gives its name back. Raises ``RejectedInput`` for a name that can't be one, ``Conflict`` for one
    that is taken.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        found = repr(name) if name.isprintable() else "characters that can't be printed"
        raise RejectedInput([Problem("token", "name", found, f"1 to {LONGEST_NAME} printable characters")])
    _free(session, name)
    token = secrets.token_urlsafe(_BYTES)
    made = insert_once(
        session, ApiToken, name=name, organisation=organisation, digest=_digest(token), created_at=now, revoked_at=None
    )
    if not made:
        message = f"a token named {name} exists already; choose another name, or revoke it first"
        raise Conflict(message)
    return token


def listed(session: Session) -> Sequence[ApiToken]:
    """All tokens, revoked ones too, the oldest first."""
    return session.scalars(select(ApiToken).order_by(ApiToken.id)).all()


def revoke(session: Session, name: str, now: datetime) -> datetime | None:
    """End a token; it stays in the list. ``None``, or when it had been revoked already, which changes nothing.

    Raises ``NotFound``.
    """
    token = _named(session, name)
    if token is None:
        message = f"there is no token named {name}; radrum token list shows all"
        raise NotFound(message)
    before, token.revoked_at = token.revoked_at, token.revoked_at or now
    return before


def who_has(session: Session, token: str) -> ApiToken | None:
    """The token that a reader shows, unless it is unknown or revoked."""
    return session.scalar(select(ApiToken).where(ApiToken.digest == _digest(token), ApiToken.revoked_at.is_(None)))


def _named(session: Session, name: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.name == name).with_for_update())


def _free(session: Session, name: str) -> None:
    """Names are unique, so a revoked token of this name is called otherwise from now on. Its digest stays."""
    before = _named(session, name)
    if before is None or before.revoked_at is None:
        return
    names = set(session.scalars(select(ApiToken.name)))
    endings = (f" (revoked {number})" for number in count(1))
    before.name = next(free for end in endings if (free := name[: LONGEST_NAME - len(end)] + end) not in names)
    session.flush()


def _digest(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
