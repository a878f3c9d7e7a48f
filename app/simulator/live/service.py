"""What the service tells of its own side of a practice call: who is on duty, and what it has recorded."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.simulator.wire import Request, send

if TYPE_CHECKING:
    from datetime import datetime

    from app.simulator.plan import Service

_PATIENCE = "#ct=2000&rt=5000"
_FRESH_SECONDS = 2.0
_MOST_KNOWN = 100

Json = dict[str, Any]


class ServiceSide:
    """Reads it by signed requests; safe for threads."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[float, list[Json]]] = {}

    def duty(self, line: str, at: datetime) -> list[Json] | None:
        """Who is on duty on a line, and on the line that it overflows to; ``None``: the service doesn't say."""
        key = (line, at.isoformat(timespec="minutes"))
        with self._lock:
            asked_at, known = self._known.get(key, (0.0, []))
            if asked_at and time.monotonic() - asked_at < _FRESH_SECONDS:
                return known
        found = self._ask("/twilio/practice/duty", ("line", line), ("at", at.isoformat()))
        if found is None:
            return None
        phones: list[Json] = found["phones"]
        with self._lock:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = (time.monotonic(), phones)
        return phones

    def call(self, sid: str) -> Json | None:
        """A call's record, log and trail as they stand; ``None``: the service doesn't say."""
        return self._ask(f"/twilio/practice/calls/{sid}")

    def _ask(self, path: str, *fields: tuple[str, str]) -> Json | None:
        url = f"{self._service.public_url}{path}{_PATIENCE}"
        request = Request("GET", url, (("AccountSid", self._service.account_sid), *fields), str(uuid4()))
        answer = send(request, self._service.auth_token)
        if answer.trouble:
            return None
        try:
            found: Json = json.loads(answer.body)
        except ValueError:
            return None
        return found
