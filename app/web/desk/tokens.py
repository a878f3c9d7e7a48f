"""A random value in a form that makes something, so that a button that is pressed twice makes it once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext
from wtforms import HiddenField
from wtforms.validators import Regexp

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_VERSION = 9


def token_field() -> HiddenField:
    """The field. A page that is shown anew after a mistake has the same value: nothing was made yet."""
    message = lazy_gettext("The page is of an older version. Load it again.")
    return HiddenField(default=_new, validators=[Regexp(r"[0-9a-f]{32}\Z", message=message)])


def version_of(sent: object) -> int:
    """The version that a form showed; -1, which is nobody's, for what isn't one."""
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_VERSION else -1


_new: Callable[[], str] = lambda: secrets.token_hex(16)  # noqa: E731 - WTForms asks it for each page
