"""Accounts to sign in with, and browsers to do it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from app.domain.lines import LineKey, OrganisationKey
from app.domain.permissions import Role
from app.services.account import accounts, passwords
from app.services.account.accounts import NewAccount
from app.storage.base import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.domain.policy import Policy

PASSWORD = "blåbär-och-ärtor-på-ön"


class _Tokens(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name") == "csrf_token":
            self.found.append(given.get("value") or "")


@dataclass
class Browser:
    """A browser that fills in forms as they come."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"Accept": "text/html"})

    def token(self, path: str) -> str:
        parser = _Tokens()
        parser.feed(self.get(path).get_data(as_text=True))
        return parser.found[-1]

    def fill(self, path: str, to: str | None = None, **fields: str) -> TestResponse:
        """Open the page at ``path`` and send its form there, or ``to`` another address."""
        return self.client.post(to or path, data={"csrf_token": self.token(path), **fields})

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.fill("/sign-in", email=email, password=password)

    @property
    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def account(app: Flask, policy: Policy) -> Callable[..., str]:
    """Make an account with a password of its own; gives its e-mail address."""

    def make(
        email: str = "astrid@skane.example",
        *roles: Role,
        organisation: str = "skane",
        lines: frozenset[LineKey] = frozenset(),
    ) -> str:
        new = NewAccount(email, OrganisationKey(organisation), frozenset(roles) or frozenset({Role.SPECIALIST}), lines)
        with app.app_context():
            accounts.add(db.session(), policy, new, datetime.now(UTC))
            made = accounts.find(db.session(), email)
            assert made is not None
            made.password, made.must_change_password = passwords.hashed(PASSWORD), False
            db.session.commit()
        return email

    return make
