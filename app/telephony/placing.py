"""Having Twilio ring a phone: what is ordered, and what can become of an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import NewConnectionError

from app.domain.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from app.domain.phone import PhoneNumber


class Unclear(Unavailable):
    """Whether it was done isn't known: no answer came, or one that says nothing. It must not be tried again blindly."""


class Refused(Conflict):
    """It wasn't done, and Twilio says so."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """A phone to ring. The URLs are whole; their fragments say how Twilio is to ask for them."""

    to: PhoneNumber
    caller_id: PhoneNumber
    url: str
    status_url: str
    ring_seconds: int
    longest_seconds: int


def never_sent(error: Exception) -> bool:
    """Whether there was nobody to take the request: then nothing rings, and it isn't a matter of doubt."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    told = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(getattr(told, "reason", None), NewConnectionError)
