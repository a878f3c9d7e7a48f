"""The blueprint that the routes of the API hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

if TYPE_CHECKING:
    from flask import Response

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.after_request
def keep_nothing(response: Response) -> Response:
    """Who called when is nothing for a cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
