"""Requests as Twilio sends them: signed, with its headers, and its timeouts and retries by the URL's fragment."""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit

from app.simulator.sign import signature

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_READ = 1024 * 1024
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_HARD_LIMIT_MS = 15_000


@dataclass(frozen=True, slots=True)
class Policy:
    """How a URL wants to be asked (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    retries: int = 1
    reasons: frozenset[str] = frozenset({"ct"})

    @staticmethod
    def of(url: str) -> Policy:
        """The policy in a URL's fragment; what it leaves out is Twilio's default."""
        given = dict(parse_qsl(urldefrag(url).fragment))
        reasons = frozenset(given.get("rp", "ct").split(","))
        return Policy(
            connect_seconds=_milliseconds(given, "ct", 5_000) / 1000,
            read_seconds=_milliseconds(given, "rt", _HARD_LIMIT_MS) / 1000,
            retries=int(given.get("rc", "1")),
            reasons=frozenset({"4xx", "5xx", "ct", "rt"}) if "all" in reasons else reasons,
        )


# The least and the most of each override that is a number.
_NUMBERS = {"ct": (100, 10_000), "rt": (100, _HARD_LIMIT_MS), "tt": (100, _HARD_LIMIT_MS), "rc": (0, 5)}
_REASONS = frozenset({"4xx", "5xx", "ct", "rt", "all"})


def what_is_wrong_with(url: str) -> str | None:
    """What a URL's fragment asks for that Twilio doesn't know; ``None`` if nothing."""
    for name, value in parse_qsl(urldefrag(url).fragment, keep_blank_values=True):
        if name in _NUMBERS:
            least, most = _NUMBERS[name]
            if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
                return f"{name}={value}; allowed: {least} to {most}"
        elif name == "rp" and set(value.split(",")) - _REASONS:
            return f"rp={value}; allowed: {', '.join(sorted(_REASONS))}"
        elif name not in {"rp", "sni", "e"}:
            return f"the unknown override {name}"
    return None


def _milliseconds(given: Mapping[str, str], name: str, default: int) -> int:
    return min(int(given.get(name, str(default))), _HARD_LIMIT_MS)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, before it is signed. ``url`` may have a fragment: it rules the delivery and never travels."""

    method: str
    url: str
    fields: tuple[tuple[str, str], ...]
    idempotency_token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``trouble`` is Twilio's word for what went wrong (ct, rt, 4xx, 5xx), ``None`` for 2xx."""

    status: int = 0
    content_type: str = ""
    body: bytes = b""
    seconds: float = 0.0
    trouble: str | None = None


NOT_CONNECTED = Answer(trouble="ct")


def send(request: Request, auth_token: str) -> Answer:
    """Send once; never raises for what the network does."""
    policy = Policy.of(request.url)
    url, body = _on_the_wire(request)
    signed_fields = request.fields if request.method == "POST" else ()
    headers = {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        # A connection of its own, so that the requests spread over all workers of the service.
        "Connection": "close",
        "X-Twilio-Signature": signature(auth_token, url, signed_fields),
        "I-Twilio-Idempotency-Token": request.idempotency_token,
        "X-Home-Region": "us1",
    }
    if request.method == "POST":
        headers["Content-Type"] = _FORM
    began = time.perf_counter()
    answer = _exchange(request.method, url, body, headers, policy)
    return Answer(answer.status, answer.content_type, answer.body, time.perf_counter() - began, answer.trouble)


def _on_the_wire(request: Request) -> tuple[str, bytes | None]:
    url = urldefrag(request.url).url
    encoded = urlencode(request.fields)
    if request.method == "POST":
        return url, encoded.encode()
    return f"{url}{'&' if urlsplit(url).query else '?'}{encoded}", None


def _exchange(method: str, url: str, body: bytes | None, headers: Mapping[str, str], policy: Policy) -> Answer:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=policy.connect_seconds)
    try:
        try:
            connection.connect()
        except OSError:
            return NOT_CONNECTED
        if isinstance(connection.sock, socket.socket):
            connection.sock.settimeout(policy.read_seconds)
        # The target as it is given, byte by byte: the signature is over exactly that.
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request(method, target, body=body, headers=dict(headers))
        response = connection.getresponse()
        read = response.read(MAX_READ)
    except (OSError, http.client.HTTPException):
        return Answer(trouble="rt")
    finally:
        connection.close()
    return Answer(response.status, response.headers.get("Content-Type", ""), read, trouble=_trouble(response.status))


def _trouble(status: int) -> str | None:
    match status // 100:
        case 2:
            return None
        case 5:
            return "5xx"
        case _:
            # A redirection would lose the form's fields, so our service never answers with one.
            return "4xx"
