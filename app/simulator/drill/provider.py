"""The provider of a drill: its list of calls for reconciliation, and the fallback outside the service's own stack."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from app.simulator.server import create_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.simulator.network import Network
    from app.simulator.plan import Service

FALLBACK_PATH = "/fallback"
_POLL_SECONDS = 0.05


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's form
        """Nothing."""


@contextmanager
def standing_in(
    service: Service, network: Network, port: int, fallback: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Be the provider on a port of loopback, until the end of the block.

    ``fallback``: by dialled number, the document at ``FALLBACK_PATH`` that a caller hears when the service can't be
    reached.
    """
    app = create_server(service, (), network)

    @app.post(FALLBACK_PATH)
    def fall_back() -> Response:
        return Response((fallback or {})[request.form["To"]], content_type="text/xml; charset=utf-8")

    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
