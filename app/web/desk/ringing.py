"""The provider as the desk may ask it: by few at once, so that a slow one can't take the threads that callers need.

One order keeps its thread for some seconds when Twilio is slow, and a web process has eight. So two may wait for Twilio
in each process, and whoever comes third is told so at once, before anything is stored.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from app.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_AT_ONCE: Final = 2
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


class Busy(Unavailable):
    """As many wait for the provider already as may."""


@contextmanager
def place_to_ring() -> Iterator[None]:
    """One of the places, for the length of the block. Raises ``Busy`` at once when all are taken."""
    if not _places.acquire(blocking=False):
        message = "the provider answers slowly, and others wait for it already; try again in half a minute"
        raise Busy(message)
    try:
        yield
    finally:
        _places.release()
