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

from app.domain.calendar_periods import Kind, kind_of
from app.domain.mail import MailKind
from app.domain.trends import period_between

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
    overdue: int
    """How many there are besides that should have been done before."""
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
        case MailKind.FOLLOW_UPS:
            return _follow_ups(told)
        case MailKind.ABSENT_FOLLOW_UPS:
            return _absent_follow_ups(told)
        case MailKind.REPORT:
            return _report(told)
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


def _follow_ups(told: Told) -> Letter:
    words = _catalogue()
    filled = {"number": told.number, "overdue": told.overdue, "day": _day(told.begins, told)}
    coming = words.ngettext(
        "A follow-up of yours is to be done no later than %(day)s.",
        "%(number)d follow-ups of yours are to be done no later than %(day)s.",
        told.number,
    )
    late = words.ngettext(
        "A follow-up of yours is overdue.", "%(overdue)d follow-ups of yours are overdue.", told.overdue
    )
    subject = (
        words.ngettext(
            "A follow-up, no later than %(day)s", "%(number)d follow-ups, no later than %(day)s", told.number
        )
        if told.number
        else words.ngettext("An overdue follow-up", "%(overdue)d overdue follow-ups", told.overdue)
    )
    often = words.gettext(
        "Such mail comes on the last open day before a follow-up is due, and once after it should have been done."
    )
    return Letter(subject % filled, _text(told, _both(told, coming, late) % filled, often))


def _absent_follow_ups(told: Told) -> Letter:
    words = _catalogue()
    filled = {"number": told.number, "overdue": told.overdue, "day": _day(told.begins, told)}
    filled["all"] = told.number + told.overdue
    subject = words.ngettext(
        "A follow-up of somebody who isn't there",
        "%(all)d follow-ups of colleagues who aren't there",
        told.number + told.overdue,
    )
    coming = words.ngettext(
        "A follow-up of somebody who isn't there is to be done no later than %(day)s.",
        "%(number)d follow-ups of colleagues who aren't there are to be done no later than %(day)s.",
        told.number,
    )
    late = words.ngettext(
        "A follow-up of somebody who isn't there is overdue.",
        "%(overdue)d follow-ups of colleagues who aren't there are overdue.",
        told.overdue,
    )
    often = words.gettext("Such mail comes each morning on which the line is open, until they are handed over.")
    return Letter(subject % filled, _text(told, _both(told, coming, late) % filled, often))


def _report(told: Told) -> Letter:
    words = _catalogue()
    filled = {"period": _period(told)}
    subject = words.gettext("Report on %(period)s")
    what = words.gettext("What was counted in %(period)s is there as a report: to print, with a text to copy.")
    often = words.gettext("Such mail comes on the first open day after a quarter, a half-year and a year.")
    return Letter(subject % filled, _text(told, what % filled, often, words.gettext("Read it here: %(address)s")))


def _period(told: Told) -> str:
    """Kvartal 3 2026, in the middle of a sentence."""
    words = _catalogue()
    period = period_between(told.begins, told.ends, told.zone)
    first, kind = period.first, kind_of(period)
    if kind is Kind.QUARTER:
        said = words.gettext("quarter %(number)d of %(year)d")
    elif kind is Kind.HALF_YEAR:
        halves = (words.gettext("the first half of %(year)d"), words.gettext("the second half of %(year)d"))
        said = halves[first.month > 1]
    else:
        return str(first.year)
    return said % {"number": (first.month + 2) // 3, "year": first.year}


def _both(told: Told, coming: str, late: str) -> str:
    """Of the two, what there is something of."""
    return " ".join(words for words, number in ((coming, told.number), (late, told.overdue)) if number)


def _text(told: Told, what: str, often: str, where: str = "") -> str:
    words = _catalogue()
    where = where or words.gettext("See Today: %(address)s")
    parts = (
        words.gettext("Hello %(name)s,") % {"name": told.reader},
        what,
        where % {"address": told.desk},
        often + " " + words.gettext("Nobody reads the answers to it."),
    )
    return "\n\n".join(parts) + "\n"


def _moment(instant: datetime, told: Told) -> str:
    """Tisdag 24 november kl. 09:00, in the middle of a sentence."""
    text: str = format_datetime(instant, "EEEE d MMMM 'kl.' HH:mm", tzinfo=told.zone, locale=_DATES)
    return text


def _day(instant: datetime, told: Told) -> str:
    """Torsdag 10 december, in the middle of a sentence."""
    text: str = format_datetime(instant, "EEEE d MMMM", tzinfo=told.zone, locale=_DATES)
    return text


def _end(told: Told) -> str:
    """Kl. 16:00, with the date where it is another one than that of the beginning."""
    begins, ends = (instant.astimezone(told.zone) for instant in (told.begins, told.ends))
    return f"kl. {ends:%H:%M}" if begins.date() == ends.date() else _moment(told.ends, told)


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("messages", _TRANSLATIONS, [_LANGUAGE])
