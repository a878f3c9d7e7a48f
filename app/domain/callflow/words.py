"""The words that instants and closures are spoken with, and the functions that speak them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.callflow.values import CallerKind
from app.domain.hours import ClosedKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.domain.hours import Closed


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, from ``callflows/words/<language>.toml``."""

    language: str
    """BCP 47, as Twilio's Say takes it (sv-SE)."""
    voice: str
    """A voice that Twilio has for the language."""
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    hours: tuple[str, ...]
    """The 24 hours in words."""
    minutes: str
    """How minutes follow the hour: "{hour} och {minute}"."""
    today: str
    """"i dag klockan {time}"."""
    tomorrow: str
    on_day: str
    """"på {weekday} den {day} {month} klockan {time}"."""
    on_day_of_year: str
    """The same with {year}, for another year than this one."""
    no_opening: str
    """Said in place of a next opening when none is known."""
    closed: Mapping[ClosedKind, str]
    """Why it is closed, as the caller hears it; {name} is the day's name."""
    caller_kinds: Mapping[CallerKind, str]
    failure: str
    """Said when we fail: {line}, and {backup_number} digit by digit. Then the backup number is rung."""
    unusable: str
    """Said, before hanging up, to a request that we can't make sense of; no placeholders."""
    no_screen: str
    """Said to a specialist whose call is gone."""


def spoken_instant(words: Words, instant: datetime, now: datetime) -> str:
    """An opening time in words, seen from ``now``; both are aware and on the line's wall clock."""
    raise NotImplementedError


def spoken_closure(words: Words, closed: Closed) -> str:
    """Why it is closed, in words."""
    raise NotImplementedError


def spoken_digits(number: str) -> str:
    """Digits one by one, with pauses that a speech engine keeps ("0, 7, 0, …")."""
    raise NotImplementedError
