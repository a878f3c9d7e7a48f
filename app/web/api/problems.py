"""Our own errors as problem+json. The application writes it; here is only which status each one is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable

from app.domain import errors
from app.storage.types import KeyMissing
from app.web.api.blueprint import api

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 5


@api.errorhandler(errors.NotFound)
def not_found(error: errors.NotFound) -> ResponseReturnValue:
    """404, with the error's own sentence."""
    return _problem(NotFound(str(error)))


@api.errorhandler(errors.Unavailable)
@api.errorhandler(KeyMissing)
@api.errorhandler(OperationalError)
@api.errorhandler(InterfaceError)
@api.errorhandler(PoolTimeoutError)
def unavailable(error: Exception) -> ResponseReturnValue:
    """503: a part that we need doesn't answer."""
    _log.warning("the API can't answer (%s)", type(error).__name__)
    return _problem(ServiceUnavailable("the database doesn't answer; try again", retry_after=_RETRY_SECONDS))


def _problem(error: HTTPException) -> ResponseReturnValue:
    answer: ResponseReturnValue = current_app.handle_http_exception(error)
    return answer
