"""The ledger: everything that was sent to the service and what it answered. The oracle of the drills."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.simulator.findings import Finding


class RequestKind(StrEnum):
    """What a request is for."""

    TWIML = "twiml"
    CALLBACK = "callback"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``status`` 0: none came; then ``trouble`` says why."""

    call_sid: str
    """The caller's leg, also for requests about the leg of a phone."""
    kind: RequestKind
    method: str
    url: str
    fields: tuple[tuple[str, str], ...]
    idempotency_token: str
    at: str
    """The call's own instant, ISO 8601."""
    status: int
    content_type: str
    body: str
    seconds: float
    """Real ones."""
    trouble: str | None = None
    played_fault: str | None = None
    """The fault that the simulator was asked to play on it."""

    def field(self, name: str) -> str | None:
        """A form field that was sent."""
        return dict(self.fields).get(name)


class Ledger:
    """An append-only list, safe for threads; also written as JSON lines when a file is named."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []
        self._by_call: dict[str, list[Exchange]] = {}
        self._findings: list[tuple[str, Finding]] = []
        self._path = path

    def add(self, exchange: Exchange) -> None:
        """Enter one exchange."""
        with self._lock:
            self._exchanges.append(exchange)
            self._by_call.setdefault(exchange.call_sid, []).append(exchange)
            self._write({"exchange": asdict(exchange)})

    def object_to(self, call_sid: str, finding: Finding) -> None:
        """Enter one finding."""
        with self._lock:
            self._findings.append((call_sid, finding))
            self._write({"finding": {"call_sid": call_sid, **asdict(finding)}})

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter(tuple(self._exchanges))

    def of(self, call_sid: str) -> tuple[Exchange, ...]:
        """Everything about one call, in the order in which it was answered."""
        with self._lock:
            return tuple(self._by_call.get(call_sid, ()))

    @property
    def findings(self) -> tuple[tuple[str, Finding], ...]:
        """All findings, each with its call."""
        with self._lock:
            return tuple(self._findings)

    @property
    def call_sids(self) -> frozenset[str]:
        """The calls of which at least one request was answered."""
        return frozenset(exchange.call_sid for exchange in self if exchange.status)

    def _write(self, entry: dict[str, Any]) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
