"""The words of cases: how they stand, why they changed hands, and what happened to their follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.domain.callbacks import Closing
from app.domain.cases import CaseEnd, HandOver, Reopening
from app.domain.followups import FollowUpEnd, FollowUpEventKind, Moved
from app.web import language
from app.web.desk.callback.callback_words import CLOSINGS

if TYPE_CHECKING:
    from datetime import tzinfo

    from app.services.case.case_events import AskedBack, Promised, Turned

HAND_OVERS: Final = {
    HandOver.SICKNESS: lazy_gettext("Sickness"),
    HandOver.HOLIDAY: lazy_gettext("Holiday"),
    HandOver.LEFT: lazy_gettext("Doesn't work here any more"),
    HandOver.COMPETENCE: lazy_gettext("The colleague knows this better"),
    HandOver.WORKLOAD: lazy_gettext("Workload"),
    HandOver.OTHER: lazy_gettext("Another reason"),
}
ENDS: Final = {
    CaseEnd.FINISHED: lazy_gettext("Nothing more to do"),
    CaseEnd.PASSED_ON: lazy_gettext("The caller turns elsewhere from now on"),
}
REOPENINGS: Final = {
    Reopening.CAME_BACK: lazy_gettext("The caller has come back in the same matter"),
    Reopening.BY_MISTAKE: lazy_gettext("It was ended by mistake"),
    Reopening.OTHER: lazy_gettext("Another reason"),
}
MOVES: Final = {
    Moved.CALLER_ASKED: lazy_gettext("The caller asked for it"),
    Moved.NOT_REACHED: lazy_gettext("The caller wasn't reached"),
    Moved.ABSENCE: lazy_gettext("Absence"),
    Moved.WAITING: lazy_gettext("Something has to happen first"),
    Moved.OTHER: lazy_gettext("Another reason"),
}
_PROMISES_ENDED: Final = {
    FollowUpEnd.DONE: lazy_gettext("Followed up"),
    FollowUpEnd.NOT_REACHED: lazy_gettext("Follow-up given up: the caller wasn't reached"),
    FollowUpEnd.NO_LONGER_WANTED: lazy_gettext("Follow-up dropped: no longer wanted"),
}
UNKNOWN: Final = lazy_gettext("No case of yours has this reference. Ask the caller to read it out once more.")
"""The same for a reference that nobody has, and for one of another organisation."""
WRONG_DIGITS: Final = lazy_gettext("A digit is wrong: these can't belong together. Ask for the reference once more.")
TOO_FEW: Final = lazy_gettext("A reference has seven digits, as in 412 537 1.")


def asked_back(one: AskedBack, zone: tzinfo) -> str:
    """What became of a wish to be rung back."""
    if one.closed_as is None or one.closed_at is None:
        return str(gettext("The caller asked to be rung back, and waits"))
    how, when = CLOSINGS[Closing(one.closed_as)], language.day_and_clock(one.closed_at, zone)
    return str(gettext("The caller asked to be rung back. Over %(when)s: %(how)s", when=when, how=how))


def promised(one: Promised) -> str:
    """What somebody did about a follow-up."""
    match one.kind:
        case FollowUpEventKind.PROMISED:
            return str(gettext("Follow-up promised, within %(days)d days", days=one.within_days))
        case FollowUpEventKind.NOT_REACHED:
            return str(gettext("Follow-up tried: the caller wasn't reached"))
        case FollowUpEventKind.MOVED:
            day = language.date_words(one.moved_to) if one.moved_to else "?"
            why = MOVES[one.reason] if one.reason else "?"
            return str(gettext("Follow-up moved to %(day)s: %(why)s", day=day, why=why))
        case FollowUpEventKind.ENDED:
            return str(_PROMISES_ENDED[one.ended_as or FollowUpEnd.DONE])


def turned(one: Turned) -> str:
    """That a case was ended, or opened again, and why."""
    if one.ended_as is not None:
        return str(gettext("The case was ended: %(why)s", why=ENDS[one.ended_as]))
    why = REOPENINGS[one.reopened_as or Reopening.OTHER]
    return str(gettext("The case was opened again: %(why)s", why=why))
