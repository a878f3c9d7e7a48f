"""Since when the lines are counted, in words: said wherever numbers are of fewer days than the period has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from app.domain.trends import Period
from app.web import language
from app.web.desk.trends import trends_words

if TYPE_CHECKING:
    from datetime import date

    from app.services.numbers.trends import Trends


def said_of(found: Trends) -> str:
    """Of which days of the period the numbers are, or why there are none; empty where they are of all its days."""
    if not found.is_counted:
        return _not_counted(found)
    return "" if found.is_counted_whole else _counted_in_part(found)


def _not_counted(found: Trends) -> str:
    day, lines = _common_day(found), len(found.lines)
    if not found.began:
        return str(ngettext("The line isn't counted yet.", "The lines aren't counted yet.", lines))
    if day is None:
        return str(gettext("The lines weren't counted then. They are since: %(began)s.", began=_began(found)))
    return str(
        ngettext(
            "The line wasn't counted then: it is since %(day)s.",
            "The lines weren't counted then: they are since %(day)s.",
            lines,
            day=language.date_words(day),
        )
    )


def _counted_in_part(found: Trends) -> str:
    day = _common_day(found)
    if day is None:
        words = gettext(
            "Not all lines were counted through the whole period. They are since: %(began)s. "
            "The numbers are of those days alone, and are compared with nothing.",
            began=_began(found),
        )
        return str(words)
    return str(
        ngettext(
            "The line is counted only since %(day)s: the numbers are of %(days)s alone, and are compared with nothing.",
            "The lines are counted only since %(day)s: the numbers are of %(days)s alone, and are compared with "
            "nothing.",
            len(found.lines),
            day=language.date_words(day),
            days=trends_words.days(Period(day, found.now.period.last)),
        )
    )


def _common_day(found: Trends) -> date | None:
    """The day since which all are counted, where that is the same of each."""
    return found.since if len(set(found.began.values())) == 1 else None


def _began(found: Trends) -> str:
    """Each line with its day."""
    return trends_words.joined(
        [
            gettext("%(line)s %(day)s", line=line.name, day=language.date_words(found.began[line.key]))
            if line.key in found.began
            else gettext("%(line)s not yet", line=line.name)
            for line in found.lines
        ]
    )
