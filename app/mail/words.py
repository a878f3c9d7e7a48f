"""What the mails say. The sentences are in the catalogues of the pages, and are said in Swedish.

A mail can be read by whoever sees over a shoulder, so it tells nothing about callers: how many, on which line, when,
and where to look.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from babel.dates import format_datetime

from app.domain.mail import MailKind

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_TRANSLATIONS = Path(__file__).parent.parent / "translations"
_LANGUAGE = "sv"
_DATES = "sv_SE"


@dataclass(frozen=True, slots=True)
class Told:
    """All that a mail may tell."""

    reader: str
    """The alias of the account that it goes to."""
    line: str
    """The line's name."""
    number: int
    """How many there are of what the kind counts; 0 where it counts nothing."""
    begins: datetime
    ends: datetime
    now: datetime
    zone: tzinfo
    """Of the line's wall clock."""
    desk: str
    """Where to look."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Words, ready to be sent."""

    subject: str
    text: str
    language: str = _LANGUAGE


def letter(kind: MailKind, told: Told) -> Letter:
    """The mail of this kind."""
    match kind:
        case MailKind.UNTAKEN:
            return _untaken(told)
        case MailKind.UNMANNED:
            return _unmanned(told)
    assert_never(kind)


def trial() -> Letter:
    """What an operator sends to see whether mail arrives."""
    gettext = _catalogue().gettext
    return Letter(
        gettext("Rådrum can send mail"),
        gettext("This mail was sent to try whether mail from Rådrum arrives. It does.") + "\n",
    )


def _untaken(told: Told) -> Letter:
    words = _catalogue()
    filled = {"number": told.number, "line": told.line, "last": _moment(told.ends, told)}
    subject = words.ngettext(
        "A call that nobody took: %(line)s", "%(number)d calls that nobody took: %(line)s", told.number
    )
    what = words.ngettext(
        "A call to %(line)s ended on %(last)s without anybody taking it.",
        "%(number)d calls to %(line)s ended without anybody taking them, the last one on %(last)s.",
        told.number,
    )
    often = words.gettext("Such mail comes at most once in a quarter of an hour for each line.")
    return Letter(subject % filled, _text(told, what % filled, often))


def _unmanned(told: Told) -> Letter:
    words = _catalogue()
    filled = {"line": told.line, "begins": _moment(told.begins, told), "ends": _end(told)}
    if told.begins <= told.now:
        subject = words.gettext("Nobody is on duty now: %(line)s")
        what = words.gettext("Nobody is on duty for %(line)s since %(begins)s. The line is open until %(ends)s.")
    else:
        subject = words.gettext("Nobody on duty on %(begins)s: %(line)s")
        what = words.gettext("Nobody will be on duty for %(line)s from %(begins)s to %(ends)s, while the line is open.")
    often = words.gettext("Such mail comes a day before, two hours before and when it begins.")
    return Letter(subject % filled, _text(told, what % filled, often))


def _text(told: Told, what: str, often: str) -> str:
    words = _catalogue()
    parts = (
        words.gettext("Hello %(name)s,") % {"name": told.reader},
        what,
        words.gettext("See Today: %(address)s") % {"address": told.desk},
        often + " " + words.gettext("Nobody reads the answers to it."),
    )
    return "\n\n".join(parts) + "\n"


def _moment(instant: datetime, told: Told) -> str:
    """Tisdag 24 november kl. 09:00, in the middle of a sentence."""
    text: str = format_datetime(instant, "EEEE d MMMM 'kl.' HH:mm", tzinfo=told.zone, locale=_DATES)
    return text


def _end(told: Told) -> str:
    """Kl. 16:00, with the date where it is another one than that of the beginning."""
    begins, ends = (instant.astimezone(told.zone) for instant in (told.begins, told.ends))
    return f"kl. {ends:%H:%M}" if begins.date() == ends.date() else _moment(told.ends, told)


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("messages", _TRANSLATIONS, [_LANGUAGE])
