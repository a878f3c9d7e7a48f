"""Numbers as the language of the page writes them: 1 019 and 18 % in Swedish, 1,019 and 18% in English."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext

from app.web import language

DASH: Final = "\N{EN DASH}"
"""Between the ends of a span, and where there is no number."""
MINUS: Final = "\N{MINUS SIGN}"
HALF_A_PERCENT: Final = 0.005
"""Less is rounded to nothing."""


def number(value: int) -> str:
    """A whole number, in groups of three digits."""
    return _grouped(value, str(language.locale()))


def decimal(value: float) -> str:
    """A number with one digit after the comma, or point; none where that is a zero."""
    return str(format_decimal(value, format="#,##0.#", locale=language.locale()))


def hundredths(value: float) -> str:
    """A number with two digits after the comma, or point."""
    return str(format_decimal(value, format="#,##0.00", locale=language.locale()))


def percent(share: float) -> str:
    """A share in whole percent."""
    return str(format_percent(share, locale=language.locale()))


def short_percent(share: float) -> str:
    """A share as narrow as it goes: <1 % for what isn't quite nothing."""
    return f"<{percent(0.01)}" if 0 < share < HALF_A_PERCENT else percent(share)


def rounded_percent(share: float) -> str:
    """The same; what would be rounded to nothing or to everything, and isn't, is said so."""
    if 0 < share < HALF_A_PERCENT:
        return str(gettext("under %(share)s", share=percent(0.01)))
    if 1 - HALF_A_PERCENT < share < 1:
        return str(gettext("over %(share)s", share=percent(0.99)))
    return percent(share)


@lru_cache(maxsize=4096)
def _grouped(value: int, locale: str) -> str:
    """Pages of figures write the same small numbers hundreds of times."""
    return str(format_decimal(value, locale=locale))
