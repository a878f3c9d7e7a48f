"""Requests that show a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.services.account import tokens
from app.storage.base import db
from app.storage.engine import begin_read_only

if TYPE_CHECKING:
    from app.storage.models import ApiToken

_HOW = "send the header Authorization: Bearer TOKEN, with a token made by: radrum token add NAME"


def demand_token() -> ApiToken:
    """The token that the request shows; 401 without one. Begins the request's transaction, which only reads."""
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        _refuse("no token", {"realm": "radrum"})
    begin_read_only(db.session())
    token = tokens.who_has(db.session(), shown.token)
    if token is None:
        _refuse("the token is unknown or revoked", {"realm": "radrum", "error": "invalid_token"})
    return token


def _refuse(why: str, challenge: dict[str, str | None]) -> NoReturn:
    raise Unauthorized(f"{why}; {_HOW}", www_authenticate=WWWAuthenticate("bearer", challenge))  # noqa: EM102, TRY003 - it has no sentence of its own
