"""The simulator as a process: the REST stand-in, a way to order practice calls, and a small page that shows them."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException

from app.domain.errors import RejectedInput, Unavailable
from app.domain.phone import PhoneNumber, caller_number
from app.simulator.orders import Order, carry_out
from app.simulator.rest import rest_api

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from flask.typing import ResponseReturnValue

    from app.simulator.network import Network
    from app.simulator.plan import Service
    from app.simulator.transcript import Transcript

_OURS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_REST = "/2010-04-01/"
# 114 14, 08-405 50 05: groups of digits, as numbers are written.
_NUMBER = re.compile(r"[0-9]+(?:[ -][0-9]+){1,6}", re.ASCII)
_NO_BREAK_SPACE = "\u00a0"
_CALLS_ON_A_PAGE = 20
_LARGEST_ORDER_BYTES = 64 * 1024
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A line that can be rung, as the page shows it."""

    key: str
    name: str
    number: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A practice call, and when it was placed by the clock of this computer: it may have played at another time."""

    transcript: Transcript
    placed_at: datetime


class Calls:
    """The practice calls placed so far, newest first. Gone when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[PlacedCall] = []

    def add(self, transcript: Transcript, placed_at: datetime) -> None:
        """One more."""
        with self._lock:
            self._calls.insert(0, PlacedCall(transcript, placed_at))

    def page(self, number: int) -> tuple[list[PlacedCall], int]:
        """One page of them, from 1, and how many pages there are."""
        with self._lock:
            pages = max(1, -(-len(self._calls) // _CALLS_ON_A_PAGE))
            first = (min(max(1, number), pages) - 1) * _CALLS_ON_A_PAGE
            return self._calls[first : first + _CALLS_ON_A_PAGE], pages


def create_server(
    service: Service, lines: tuple[PracticeLine, ...], network: Network, *, command: str = "radrum"
) -> Flask:
    """The simulator's web application. It must listen on loopback alone. ``command``: as people type it."""
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_ORDER_BYTES)
    app.jinja_env.filters.update(wall_clock=_wall_clock, masked=_masked, caller=_caller, unbroken=_unbroken)
    app.before_request(_only_from_here)
    app.after_request(_guard)
    app.register_blueprint(rest_api(network, service.account_sid, service.auth_token))
    calls = Calls()
    _take_orders(app, service, network, calls)
    _show(app, service, lines, calls, command)
    _say_errors(app, service)
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


def _show(app: Flask, service: Service, lines: tuple[PracticeLine, ...], calls: Calls, command: str) -> None:
    by_number = {line.number: line for line in lines}

    @app.get("/")
    def start() -> ResponseReturnValue:
        return redirect(url_for("page"))

    @app.get("/practice")
    def page() -> str:
        number = request.args.get("page", 1, type=int)
        shown, pages = calls.page(number)
        return render_template(
            "practice.html",
            calls=shown,
            lines=lines,
            by_number=by_number,
            page=min(max(1, number), pages),
            pages=pages,
            service_url=service.public_url,
            command=command,
        )


def _say_errors(app: Flask, service: Service) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if request.path.startswith(_REST):
            return error.get_response()
        return render_template("refused.html", code=error.code, service_url=service.public_url), error.code or 500


def _only_from_here() -> None:
    # A page on the internet can point its own name at 127.0.0.1; then the Host header gives it away.
    if request.host.rpartition(":")[0] not in _OURS and request.host not in _OURS:
        abort(403)


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _wall_clock(at: datetime, line: PracticeLine | None) -> datetime:
    return at.astimezone(line.zone) if line else at


def _unbroken(words: str) -> Markup:
    """Numbers stay on one line; also after a hyphen, which no-break spaces can't prevent."""
    parts, end = [], 0
    for found in _NUMBER.finditer(words):
        number = found.group().replace(" ", _NO_BREAK_SPACE)
        parts += [escape(words[end : found.start()]), Markup('<span class="number">{}</span>').format(number)]
        end = found.end()
    return Markup().join([*parts, escape(words[end:])])


def _masked(number: str) -> str:
    try:
        return PhoneNumber(number).masked
    except ValueError:
        return "…"


def _caller(number: str) -> str:
    """The caller's number, masked; empty for a withheld one."""
    known = caller_number(number)
    return known.masked if known else ""
