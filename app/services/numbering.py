"""Phone numbers as people write them."""

from __future__ import annotations

import re

import phonenumbers

from app.domain.phone import PhoneNumber

# Digits with what people put between them. No letters: 070-CALLME is somebody's joke, or the wrong column.
_WRITTEN = re.compile(r"[+0-9()\s.\-\u2010-\u2015]{3,40}", re.ASCII)
_NOT_A_NUMBER = "not a phone number"
_SPACES = re.compile(r"\s")


def parse_phone(text: str, default_region: str = "SE") -> PhoneNumber:
    """Read ``070-174 06 40``, ``0046 70…`` or ``+46 (0)70…`` as written in ``default_region``.

    Raises ``ValueError``, whose message holds no number. Whether the number may be rung is another question.
    """
    written = _SPACES.sub(" ", text.strip())
    if not _WRITTEN.fullmatch(written):
        raise ValueError(_NOT_A_NUMBER)
    try:
        number = phonenumbers.parse(written, default_region)
    except phonenumbers.NumberParseException:
        # Its message could quote what was written.
        raise ValueError(_NOT_A_NUMBER) from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_NOT_A_NUMBER)
    return PhoneNumber(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def written(number: PhoneNumber) -> str:
    """A number as it is written in its own country: ``010-223 57 60``. For numbers that may be shown whole."""
    return phonenumbers.format_number(phonenumbers.parse(number.e164), phonenumbers.PhoneNumberFormat.NATIONAL)
