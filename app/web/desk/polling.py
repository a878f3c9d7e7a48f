"""Answers to what an open page asks for again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

if TYPE_CHECKING:
    from collections.abc import Mapping


def conditional(content: Mapping[str, Any]) -> Response:
    """The content; sent only when it differs from what the page has."""
    response = jsonify(content)
    response.add_etag()
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
