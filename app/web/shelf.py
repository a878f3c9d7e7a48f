"""Answers that are the same for everybody, made once and handed out for a while, however many ask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from werkzeug.exceptions import ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

KEPT_FOR = timedelta(minutes=1)
"""A flood of requests costs the database one question a minute for each answer, and process."""

_PATIENCE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Body:
    """What is answered. ``digest``: another one for every other content."""

    content: bytes
    content_type: str
    digest: str


@dataclass
class Shelf:
    """The answers of one process, by what was asked. Whoever keeps one makes sure that little can be asked."""

    _kept: dict[Hashable, tuple[datetime, Body]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, asked: Hashable, now: datetime, make: Callable[[], tuple[str, str]]) -> Body:
        """The answer; ``make`` gives its text and its content type where there is none, or an old one.

        One request makes it at a time. While it does, others get the old one; without one they wait a little, and then
        hear that the service is busy: the threads are for callers first.
        """
        since, old = self._kept.get(asked, (now, None))
        if old and since <= now < since + KEPT_FOR:
            return old
        if not self._lock.acquire(timeout=0 if old else _PATIENCE_SECONDS):
            if old:
                return old
            raise ServiceUnavailable
        try:
            text, content_type = make()
            content = text.encode()
            body = Body(content, content_type, hashlib.sha256(content).hexdigest()[:20])
            self._kept[asked] = (now, body)
        finally:
            self._lock.release()
        return body
