"""The words of follow-ups: when one is due, and how it stands. What is overdue is said, and not by its colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.followups import FollowUpEnd, FollowUpState
from app.web import language

if TYPE_CHECKING:
    from datetime import date

LOOKS: Final = {
    FollowUpState.OVERDUE: "closed",
    FollowUpState.DUE: "waiting",
    FollowUpState.PLANNED: "open",
}
"""Which look of ``.state`` goes with it."""
DROPS: Final = {
    FollowUpEnd.NOT_REACHED: lazy_gettext("The caller wasn't reached, and isn't tried any more"),
    FollowUpEnd.NO_LONGER_WANTED: lazy_gettext("The caller doesn't want it any more"),
}


def no_later_than(due: date) -> str:
    """No later than Thursday 10 December."""
    return str(gettext("no later than %(day)s", day=language.weekday(due)))


def by_day(days: int, due: date, state: FollowUpState) -> str:
    """The day that comes of a promise, and of which: Thursday 10 December (14 days). Short, for a narrow list."""
    day = language.weekday(due)
    if state is FollowUpState.OVERDUE:
        words = ngettext("%(day)s (%(num)d day, passed)", "%(day)s (%(num)d days, passed)", days, day=day)
    else:
        words = ngettext("%(day)s (%(num)d day)", "%(day)s (%(num)d days)", days, day=day)
    return str(words)


def state_in_words(state: FollowUpState, due: date, today: date) -> str:
    """Overdue by 3 days; due today; in 5 days."""
    if state is FollowUpState.DUE:
        return str(gettext("To be done today"))
    if state is FollowUpState.OVERDUE:
        days = (today - due).days
        return str(ngettext("Overdue since yesterday", "Overdue by %(num)d days", days))
    days = (due - today).days
    return str(ngettext("Tomorrow", "In %(num)d days", days))


def tried(times: int) -> str:
    """How often nobody was reached; empty for never."""
    if not times:
        return ""
    return str(ngettext("Tried once, nobody was reached", "Tried %(num)d times, nobody was reached", times))


def closed_day(day: date, before: date | None, after: date | None) -> str:
    """Why a follow-up can't be moved to a closed day, with the nearest days on which it can."""
    words = gettext("The line is closed on %(day)s.", day=language.weekday(day))
    near = [language.weekday(one) for one in (before, after) if one is not None]
    if len(near) == 1:
        return str(gettext("%(why)s The nearest open day is %(one)s.", why=words, one=near[0]))
    if near:
        return str(
            gettext("%(why)s The nearest open days are %(one)s and %(other)s.", why=words, one=near[0], other=near[1])
        )
    return str(words)
