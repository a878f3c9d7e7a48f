"""The simulator as a process: the REST stand-in, live calls, ordered calls, and the pages that show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, jsonify, request

from app.domain.errors import RejectedInput, Unavailable
from app.simulator.live.api import live_api
from app.simulator.live.calls import LiveCalls
from app.simulator.orders import Order, carry_out
from app.simulator.pages import Calls, show_pages
from app.simulator.rest import rest_api

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.simulator.lines import PracticeLine
    from app.simulator.network import Network
    from app.simulator.plan import Service

_OURS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_LARGEST_ORDER_BYTES = 64 * 1024
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_server(
    service: Service, lines: tuple[PracticeLine, ...], network: Network, *, command: str = "radrum", speed: float = 1.0
) -> Flask:
    """The simulator's web application. It must listen on loopback alone.

    ``command``: as people type it. ``speed``: how fast the practice clock runs, for tests.
    """
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_ORDER_BYTES)
    app.before_request(_only_from_here)
    app.after_request(_guard)
    live = LiveCalls(service, lines, network, speed=speed)
    app.register_blueprint(rest_api(network, service.account_sid, service.auth_token, live.ring_out))
    calls = Calls()
    _take_orders(app, service, network, calls)
    app.register_blueprint(live_api(live))
    show_pages(app, service, lines, calls, command)
    return app


def _take_orders(app: Flask, service: Service, network: Network, calls: Calls) -> None:
    @app.get("/practice/service")
    def whom() -> ResponseReturnValue:
        # So that a command of another deployment on this computer doesn't order its calls here.
        return jsonify({"public_url": service.public_url, "account_sid": service.account_sid})

    @app.post("/practice/calls")
    def place() -> ResponseReturnValue:
        # JSON alone: another site can't send it without asking first.
        if not request.is_json:
            return jsonify({"detail": "an order is JSON"}), 415
        try:
            placed_at = datetime.now(UTC)
            transcript = carry_out(Order.from_json(request.get_json(silent=True)), service, network)
        except RejectedInput as wrong:
            return jsonify({"detail": str(wrong)}), 422
        except Unavailable as gone:
            return jsonify({"detail": str(gone)}), 503
        calls.add(transcript, placed_at)
        return jsonify(transcript.as_json()), 201


def _only_from_here() -> None:
    # A page on the internet can point its own name at 127.0.0.1; then the Host header gives it away.
    if request.host.rpartition(":")[0] not in _OURS and request.host not in _OURS:
        abort(403)


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
