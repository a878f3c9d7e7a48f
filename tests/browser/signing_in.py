"""Somebody who is signed in without the page for it, which is tried elsewhere."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from app.domain.permissions import AccountId
from app.services.account import web_sessions
from app.storage.models import Account
from app.web.accounts.cookie import NAME

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from sqlalchemy.orm import Session

    from tests.support.service import Deployment


def sign_in(
    context: BrowserContext, where: Deployment, session: Session, email: str, now: datetime | None = None
) -> None:
    """A new session in a browser, in no time, as after a password that was given just now. Commits.

    ``now``: by the service's clock, where that isn't the host's.
    """
    account = session.scalars(select(Account).where(Account.email == email)).one()
    name = web_sessions.begin(session, AccountId(account.id), now or datetime.now(UTC))
    session.commit()
    content = {"_user_id": account.fs_uniquifier, "_fresh": True, "fs_paa": time.time(), NAME: name}
    app = Flask(__name__)
    app.secret_key = where.environment["RADRUM_SECRET_KEY"]
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    url = where.service.public_url
    context.add_cookies([{"name": "radrum", "value": signer.dumps(content), "url": url}])
