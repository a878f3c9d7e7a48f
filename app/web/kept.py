"""What somebody sent with a form that can't be taken any more: given back, so that it can be sent again.

Somebody who was signed out while they wrote, or whose page was open for too long, must not lose a word. Nothing of it
is stored: it goes back in the answer, to whoever sent it. It is sent as nobody else: the token that it came with first
says whose page it was on, and travels along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import Unauthorized

from app.web import whose
from app.web.accounts.cookie import signed_in

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

AGAIN: Final = "again-password"
"""The password that a page asks for beside what it takes: left out, and asked for anew when the rest is sent again."""
_FIRST = "first_token"
_SECRETS = ("password", "code")
# A browser's own word for where a request comes from; no page can change it.
_OUR_PAGES = frozenset({"same-origin"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A form to be sent again: ``texts`` are shown, ``fields`` travel along."""

    action: str
    token: str
    """Empty where it mustn't be taken: it is somebody else's."""
    is_anothers: bool
    """Whether somebody else is signed in now than whoever wrote it."""
    fields: list[tuple[str, str]]
    texts: list[tuple[str, str]]


def kept(error: HTTPException) -> Kept | None:
    """What was sent, when it was a form of ours that came too late.

    Never what another site sent in somebody's name: whoever reads "send again" would do its bidding. And nothing that
    is secret, so that no password stands in a page.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") in _OUR_PAGES
    is_late = isinstance(error, CSRFError | Unauthorized)
    if not (is_late and is_ours and request.form) or _holds_secrets():
        return None
    first = request.form.get(_FIRST) or request.form.get(whose.TOKEN, "")
    actor = signed_in()
    is_anothers = actor is not None and not whose.is_of(first, actor.account_id)
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in {whose.TOKEN, _FIRST, AGAIN}]
    return Kept(
        action=request.full_path.removesuffix("?"),
        token="" if is_anothers else generate_csrf(),
        is_anothers=is_anothers,
        fields=[(_FIRST, first), *((name, value) for name, value in sent if not _is_text(value))],
        texts=[(name, value) for name, value in sent if _is_text(value)],
    )


def _holds_secrets() -> bool:
    return any(secret in name for name in request.form for secret in _SECRETS if name != AGAIN)


def _is_text(value: str) -> bool:
    """Something that somebody wrote, and not a choice."""
    return " " in value.strip() or "\n" in value
