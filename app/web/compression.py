"""Pages travel compressed to whoever is on our pages already, and to nobody else.

A page holds what others may not read, and may repeat what its address says. Compressed, its length tells how much of
the one is in the other: a foreign page that makes a browser ask again and again can have it read letter by letter by
whoever sees the lengths pass (BREACH, https://www.breachattack.com). So what is asked for from elsewhere travels as it
is. Style sheets and scripts are the same for all, and compressed for all (``assets``).
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

_TYPES: Final = frozenset({"text/html", "text/csv", "application/json"})
# A browser's own word for where a request comes from; no page can change it. "none": an address typed, or a bookmark.
_OUR_OWN: Final = frozenset({"same-origin", "none"})
_SMALLEST_BYTES: Final = 1_000
_LEVEL: Final = 6


def install(app: Flask) -> None:
    """Compress what ``app`` answers, where it may be."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in _TYPES or "Content-Encoding" in response.headers:
            return response
        response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
        content = b"" if response.is_streamed or not _may_be() else response.get_data()
        if len(content) >= _SMALLEST_BYTES:
            response.set_data(gzip.compress(content, _LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response


def _may_be() -> bool:
    return request.headers.get("Sec-Fetch-Site") in _OUR_OWN and request.accept_encodings["gzip"] > 0
