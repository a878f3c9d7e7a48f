"""The words that instants and closures are spoken with, and the functions that speak them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.hours import ClosedKind, SpecialDay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.domain.callflow.nodes import CallerKind
    from app.domain.hours import Closed
    from app.domain.skills import Competence, Language

LONGEST_REASON = 100
"""The record holds no more."""
LONGEST_SPOKEN_NAME = 60

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}", re.ASCII)
_NAMED = frozenset({ClosedKind.DATED_CHANGE, ClosedKind.HOLIDAY, ClosedKind.EVE, ClosedKind.SPECIAL_DAY})


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
    failure_over: str
    """Said after that number was rung: nobody answered there, or the conversation is over."""
    unusable: str
    """Said, before hanging up, to a request that we can't make sense of; no placeholders."""
    no_screen: str
    """Said to a specialist whose call is gone."""
    back_screen: str = ""
    """Said to a specialist who is to be put through to a caller who wants to be rung back: {line}, {caller}."""
    back_busy: str = ""
    """Said to them when the caller's phone is busy."""
    back_no_answer: str = ""
    back_failed: str = ""
    """Said to them when the caller's phone can't be reached at all."""
    minute_words: tuple[str, ...] = ()
    """The 60 minutes in words; digits are spoken where they are missing."""
    closed_reasons: Mapping[ClosedKind, str] = field(default_factory=dict)
    """Why it is closed, in a word or two, for days without a name."""
    special_days: Mapping[SpecialDay, str] = field(default_factory=dict)
    """The names of the days on which offices shorten their hours."""
    topics: Mapping[Competence, str] = field(default_factory=dict)
    """What a caller asked for, as the specialist hears it after the kind of caller."""
    with_reference: str = ""
    """Who calls, if all that they said is the reference of a case; in place of the kind of caller."""
    caller_languages: Mapping[Language, str] = field(default_factory=dict)
    """A caller's language, in the same place; nothing for Swedish."""
    translations: Mapping[Language, Words] = field(default_factory=dict)
    """The words of the other languages; given with the Swedish ones alone."""

    def in_language(self, language: Language) -> Words:
        """The words of that language where they are known, else these."""
        return self.translations.get(language, self)


def fill(text: str, **values: str) -> str:
    """``text`` with each ``{name}`` replaced by its value; other placeholders stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def spoken_instant(words: Words, instant: datetime, now: datetime) -> str:
    """An opening time in words, seen from ``now``; both are aware, ``instant`` on the line's wall clock."""
    today = now.astimezone(instant.tzinfo).date()
    day = instant.date()
    time = _spoken_time(words, instant)
    if day == today:
        return fill(words.today, time=time)
    if day == today + timedelta(days=1):
        return fill(words.tomorrow, time=time)
    return fill(
        words.on_day if day.year == today.year else words.on_day_of_year,
        weekday=words.weekdays[day.weekday()],
        day=str(day.day),
        month=words.months[day.month - 1],
        year=str(day.year),
        time=time,
    )


def _spoken_time(words: Words, instant: datetime) -> str:
    hour = words.hours[instant.hour]
    if instant.minute == 0:
        return hour
    minute = words.minute_words[instant.minute] if words.minute_words else str(instant.minute)
    return fill(words.minutes, hour=hour, minute=minute)


def spoken_closure(words: Words, closed: Closed) -> str:
    """Why it is closed, in words that follow "closed". A name that is too long to say is told in general words."""
    name = _name(words, closed)
    is_short = 0 < len(name) <= LONGEST_SPOKEN_NAME
    return fill(words.closed[closed.kind], name=name if is_short else words.closed_reasons.get(closed.kind, ""))


def closed_reason(words: Words, closed: Closed) -> str:
    """Why it is closed, for the record and for other systems: the day's name where it has one, else a short word.

    The words are stable; at most 100 characters.
    """
    if closed.name and closed.kind in _NAMED:
        return _name(words, closed)[:LONGEST_REASON]
    return words.closed_reasons.get(closed.kind, closed.kind.value)


def _name(words: Words, closed: Closed) -> str:
    # Special days come by their key; holidays and changes by their name.
    if closed.kind is ClosedKind.SPECIAL_DAY and closed.name in words.special_days:
        return words.special_days[SpecialDay(closed.name)]
    return closed.name


def spoken_digits(number: str) -> str:
    """Digits one by one, with pauses that a speech engine keeps ("0, 7, 0, …")."""
    return ", ".join(re.findall(r"[0-9]", number))
