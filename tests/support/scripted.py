"""A service that answers canned TwiML, on a real port: what the simulator is tested against."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from app.simulator.plan import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCOUNT = "AC" + "0" * 32
TOKEN = "the token of the tests"
LINE = "+4640349800"
ANNA = "+46701740641"
BO = "+46701740642"


@dataclass(frozen=True)
class Received:
    """A request as the service saw it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]

    def __getitem__(self, name: str) -> str | None:
        return self.form.get(name)


@dataclass
class Script:
    """Answers by path. A list is used up one by one, its last for ever; a callable gets the number of the request."""

    answers: dict[str, str | list[str] | Callable[[int], Response]] = field(default_factory=dict)
    public_url: str = ""
    received: list[Received] = field(default_factory=list)
    badly_signed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def service(self) -> Service:
        """How the simulator finds it."""
        return Service(self.public_url, ACCOUNT, TOKEN, voice_path="/voice", status_path="/status")

    def to(self, path: str) -> list[Received]:
        """The requests to a path."""
        return [one for one in self.received if one.path == path]

    def one(self, path: str) -> Received:
        """The only request to a path."""
        (only,) = self.to(path)
        return only

    @property
    def paths(self) -> list[str]:
        """All paths, in order."""
        return [one.path for one in self.received]


def xml(verbs: str) -> str:
    """A document."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    """Serve a script until the end of the block."""
    app = Flask(__name__)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        return _answer(script, f"/{path}")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    script.public_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(script: Script, path: str) -> Response:
    target = path + (f"?{request.query_string.decode()}" if request.query_string else "")
    given = request.headers.get("X-Twilio-Signature", "")
    if not RequestValidator(TOKEN).validate(script.public_url + target, request.form, given):
        script.badly_signed.append(target)
    with script.lock:
        script.received.append(
            Received(request.method, path, request.args.to_dict(), request.form.to_dict(), dict(request.headers))
        )
        seen = len(script.to(path))
    planned = script.answers.get(path, "")
    if path == "/healthz" and not planned:
        return Response('{"status": "ok"}', content_type="application/json")
    if callable(planned):
        return planned(seen)
    verbs = planned if isinstance(planned, str) else planned[min(seen, len(planned)) - 1]
    return Response(xml(verbs), content_type="text/xml; charset=utf-8")
