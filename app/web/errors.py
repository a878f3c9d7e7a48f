"""Errors as pages and as problem+json: what happened, and what to do; never how it looks inside."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Response, json, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from app.storage.types import KeyMissing
from app.web.error_words import words_of
from app.web.kept import kept

if TYPE_CHECKING:
    from flask import Flask

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every error in the form that its reader takes: a machine, Twilio, or a person."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _answer(error)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, OperationalError):
            _log.error("a request failed: the database doesn't answer")
            return _answer(ServiceUnavailable())
        if isinstance(error, KeyMissing):
            # Names the key and the column: what somebody has to mend, and nothing of the value.
            _log.error("a request failed: %s", error)
            return _answer(ServiceUnavailable())
        _log.exception("a request failed (%s)", type(error).__name__)
        return _answer(InternalServerError())


def _answer(error: HTTPException) -> Response:
    if request.path.startswith("/twilio/"):
        # Twilio reads text/plain aloud; an empty body is no TwiML.
        answer = Response(status=error.code, content_type="text/plain")
    elif request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
        answer = Response(json.dumps(problem), status=error.code, content_type="application/problem+json")
    else:
        answer = _page(error)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _page(error: HTTPException) -> Response:
    title, text = words_of(error)
    page = render_template("error.html", title=title, text=text, kept=kept(error))
    return Response(page, status=error.code, content_type="text/html; charset=utf-8")
