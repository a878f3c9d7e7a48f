"""The words of the call-back pages: who asked, how tries went, why something can't be done, and what to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext, lazy_gettext

from app.domain.callbacks import BackState, CallbackState, Closing, Why, WhyNot
from app.domain.callflow.nodes import CallerKind
from app.web import language

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.services.callback.callback_list import Waiting
    from app.services.callback.callback_pages import Opened

CALLERS: Final = {
    CallerKind.PROFESSIONAL: lazy_gettext("Professional"),
    CallerKind.EXPOSED: lazy_gettext("Exposed person or relative"),
    CallerKind.UNKNOWN: lazy_gettext("Not said"),
}
TRIES: Final = {
    BackState.RINGING: lazy_gettext("the specialist's phone rings"),
    BackState.DIALLING: lazy_gettext("the caller's phone rings"),
    BackState.TALKING: lazy_gettext("they talk"),
    BackState.REACHED: lazy_gettext("talked"),
    BackState.CALLER_BUSY: lazy_gettext("the caller's phone was engaged"),
    BackState.CALLER_NO_ANSWER: lazy_gettext("the caller didn't answer"),
    BackState.CALLER_FAILED: lazy_gettext("the caller's phone couldn't be reached"),
    BackState.DECLINED: lazy_gettext("another key than 1 was pressed; the caller wasn't rung"),
    BackState.SILENT: lazy_gettext("1 wasn't pressed; the caller wasn't rung"),
    BackState.NO_ANSWER: lazy_gettext("the specialist's phone wasn't answered; the caller wasn't rung"),
    BackState.BUSY: lazy_gettext("the specialist's phone was engaged; the caller wasn't rung"),
    BackState.FAILED: lazy_gettext("the specialist's phone couldn't be rung; the caller wasn't rung"),
    BackState.CANCELLED: lazy_gettext("the specialist hung up before the caller answered"),
}
CLOSINGS: Final = {
    Closing.TALKED: lazy_gettext("We talked"),
    Closing.NOT_REACHED: lazy_gettext("Not reached, tried often enough"),
    Closing.WRONG_NUMBER: lazy_gettext("Wrong number"),
    Closing.NO_LONGER_WANTED: lazy_gettext("No longer wanted"),
    Closing.EXPIRED: lazy_gettext("Nobody got to it in time"),
}
NEXT: Final = {
    BackState.CALLER_BUSY: lazy_gettext("The caller's phone was engaged. Try again in a while."),
    BackState.CALLER_NO_ANSWER: lazy_gettext("The caller didn't answer. Try again at another time of day."),
    BackState.CALLER_FAILED: lazy_gettext(
        "The caller's phone couldn't be reached: it may be off. Try again later; if it stays so, close it as a wrong"
        " number."
    ),
    BackState.DECLINED: lazy_gettext(
        "Another key than 1 was pressed, so the caller wasn't rung. Ring when you are ready."
    ),
    BackState.SILENT: lazy_gettext("1 wasn't pressed, so the caller wasn't rung. Ring when you are ready."),
    BackState.NO_ANSWER: lazy_gettext(
        "The specialist's phone wasn't answered, so the caller wasn't rung. Ring when you are ready."
    ),
    BackState.BUSY: lazy_gettext(
        "The specialist's phone was engaged, so the caller wasn't rung. Ring when it is free."
    ),
    BackState.FAILED: lazy_gettext(
        "The specialist's phone couldn't be rung, so the caller wasn't either. See that it is on, and try again in a"
        " few minutes."
    ),
    BackState.CANCELLED: lazy_gettext("The call ended before the caller answered. Ring again when you are ready."),
    BackState.REACHED: lazy_gettext(
        "Somebody or something answered for a short while. If you talked, close it as that; if it was a voicemail,"
        " try again later."
    ),
}
"""What to do after a try that didn't settle the matter."""
_WHY: Final = {
    Why.NOT_YOURS: lazy_gettext("Nothing was changed: you don't have this call-back any more."),
    Why.IN_A_CALL: lazy_gettext(
        "Nothing was rung: you are in a call, or are ringing somebody else back. End that first, then ring again."
    ),
    Why.NO_PHONE: lazy_gettext(
        "You can't ring from here: your account has no specialist's phone that may be rung. A coordinator can add it;"
        " until then hand the call-back to a colleague."
    ),
    Why.NUMBER_GONE: lazy_gettext("There is no number any more: it has been erased. Close the call-back."),
    Why.NOT_TO_BE_RUNG: lazy_gettext(
        "This number isn't rung from here: it is foreign, charged at a premium, or one of our own. Close the"
        " call-back as a wrong number."
    ),
    Why.NOT_SAFE: lazy_gettext(
        "It can't be rung: this is an exposed person or a relative, and nobody has noted that it is safe. Ring only"
        " when the person has said so and when; note the hours under Exposed person."
    ),
    Why.TOO_MANY_THIS_HOUR: lazy_gettext(
        "Nothing was rung: this line has rung back as often as it may within an hour. Try again in a while."
    ),
    Why.TOO_MANY_TODAY: lazy_gettext(
        "Nothing was rung: this line has rung back as often as it may within 24 hours. Try again tomorrow, or ask"
        " whoever runs the service to raise the cap."
    ),
    Why.NOBODY_THERE: lazy_gettext("Nothing was changed: there is no such colleague any more. Choose another."),
    Why.NOT_TALKED: lazy_gettext(
        "Nothing was changed: the caller hasn't been reached yet. Ring first, or choose another reason."
    ),
    Why.REFUSED: lazy_gettext(
        "Nothing was rung: the telephone provider refused to ring your phone. Nothing is lost. Tell whoever runs the"
        " service, and try again later."
    ),
}
NOT_NOTED: Final = {
    WhyNot.NOT_SERVED: lazy_gettext(
        "A call-back is noted from the record of a call that you took on a line that serves exposed persons. Open that"
        " record while the call goes on, or just after it, and choose it there."
    ),
    WhyNot.NOT_TAKEN: lazy_gettext(
        "Somebody else took this call. Only whoever heard the person say that it is safe can note it: ask them to."
    ),
    WhyNot.TOO_LATE: lazy_gettext(
        "The call ended more than an hour ago, so that nothing is noted for it any more. If the person rings again,"
        " note it then."
    ),
    WhyNot.THERE_IS_ONE: lazy_gettext(
        "There is a call-back for this call already. Its hours can be changed on its page, while it is open."
    ),
    WhyNot.NOT_TO_BE_RUNG: lazy_gettext(
        "We can't ring that number: it is foreign, charged at a premium, or one of our own. Ask for another."
    ),
}
"""Why a call-back isn't noted by hand, and what to do instead."""
UNREACHABLE: Final = lazy_gettext(
    "Nothing was rung: the telephone provider can't be reached. Nothing is lost; the call-back is kept. Try again in"
    " a few minutes."
)
BUSY: Final = lazy_gettext(
    "Nothing was rung: the telephone provider answers slowly, and others are waiting for it. Try again in half a"
    " minute."
)


def why_not(why: Why, opened: Opened, zone: ZoneInfo) -> str:
    """Why something couldn't be done, as things stand, and what to do instead."""
    one = opened.waiting
    if why is Why.CLOSED:
        return _closed(opened, zone)
    if why is Why.SOMEBODY_ELSES:
        at = language.clock(one.taken_at, zone) if one.taken_at else ""
        return str(gettext("%(who)s took it at %(time)s. Nothing was changed.", who=one.has or "?", time=at))
    if why is Why.RINGING:
        if opened.rings_me:
            return str(gettext("You are ringing already. Wait for your phone; nothing was ordered twice."))
        return str(gettext("%(who)s is ringing just now. Nothing was changed.", who=one.has or "?"))
    if why is Why.NOTED_ELSEWHERE:
        return _noted(opened)
    if why is Why.NOT_SAFE_NOW:
        hours = {"begins": one.safe_from, "ends": one.safe_until}
        return str(gettext("It can't be rung now: it is safe between %(begins)s and %(ends)s alone.", **hours))
    return str(_WHY[why])


def _noted(opened: Opened) -> str:
    one, who = opened.waiting, opened.safe_noted_by or "?"
    if one.safe_from is None:
        return str(
            gettext(
                "%(who)s has noted since you opened this page: never ring. Your hours weren't noted. Send them again"
                " only if the person has told you so since then.",
                who=who,
            )
        )
    return str(
        gettext(
            "%(who)s has noted since you opened this page: safe between %(begins)s and %(ends)s. Your hours weren't"
            " noted. Send them again only if the person has told you so since then.",
            who=who,
            begins=one.safe_from,
            ends=one.safe_until,
        )
    )


def _closed(opened: Opened, zone: ZoneInfo) -> str:
    if opened.closed is None:
        return str(gettext("It is over. Nothing was changed."))
    at, how = language.clock(opened.closed.at, zone), str(CLOSINGS[opened.closed.closing])
    if opened.closed.by is None:
        return str(gettext("It was closed at %(time)s: %(how)s. Nothing was changed.", time=at, how=how))
    said = {"who": opened.closed.by, "time": at, "how": how}
    return str(gettext("%(who)s closed it at %(time)s: %(how)s. Nothing was changed.", **said))


def state_in_words(one: Waiting) -> str:
    """Who has it, as the reader knows themselves."""
    who = one.has or "?"
    match one.state:
        case CallbackState.RINGING:
            return str(gettext("you are ringing") if one.is_mine else gettext("%(who)s is ringing", who=who))
        case CallbackState.PASSED_ON | CallbackState.TAKEN if one.is_anybodys and not one.is_mine:
            return str(gettext("not taken any more, %(who)s had it", who=who))
        case CallbackState.PASSED_ON | CallbackState.TAKEN:
            return str(gettext("yours") if one.is_mine else gettext("%(who)s has it", who=who))
        case CallbackState.DONE | CallbackState.WITHDRAWN:
            return str(gettext("over"))
    return str(gettext("not taken"))


def since_in_words(one: Waiting, zone: ZoneInfo) -> str:
    """Since when, and from whom; empty while nobody has it."""
    if one.taken_at is None:
        return ""
    at = language.clock(one.taken_at, zone)
    if one.passed_by:
        return str(gettext("handed on by %(who)s at %(time)s", who=one.passed_by, time=at))
    return str(gettext("since %(time)s", time=at))
