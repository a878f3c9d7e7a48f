"""What the log is told of accounts: who came in, who went, who was refused, and what was changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask_security import signals

from app.domain.audit import What
from app.services.account.accounts import actor_of
from app.services.keeping import audit
from app.storage.base import db
from app.web.setup import setup

if TYPE_CHECKING:
    from flask import Flask

    from app.web.accounts.model import DeskAccount

_CHANGES = {
    "password": signals.password_changed,
    "codes": signals.tf_profile_changed,
    "codes_off": signals.tf_disabled,
    "passkey_added": signals.wan_registered,
    "passkey_removed": signals.wan_deleted,
}
_KEPT = "radrum_noting"


def install(app: Flask) -> None:
    """Have every change of how somebody signs in noted."""
    # Signals hold their receivers weakly.
    app.extensions[_KEPT] = [_noter(field) for field in _CHANGES]
    for signal, receiver in zip(_CHANGES.values(), app.extensions[_KEPT], strict=True):
        signal.connect(receiver, app)


def came(user: DeskAccount) -> None:
    """Somebody signed in. The caller commits at once."""
    _note(What.SIGNED_IN, user)


def went(user: DeskAccount) -> None:
    """Somebody signed out."""
    _note(What.SIGNED_OUT, user)


def changed(user: DeskAccount, field: str) -> None:
    """Somebody changed how they sign in."""
    _note(What.CHANGED_ACCOUNT, user, field)


def refused(account: str | None) -> None:
    """Somebody gave a wrong password, for this account or for none that there is. Commits."""
    now = datetime.now(UTC)
    audit.note(db.session(), None, What.REFUSED_SIGN_IN, f"account:{account}" if account else None, (), now)
    db.session.commit()


def _note(what: What, user: DeskAccount, *fields: str) -> None:
    actor = actor_of(user, setup().policy)
    audit.note(db.session(), actor, what, f"account:{user.id}", fields, datetime.now(UTC))


def _noter(field: str) -> object:
    def note(app: Flask, user: DeskAccount, **_: object) -> None:
        del app
        changed(user, field)

    return note
