"""TwiML as values: the verbs that this simulator runs, with Twilio's defaults filled in.

There is no recording, queue or conference: the parser refuses them. URLs are absolute.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Words. ``loop`` 0 means as often as Twilio goes on: here once."""

    text: str
    loop: int = 1
    language: str = "en-US"
    voice: str = "man"


@dataclass(frozen=True, slots=True)
class Play:
    """A sound file."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """A wait for keys. ``num_digits`` ``None`` is without limit, ``finish_on_key`` empty is no such key."""

    action: str
    prompts: tuple[Say | Play | Pause, ...] = ()
    method: str = "POST"
    timeout_seconds: int = 5
    num_digits: int | None = None
    finish_on_key: str = "#"
    action_on_empty_result: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another document instead of this one."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Number:
    """A phone to ring; ``screen_url`` is the document that runs on its leg before it is joined with the caller."""

    phone: str
    screen_url: str | None = None
    screen_method: str = "POST"
    callback_url: str | None = None
    callback_method: str = "POST"
    callback_events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring phones; the first that answers is joined with the caller."""

    numbers: tuple[Number, ...]
    action: str | None = None
    method: str = "POST"
    timeout_seconds: int = 30
    time_limit_seconds: int = 14_400
    answer_on_bridge: bool = False
    hang_up_on_star: bool = False
    caller_id: str | None = None


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end."""


@dataclass(frozen=True, slots=True)
class Reject:
    """The end before the beginning: as first verb the call is never answered."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Redirect | Dial | Hangup | Reject


@dataclass(frozen=True, slots=True)
class Document:
    """One answer of the service, and the URL that it came from."""

    url: str
    verbs: tuple[Verb, ...]
