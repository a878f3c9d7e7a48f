"""What went wrong on our side, as problem+json. The application writes it; here is only which status it has."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import ServiceUnavailable

from app.domain.errors import Unavailable
from app.storage.types import KeyMissing
from app.web.api.blueprint import api

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 5


@api.errorhandler(Unavailable)
@api.errorhandler(KeyMissing)
@api.errorhandler(OperationalError)
@api.errorhandler(InterfaceError)
@api.errorhandler(PoolTimeoutError)
def unavailable(error: Exception) -> ResponseReturnValue:
    """503: a part that we need doesn't answer."""
    _log.warning("the API can't answer (%s)", type(error).__name__)
    problem = ServiceUnavailable("the database doesn't answer; try again", retry_after=_RETRY_SECONDS)
    return current_app.handle_http_exception(problem)
