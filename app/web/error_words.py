"""What an error page says: what happened, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString
    from werkzeug.exceptions import HTTPException

_FIRST_OF_OURS = 500


class Words(NamedTuple):
    """The heading, and a sentence or two."""

    title: LazyString
    text: LazyString


_OPEN_TOO_LONG = Words(
    lazy_gettext("The page was open for too long"),
    lazy_gettext("For safety, a form can be sent only while its page is fresh. Nothing was saved this time."),
)
_BY_CODE = {
    401: Words(
        lazy_gettext("You have been signed out"),
        lazy_gettext("Whoever does nothing for a while is signed out. Nothing was saved this time."),
    ),
    403: Words(
        lazy_gettext("This isn't open to you"),
        lazy_gettext("Your account may not do this. Whoever manages the accounts can change that."),
    ),
    404: Words(
        lazy_gettext("The page doesn't exist"),
        lazy_gettext("The address leads nowhere, or to something that you have no access to."),
    ),
    405: Words(
        lazy_gettext("The page can't be opened like this"),
        lazy_gettext("It takes what a form sends, and no form was sent. Begin again from the first page."),
    ),
    413: Words(
        lazy_gettext("That was too much at once"),
        lazy_gettext("A form holds at most 256 kilobytes. Go back, make the text shorter and send it again."),
    ),
    429: Words(
        lazy_gettext("Too many attempts"),
        lazy_gettext("Wait for a minute, and try again."),
    ),
    503: Words(
        lazy_gettext("The service doesn't answer just now"),
        lazy_gettext("Calls are still put through. Wait for a minute, and load the page again."),
    ),
}
_OURS = Words(
    lazy_gettext("Something went wrong with us"),
    lazy_gettext("The error is noted. Try again in a while."),
)
_OTHER = Words(
    lazy_gettext("That didn't work"),
    lazy_gettext("The request couldn't be understood. Go back and try again."),
)


def words_of(error: HTTPException) -> Words:
    """What to say about it; never how it looks inside."""
    if isinstance(error, CSRFError):
        return _OPEN_TOO_LONG
    code = error.code or _FIRST_OF_OURS
    return _BY_CODE.get(code, _OURS if code >= _FIRST_OF_OURS else _OTHER)
