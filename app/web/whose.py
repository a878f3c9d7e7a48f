"""Whose page a form was on: its token says so, also when the session of that page is over.

Flask-WTF signs what the session holds, and compares it. Ours begins with a digest of the account, so that every form
of every page names its account without a field more. Nobody else can make one, and nobody can tell from it who it is.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from flask import current_app, session
from itsdangerous import BadData, URLSafeTimedSerializer

if TYPE_CHECKING:
    from app.domain.permissions import AccountId

TOKEN: Final = "csrf_token"  # noqa: S105 - the name of a field, and of its place in the session
_SALT: Final = "wtf-csrf-token"  # Flask-WTF's own


def sign_pages(account: AccountId) -> None:
    """From now on the session's forms name that account."""
    if TOKEN not in session:
        session[TOKEN] = f"{_digest(account)}.{secrets.token_hex(20)}"


def is_of(token: str, account: AccountId) -> bool:
    """Whether a form with that token was on a page of that account; also where no token says whose it was."""
    try:
        value = URLSafeTimedSerializer(str(current_app.secret_key), salt=_SALT).loads(token)
    except BadData:
        return True
    whose, dot, _ = str(value).partition(".")
    return not dot or hmac.compare_digest(whose, _digest(account))


def _digest(account: AccountId) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, f"page of {account}".encode(), hashlib.sha256).hex()[:32]
